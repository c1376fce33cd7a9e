#include "analysis/accept/drawn_paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <map>

#include "analysis/accept/bounds.hpp"

namespace podbench::accept {
namespace {

constexpr double whole = 1 - 1e-9;      // of a flow, but for rounding
constexpr double least_limit = 0.0075;  // a hiccup now and then is nobody's
constexpr double part_of_one = 0.25;    // of what one slow link of several does
constexpr double always = 0.9;          // of a flow's launches

struct Tally {
  std::size_t slow = 0, all = 0;  // launches of flows
  std::size_t slow_flows = 0;     // in some launch
  std::size_t links = 0;          // to choose from
  std::size_t launches = 0;

  void add(const SlowLaunches& flow) {
    const auto times = static_cast<std::size_t>(std::count(flow.slow.begin(), flow.slow.end(), true));
    slow += times;
    slow_flows += times > 0 ? 1u : 0u;
    all += flow.slow.size();
    launches = std::max(launches, flow.slow.size());
  }
  [[nodiscard]] double share() const {
    return all == 0 ? 0 : static_cast<double>(slow) / static_cast<double>(all);
  }
};

bool always_slow(const SlowLaunches& flow) {
  Tally own;
  own.add(flow);
  return own.share() >= always;
}

// The links of a switch to those above it among which a flow has to choose, by way.
std::map<Suspect, std::size_t> choices_of(Routes& routes, const Flow& flow) {
  const Pod& pod = routes.pod();
  const auto tier = [&](int vertex) { return pod.vertices[static_cast<std::size_t>(vertex)].tier; };
  struct Choice {
    double share = 0;
    std::size_t links = 0;
  };
  std::map<Suspect, Choice> found;
  for (const ArcLoad& load : routes.of(flow)) {
    const int tail = tail_of(pod, load.arc), head = head_of(pod, load.arc);
    if (std::min(tier(tail), tier(head)) == 0 || tier(tail) == tier(head)) continue;
    const bool up = tier(head) > tier(tail);
    Choice& choice = found[{SuspectKind::uplinks, up ? Way::out : Way::in, up ? tail : head}];
    choice.share += load.share;
    ++choice.links;
  }
  std::map<Suspect, std::size_t> choices;
  for (const auto& [uplinks, choice] : found)
    if (choice.links > 1 && choice.share > whole) choices[uplinks] = choice.links;
  return choices;
}

Check check_of(const Pod& pod, const Suspect& uplinks, const Tally& tally, double usual) {
  using boost::math::binomial;
  constexpr double error = look_error / static_cast<double>(std::size(looks));
  const auto all = static_cast<double>(tally.all), slow = static_cast<double>(tally.slow);
  const double lo = binomial::find_lower_bound_on_p(all, slow, error);
  const double hi = binomial::find_upper_bound_on_p(all, slow, error);
  const double limit = usual + std::max(least_limit, part_of_one / static_cast<double>(tally.links));
  Check check;
  check.subject = podbench::name_of(pod, uplinks);
  check.what = "slow streams";
  check.unit = "ratio";
  check.limit = limit;
  check.measured = tally.share();
  check.bound = lo > limit ? lo : hi;
  check.limit_from = fmt::format("a quarter of what one slow link of {} does", tally.links);
  check.launches = static_cast<int>(tally.launches);
  check.evidence = fmt::format("{} of {} streams apart were slow, {}; limit {}", tally.slow, tally.all,
                               percent_text(tally.share()), percent_text(limit));
  const bool enough = tally.launches >= static_cast<std::size_t>(looks[0]);
  check.outcome = enough && lo > limit && tally.slow_flows > 1 ? Outcome::fail
                  : enough && hi <= limit                      ? Outcome::pass
                                                               : Outcome::inconclusive;
  return check;
}

}  // namespace

std::vector<Check> check_drawn_paths(const Pod& pod, const std::vector<SlowLaunches>& apart,
                                     const std::vector<SlowLaunches>& usual) {
  Tally without_choice;
  for (const SlowLaunches& flow : usual)
    if (!always_slow(flow)) without_choice.add(flow);
  Routes routes(pod);
  std::map<Suspect, Tally> tallies;
  for (const SlowLaunches& flow : apart) {
    if (always_slow(flow)) continue;
    for (const auto& [uplinks, links] : choices_of(routes, flow.flow)) {
      Tally& tally = tallies[uplinks];
      tally.add(flow);
      tally.links = std::max(tally.links, links);
    }
  }
  std::vector<Check> checks;
  for (const auto& [uplinks, tally] : tallies)
    checks.push_back(check_of(pod, uplinks, tally, without_choice.share()));
  return checks;
}

std::vector<FlowSetSeries> apart_by_launch(const std::vector<FlowSetSeries>& sets) {
  std::vector<FlowSetSeries> launches;
  for (const FlowSetSeries& set : sets) {
    if (!set.apart) continue;
    std::size_t most = 0;
    for (const FlowSeries& flow : set.flows) most = std::max(most, flow.bits_per_second.size());
    for (std::size_t launch = 0; launch < most; ++launch) {
      FlowSetSeries& one = launches.emplace_back(FlowSetSeries{set.name, false, true, {}});
      for (const FlowSeries& flow : set.flows) {
        if (launch >= flow.bits_per_second.size()) continue;
        FlowSeries& now = one.flows.emplace_back(flow);
        now.bits_per_second = {flow.bits_per_second[launch]};
        now.seconds = {flow.seconds[launch]};
        now.tail.clear();
      }
    }
  }
  return launches;
}

}  // namespace podbench::accept
