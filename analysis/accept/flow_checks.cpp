#include "analysis/accept/flow_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

#include "analysis/accept/checks.hpp"
#include "analysis/accept/drawn_paths.hpp"
#include "analysis/accept/fleet.hpp"
#include "analysis/accept/stage_judges.hpp"
#include "analysis/statistics.hpp"

namespace podbench::accept {
namespace {

constexpr double tail_distance = 1.0;        // a tail twice as long as the fleet's is worth a word
constexpr double least_uncertainty = 0.005;  // of a median over launches, relative
constexpr double median_se = 1.2533;         // of a Gaussian median, in standard errors of the mean
constexpr double deviations_a_mad = 1.4826;
constexpr double fast_end = 0.05;
constexpr double common_shortfall = 0.10;  // of all flows, worth a note

std::vector<int> ends_of(const FlowSeries& flow) {
  return {flow.flow.from_node, flow.flow.to_node};
}

// How far a launch of a flow is from its median, relative: the typical deviation over so many launches.
double deviation_of(const FlowSeries& flow) {
  const double middle = median(flow.seconds);
  std::vector<double> off;
  for (const double time : flow.seconds) off.push_back(std::abs(time / middle - 1));
  return deviations_a_mad * median(off);
}

// How far flows are known, relative: the median of what `error` says of each that has several launches.
template <typename Error>
double uncertainty_of(const std::vector<FlowSetSeries>& sets, Error error) {
  std::vector<double> errors;
  for (const FlowSetSeries& set : sets)
    for (const FlowSeries& flow : set.flows)
      if (flow.seconds.size() > 1) errors.push_back(error(flow));
  return errors.empty() ? least_uncertainty : std::max(least_uncertainty, median(errors));
}

double error_of_median(const FlowSeries& flow) {
  return median_se * deviation_of(flow) / std::sqrt(static_cast<double>(flow.seconds.size()));
}

// How far flows fall short of their fair shares. `common`: all of them, as the fast end shows, where one slow
// switch does not reach that slows most of them.
struct Shortfall : Fleet {
  double common = 0;
};

// One kind of figure of all flows: judged against the fleet's median, and remembered for the blame.
class FlowJudge {
 public:
  FlowJudge(const RunView& view, const std::set<int>& slow, StageReport& report)
      : view_(view), limits_(view.pod().limits), slow_(slow), report_(report) {}

  void streams(const std::vector<FlowSetSeries>& sets, const std::vector<FlowSetSeries>& background) {
    if (sets.empty()) return;
    say_what_a_hash_decides(sets);
    const Shortfall fleet = shortfall_of(sets);
    std::vector<WitnessSet> witnesses;
    bool failed = false;
    for (const FlowSetSeries& set : sets) {
      WitnessSet& own = witnesses.emplace_back(WitnessSet{&set, {}});
      for (const FlowSeries& flow : set.flows) own.witnesses.push_back(stream(set, flow, fleet, failed));
    }
    const Shortfall before = background.empty() ? fleet : shortfall_of(background);
    for (const FlowSetSeries& set : background) {
      WitnessSet& own = witnesses.emplace_back(WitnessSet{&set, {}});
      for (const FlowSeries& flow : set.flows) own.witnesses.push_back(witness_of(flow, before));
    }
    Investigation found = investigate(view_, witnesses, Symptom::slow, uncertainty_of(sets, error_of_median));
    say_smallest(found, fleet);
    if (fleet.common > -std::log1p(-common_shortfall))
      report_.notes.push_back(fmt::format(
          "all flows together reach {} of what the pod file declares: a common cause (MTU, settings, "
          "processors, declared rates) rather than a part",
          percent_text(std::exp(-fleet.common))));
    if (failed) suspect(std::move(found.suspicions));
    draws(sets, fleet, background, before);
  }

