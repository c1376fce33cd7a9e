#include "analysis/fit/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "analysis/fit/loggp.hpp"
#include "analysis/statistics.hpp"
#include "base/error.hpp"
#include "results/case_index.hpp"

namespace podbench::fit {
namespace {

// What curves of one transport have in common; cases started in different ways measure the same network.
CaseKey transport_key(const CaseKey& key) {
  CaseKey common;
  common.transport = key.transport;
  common.datatype = key.datatype;
  common.ranks = key.ranks;
  common.nodes = key.nodes;
  common.cadence = key.cadence;
  common.buffers = key.buffers;
  return common;
}

// Cases ran in a shuffled order.
void sort_for_reading(std::vector<FittedTransport>& transports) {
  std::stable_sort(transports.begin(), transports.end(), [](const auto& a, const auto& b) {
    return std::tie(a.key.transport, a.key.ranks, a.key.datatype, a.key.cadence) <
           std::tie(b.key.transport, b.key.ranks, b.key.datatype, b.key.cadence);
  });
  for (FittedTransport& transport : transports)
    std::stable_sort(transport.curves.begin(), transport.curves.end(), [](const auto& a, const auto& b) {
      return std::pair(a.curve.measures, a.curve.name()) < std::pair(b.curve.measures, b.curve.name());
    });
}

}  // namespace

std::string FittedTransport::name() const {
  std::string name = key.transport;
  if (!key.datatype.empty()) name += "/" + key.datatype;
  name += fmt::format("/ranks:{}", key.ranks);
  if (key.nodes > 1) name += fmt::format("/nodes:{}", key.nodes);
  if (key.cadence != "isolated") name += "/" + key.cadence;
  if (key.buffers != "transport") name += "/" + key.buffers;
  return name;
}

double FittedRun::held_out_error() const {
  std::vector<double> errors;
  for (const FittedTransport& transport : transports)
    for (const FittedCurve& fitted : transport.curves)
      for (const FittedPoint& point : fitted.points)
        if (point.held_out) errors.push_back(std::abs(point.residual()));
  std::sort(errors.begin(), errors.end());
  return quantile(errors, 0.5);
}

FittedRun fit_run(const Run& run, const std::string& source, const Options& options) {
  Measured measured = fit::measured(run);
  FittedRun fitted{source, run.run, {}, std::move(measured.notes)};
  CaseIndex index;
  for (const Curve& curve : measured.curves) {
    if (curve.points.size() < 2) {
      fitted.notes.push_back(fmt::format("{} is left out: it has one size only", curve.name()));
      continue;
    }
    const CaseKey key = transport_key(curve.key);
    const std::size_t row = index.add(key);
    if (row == fitted.transports.size()) fitted.transports.push_back({key, {}, {}});
    fitted.transports[row].curves.push_back(fit_curve(curve, options));
  }
  if (fitted.transports.empty())
    throw RequestError(
        fmt::format("{} has no pingpong, oneway, pairs, bandwidth or message_rate case at two sizes; measure "
                    "some, such as "
                    "podbench run --pattern pingpong --bytes 8:4Mi:x2",
                    source));
  sort_for_reading(fitted.transports);
  for (FittedTransport& transport : fitted.transports) transport.loggp = fit_loggp(transport.curves, options);
  return fitted;
}

}  // namespace podbench::fit
