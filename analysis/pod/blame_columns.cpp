#include "analysis/pod/blame_columns.hpp"

#include <algorithm>

namespace podbench {
namespace {

struct BySights {
  bool operator()(const Column* a, const Column* b) const { return *a < *b; }
};

// Latencies are of flows that load nothing.
SetLoads loads_of(Routes& routes, const FlowSet& set) {
  std::vector<Flow> flows;
  std::vector<double> rates;
  for (const MeasuredFlow& measured : set.flows) {
    flows.push_back(measured.flow);
    rates.push_back(measured.expected);
  }
  return {routes, flows, rates};
}

}  // namespace

BlameColumns blame_columns(Routes& routes, std::span<const FlowSet> sets, BlamedQuantity quantity) {
  const Pod& pod = routes.pod();
  const SuspectCatalogue catalogue(pod);
  BlameColumns result;
  result.arc_measurements.assign(2 * pod.links.size(), 0);
  std::map<Suspect, Column> columns;
  for (const FlowSet& set : sets) {
    const SetLoads loads = loads_of(routes, set);
    for (const MeasuredFlow& measured : set.flows) {
      const auto number = static_cast<std::uint32_t>(result.measurements.size());
      result.measurements.push_back(&measured);
      for (const ArcLoad& load : routes.of(measured.flow)) ++result.arc_measurements[index_of(load.arc)];
      for (const Exposure& met : catalogue.met_by(routes, measured.flow, measured.expected, loads))
        columns[met.suspect].push_back({number, static_cast<float>(met.share),
                                        quantity == BlamedQuantity::latency ? Notice{} : met.notice});
    }
  }
  std::map<const Column*, std::size_t, BySights> classes;
  for (auto& [suspect, column] : columns) {
    const auto [place, fresh] = classes.try_emplace(&column, result.suspects.size());
    if (fresh) result.suspects.emplace_back();
    result.suspects[place->second].push_back(suspect);
    result.class_of.emplace(suspect, place->second);
  }
  result.columns.resize(result.suspects.size());
  for (const auto& [column, number] : classes) result.columns[number] = *column;
  return result;
}

}  // namespace podbench