  void tails(const std::vector<FlowSetSeries>& sets) {
    std::vector<FleetMember> members;
    for (const FlowSetSeries& set : sets)
      for (const FlowSeries& flow : set.flows)
        if (!flow.tail.empty()) members.push_back(member_of(ends_of(flow), flow.tail));
    if (members.size() < 2) return;
    const Fleet fleet = fleet_of(members);
    const double limit = std::exp(fleet.limit(tail_distance));
    std::vector<WitnessSet> witnesses;
    std::vector<FlowSetSeries> with_tails;
    for (const FlowSetSeries& set : sets) {
      FlowSetSeries& kept = with_tails.emplace_back(FlowSetSeries{set.name, set.again, set.apart, {}});
      for (const FlowSeries& flow : set.flows)
        if (!flow.tail.empty()) kept.flows.push_back(flow);
    }
    bool any = false;
    for (const FlowSetSeries& set : with_tails) {
      WitnessSet& own = witnesses.emplace_back(WitnessSet{&set, {}});
      for (const FlowSeries& flow : set.flows) {
        const bool failed =
            judge({subject(set, flow), "p99 / median", "ratio", Limit::at_most, limit, "fleet's median"},
                  flow.tail);
        const double time = median(flow.seconds);
        own.witnesses.push_back({time * std::exp(fleet.centre), time * median(flow.tail), failed});
        any = any || failed;
      }
    }
    if (any) suspect(investigate(view_, witnesses, Symptom::tail, std::max(0.05, fleet.spread)).suspicions);
  }

  void latencies(const std::vector<FlowSetSeries>& sets) {
    if (sets.empty()) return;
    std::map<int, std::vector<FleetMember>> by_hops;
    for (const FlowSetSeries& set : sets)
      for (const FlowSeries& flow : set.flows)
        by_hops[flow.hops].push_back(member_of(ends_of(flow), flow.seconds));
    const bool shared = view_.cores_are_shared();
    if (shared)
      report_.notes.push_back(
          "ranks share cores on some node: the scheduler decides latencies, so that they are not judged "
          "beside the fleet");
    std::map<int, Fleet> fleets;
    for (const auto& [hops, members] : by_hops) fleets[hops] = fleet_of(members);
    std::vector<WitnessSet> witnesses;
    bool any = false;
    for (const FlowSetSeries& set : sets) {
      WitnessSet& own = witnesses.emplace_back(WitnessSet{&set, {}});
      for (const FlowSeries& flow : set.flows) {
        const Fleet& fleet = fleets.at(flow.hops);
        own.witnesses.push_back(
            {std::exp(fleet.centre), median(flow.seconds), latency(flow, fleet, !shared)});
        any = any || own.witnesses.back().failed;
      }
    }
    if (any && !shared)
      suspect(investigate(view_, witnesses, Symptom::late, uncertainty_of(sets, error_of_median)).suspicions);
  }

  void finish() {
    add_checks(std::move(checks_), report_);
    add_suspicions(view_, std::move(suspicions_), slow_, report_);
  }

 private:
  [[nodiscard]] std::string subject(const FlowSetSeries& set, const FlowSeries& flow) const {
    return set.name.starts_with("round") ? view_.name(flow.flow)
                                         : fmt::format("{} ({})", view_.name(flow.flow), set.name);
  }

  // Of flows with one path, where there are any: what a hash decides says nothing of the others.
  static Shortfall shortfall_of(const std::vector<FlowSetSeries>& sets) {
    const auto has_one_path = [](const FlowSeries& flow) { return !flow.left_to_hash(); };
    const bool by_those = std::any_of(sets.begin(), sets.end(), [&](const FlowSetSeries& set) {
      return !set.again && std::any_of(set.flows.begin(), set.flows.end(), has_one_path);
    });
    std::vector<FleetMember> members;
    std::vector<double> all;
    for (const FlowSetSeries& set : sets)
      for (const FlowSeries& flow : set.flows) {
        if (by_those && flow.left_to_hash()) continue;
        std::vector<double> times_too_slow;
        for (const double rate : flow.bits_per_second)
          times_too_slow.push_back(flow.assured_bits_per_second / of_what_is_assured(flow, rate));
        members.push_back(member_of(ends_of(flow), times_too_slow));
        if (!set.again) all.push_back(members.back().badness);
      }
    std::sort(all.begin(), all.end());
    return {fleet_of(members), std::max(0.0, quantile(all, fast_end))};
  }

