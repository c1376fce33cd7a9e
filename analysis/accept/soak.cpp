// Stage 7: whether the pod stays as it is: drift over the repetitions, and flows that break in between, and
// what the nodes' sensors say.
//
// Drift is Mann–Kendall's trend at 0.1% over the repetitions together with a difference of the first and the
// last third beyond the pod's distance from the median. A flow that flaps takes twice its own median again
// and again while others do not.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/accept/checks.hpp"
#include "analysis/accept/flow_checks.hpp"
#include "analysis/accept/scale.hpp"
#include "analysis/accept/sensors.hpp"
#include "analysis/accept/stage_judges.hpp"
#include "analysis/statistics.hpp"

namespace podbench::accept {
namespace {

constexpr std::size_t least_repetitions = 9;  // thirds of three
constexpr double drift_p = 0.001;
constexpr double broken_factor = 2;
constexpr std::size_t least_breaks = 3;

struct Drift {
  bool found = false;
  double change = 0;  // relative, of the last third over the first
};

Drift drift_of(const std::vector<double>& values, double least) {
  const std::size_t third = values.size() / 3;
  const double first = median({values.begin(), values.begin() + static_cast<std::ptrdiff_t>(third)});
  const double last = median({values.end() - static_cast<std::ptrdiff_t>(third), values.end()});
  const double change = last / first - 1;
  return {std::abs(change) > least && trend(values).p_value < drift_p, change};
}

std::size_t breaks_in(const std::vector<double>& seconds) {
  const double usual = median(seconds);
  return static_cast<std::size_t>(std::count_if(seconds.begin(), seconds.end(),
                                                [&](double time) { return time > broken_factor * usual; }));
}

class Soak {
 public:
  Soak(const RunView& view, const std::set<int>& slow) : view_(view), slow_(slow) {
    report_.stage = Stage::soak;
  }

  StageReport report() {
    for (const CaseSeries& series : view_.series(Stage::soak)) {
      if (!timed(series)) continue;
      std::vector<double> values;
      for (const CaseRecord* record : series.launches) values.push_back(median_seconds(*record));
      check_drift(name_of(series), values);
    }
    flows();
    if (!view_.records(Stage::soak).empty()) add_sensor_checks(view_, report_);
    return std::move(report_);
  }

 private:
  void check_drift(const std::string& subject, const std::vector<double>& values) {
    if (values.size() < least_repetitions) {
      report_.checks.push_back(plain_check(
          subject, "steady", Outcome::inconclusive, "its own start",
          fmt::format("{} repetitions, {} are needed to see drift", values.size(), least_repetitions)));
      return;
    }
    const double least = view_.pod().limits.distance_from_median;
    const Drift drift = drift_of(values, least);
    const bool slower = drift.found && drift.change > 0;
    Check check = plain_check(subject, "steady", slower ? Outcome::fail : Outcome::pass, "its own start",
                              fmt::format("the last third takes {} {} than the first, limit {}",
                                          percent_text(std::abs(drift.change)),
                                          drift.change > 0 ? "longer" : "less", percent_text(least)));
    check.unit = "ratio", check.limit = 1 + least, check.measured = check.bound = 1 + drift.change;
    check.launches = static_cast<int>(values.size());
    report_.checks.push_back(std::move(check));
  }

  // A flow that breaks now and then is blamed by its mean rate, which its median hides.
  void flows() {
    const std::vector<FlowSetSeries> sets = stream_sets(view_, Stage::soak);
    if (sets.empty()) return;
    std::vector<WitnessSet> witnesses;
    bool broken = false;
    for (const FlowSetSeries& set : sets) {
      WitnessSet& own = witnesses.emplace_back(WitnessSet{&set, {}});
      for (const FlowSeries& flow : set.flows) {
        const std::size_t breaks = breaks_in(flow.seconds);
        const bool failed = breaks >= least_breaks;
        broken = broken || failed;
        if (failed || flow.seconds.size() < least_repetitions)
          report_.checks.push_back(
              plain_check(view_.name(flow.flow), "does not break",
                          failed ? Outcome::fail : Outcome::inconclusive, "its median",
                          fmt::format("{} of {} repetitions took over {} times its median", breaks,
                                      flow.seconds.size(), broken_factor)));
        else
          steady_.push_back(&flow);
        double sum = 0;
        for (const double time : flow.seconds) sum += time;
        own.witnesses.push_back(
            {median(flow.seconds), sum / static_cast<double>(flow.seconds.size()), failed});
      }
    }
    if (!steady_.empty())
      report_.checks.push_back(plain_check(fmt::format("{} flows", steady_.size()), "does not break",
                                           Outcome::pass, "its median",
                                           "no flow took twice its median again and again"));
    if (broken)
      add_suspicions(view_, investigate(view_, witnesses, Symptom::tail, 0.05).suspicions, slow_, report_);
  }

  const RunView& view_;
  const std::set<int>& slow_;
  StageReport report_;
  std::vector<const FlowSeries*> steady_;
};

}  // namespace

StageReport judge_soak(const RunView& view, const std::set<int>& slow) {
  return Soak(view, slow).report();
}

}  // namespace podbench::accept