  // `fleet`: where the limit does not follow it already.
  bool judge(Question question, const std::vector<double>& values, const Fleet& fleet = {}) {
    Check check = check_of(std::move(question), values);
    if (check.outcome == Outcome::fail && fleet.doubts(std::abs(std::log(check.measured / check.limit)))) {
      check.outcome = Outcome::inconclusive;
      check.evidence += fmt::format("; in doubt, as launches scatter by {}: others use the machines",
                                    percent_text(fleet.scatter));
    }
    checks_.push_back(std::move(check));
    return checks_.back().outcome == Outcome::fail;
  }

  // Where a hash decides who meets whom, what a flow gets beyond what is assured is luck.
  static double of_what_is_assured(const FlowSeries& flow, double bits_per_second) {
    return flow.left_to_hash() ? std::min(bits_per_second, flow.assured_bits_per_second) : bits_per_second;
  }

  [[nodiscard]] std::vector<bool> slow_launches(const FlowSeries& flow, const Shortfall& fleet) const {
    const double limit = flow.assured_bits_per_second * std::exp(-fleet.limit(limits_.distance_from_median));
    std::vector<bool> slow;
    for (const double rate : flow.bits_per_second) slow.push_back(rate < limit);
    return slow;
  }

  // Of the sets apart, launch by launch.
  void draws(const std::vector<FlowSetSeries>& sets, const Shortfall& fleet,
             const std::vector<FlowSetSeries>& background, const Shortfall& before) {
    if (std::none_of(sets.begin(), sets.end(), [](const FlowSetSeries& set) { return set.apart; })) return;
    std::vector<SlowLaunches> apart, usual;
    for (const FlowSetSeries& set : sets)
      for (const FlowSeries& flow : set.flows)
        if (set.apart || flow.one_path)
          (set.apart ? apart : usual).push_back({flow.flow, slow_launches(flow, fleet)});
    for (const FlowSetSeries& set : background)
      for (const FlowSeries& flow : set.flows)
        if (flow.one_path) usual.push_back({flow.flow, slow_launches(flow, before)});
    std::vector<Check> found = check_drawn_paths(view_.pod(), apart, usual);
    const bool failed = std::any_of(found.begin(), found.end(),
                                    [](const Check& check) { return check.outcome == Outcome::fail; });
    std::move(found.begin(), found.end(), std::back_inserter(checks_));
    if (failed) blame_launches(apart_by_launch(sets), fleet, uncertainty_of(sets, deviation_of));
  }

  // Of sets with one launch each.
  void blame_launches(const std::vector<FlowSetSeries>& sets, const Shortfall& fleet, double uncertainty) {
    std::vector<WitnessSet> witnesses;
    for (const FlowSetSeries& set : sets) {
      WitnessSet& own = witnesses.emplace_back(WitnessSet{&set, {}});
      for (const FlowSeries& flow : set.flows)
        own.witnesses.push_back({flow.assured_bits_per_second * std::exp(-fleet.common),
                                 flow.bits_per_second.front(), slow_launches(flow, fleet).front()});
    }
    suspect(investigate(view_, witnesses, Symptom::slow, uncertainty).suspicions);
  }

  // What all flows fall short of alike is nobody's fault.
  [[nodiscard]] Witness witness_of(const FlowSeries& flow, const Shortfall& fleet) const {
    const double fair = flow.assured_bits_per_second;
    const double expected = fair * std::exp(-fleet.common);
    double measured = median(flow.bits_per_second);
    if (flow.left_to_hash()) measured = std::min(measured, fair * std::exp(-fleet.centre));  // as a usual one
    const auto fails = [&](double limit) {
      return judge_median(flow.bits_per_second, Limit::at_least, limit).outcome == Outcome::fail;
    };
    const double declared = limits_.share_of_rate * fair;
    return {expected, measured,
            (fails(declared) && !fleet.doubts(std::log(declared / measured))) ||
                fails(fair * std::exp(-fleet.limit(limits_.distance_from_median)))};
  }

  Witness stream(const FlowSetSeries& set, const FlowSeries& flow, const Shortfall& fleet, bool& any_failed) {
    std::vector<double> rates;
    for (const double bits : flow.bits_per_second) rates.push_back(bits / 8);
    const double fair = flow.assured_bits_per_second / 8;
    judge({subject(set, flow), "bandwidth", "B/s", Limit::at_least, limits_.share_of_rate * fair, "pod file"},
          rates, fleet);
    judge({subject(set, flow), "bandwidth beside the fleet", "B/s", Limit::at_least,
           fair * std::exp(-fleet.limit(limits_.distance_from_median)), "fleet's median"},
          rates);
    const Witness witness = witness_of(flow, fleet);
    any_failed = any_failed || witness.failed;
    return witness;
  }

  bool latency(const FlowSeries& flow, const Fleet& fleet, bool beside_the_fleet) {
    const std::string name = view_.name(flow.flow.from_node, flow.flow.from_rail) + " - " +
                             view_.name(flow.flow.to_node, flow.flow.to_rail);
    const double limit = std::exp(fleet.limit(limits_.latency_distance));
    // Both directions of a pair are one measurement.
    if (flow.flow.from_node > flow.flow.to_node)
      return judge_median(flow.seconds, Limit::at_most, limit).outcome == Outcome::fail;
    bool failed =
        beside_the_fleet &&
        judge({name, "latency beside the fleet", "s", Limit::at_most, limit, "fleet's median"}, flow.seconds);
    if (limits_.latency_s)
      failed = judge({name, "latency", "s", Limit::at_most, *limits_.latency_s, "pod file"}, flow.seconds,
                     fleet) ||
               failed;
    return failed;
  }

  void suspect(std::vector<Suspicion> more) {
    for (Suspicion& one : more)
      if (!explained(view_.pod(), one, suspicions_)) suspicions_.push_back(std::move(one));
  }

  void say_what_a_hash_decides(const std::vector<FlowSetSeries>& sets) {
    std::size_t all = 0, left_to_hash = 0;
    for (const FlowSetSeries& set : sets)
      for (const FlowSeries& flow : set.flows) {
        ++all;
        left_to_hash += flow.left_to_hash() ? 1 : 0;
      }
    if (left_to_hash > 0)
      report_.notes.push_back(fmt::format(
          "a hash decides on the paths of {} of {} flows: they are held to what is left where all that may "
          "meet do",
          left_to_hash, all));
  }

  // Of one link direction alone, by the solver and by the limits.
  void say_smallest(const Investigation& found, const Fleet& fleet) {
    std::vector<std::pair<double, std::size_t>> effects;
    const double by_limits = std::exp(fleet.limit(limits_.distance_from_median) - fleet.centre);
    for (std::size_t arc = 0; arc < found.arc_measurements.size(); ++arc)
      if (found.arc_measurements[arc] > 0)
        effects.emplace_back(std::max(found.arc_smallest_effect[arc], by_limits), arc);
    if (effects.empty()) return;
    std::sort(effects.begin(), effects.end());
    const auto [worst, at] = effects.back();
    const Arc arc = arc_of(at);
    const auto slower = [](double effect) {
      return std::isfinite(effect) ? percent_text(effect - 1) : std::string("any amount less than dead");
    };
    report_.smallest_caught = fmt::format(
        "a link direction slower by {} (the median one); the hardest to see, {}, by {}",
        slower(effects[effects.size() / 2].first),
        name_of(view_.pod(), Suspect{SuspectKind::cable, arc.backwards ? Way::in : Way::out, arc.link}),
        slower(worst));
  }

  const RunView& view_;
  const PodLimits& limits_;
  const std::set<int>& slow_;
  StageReport& report_;
  std::vector<Check> checks_;
  std::vector<Suspicion> suspicions_;
};

}  // namespace

void judge_flows(const RunView& view, const FlowEvidence& evidence, const std::set<int>& slow,
                 StageReport& report) {
  static const std::vector<FlowSetSeries> none;
  FlowJudge judge(view, slow, report);
  const auto& streams = evidence.streams == nullptr ? none : *evidence.streams;
  const auto& background = evidence.background == nullptr ? none : *evidence.background;
  judge.tails(streams);
  judge.streams(streams, background);
  judge.latencies(evidence.ping_pongs == nullptr ? none : *evidence.ping_pongs);
  judge.finish();
}

}  // namespace podbench::accept
