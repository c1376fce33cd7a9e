#include "analysis/pod/apart_sets.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>
#include <utility>

namespace podbench {
namespace {

constexpr double not_over = 1 + 1e-9;
constexpr std::size_t most_tries = 64;  // of receivers, for one sender in one set
constexpr std::size_t rounds = 3;       // in each of which every port sends and receives

struct End {
  int node, rail;
};

// What all flows that may use an arc ask of it.
struct ArcUse {
  double flows = 0, fastest = 0;  // bit/s
};

class SetMaker {
 public:
  explicit SetMaker(const Pod& pod) : pod_(pod), routes_(pod) {
    for (std::size_t node = 0; node < pod.nodes.size(); ++node)
      for (std::size_t rail = 0; rail < pod.nodes[node].ports.size(); ++rail)
        ends_.push_back({static_cast<int>(node), static_cast<int>(rail)});
  }

  std::vector<std::vector<Flow>> make() {
    std::vector<std::vector<Flow>> sets;
    // Receivers on the other side of the pod come first, as the way there leads over most tiers; then others.
    for (std::size_t round = 0; round < rounds; ++round) {
      distance_ = ends_.size() / 2 + round * (ends_.size() / 8 + 1);
      add_round(sets);
    }
    return sets;
  }

 private:
  void add_round(std::vector<std::vector<Flow>>& sets) {
    std::vector<std::size_t> all(ends_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    std::vector<std::size_t> to_send = all, to_receive = all;
    while (!to_send.empty() || !to_receive.empty()) {
      begin_set();
      fill(to_send, to_receive);
      if (flows_.empty()) fill(to_send, all);
      if (flows_.empty()) fill(all, to_receive);
      if (flows_.empty()) return;  // whoever is left has no new partner over several paths
      std::erase_if(to_send, [&](std::size_t end) { return sends_[end]; });
      std::erase_if(to_receive, [&](std::size_t end) { return receives_[end]; });
      sets.push_back(std::move(flows_));
    }
  }

  void begin_set() {
    flows_.clear();
    sends_.assign(ends_.size(), false);
    receives_.assign(ends_.size(), false);
    uses_.assign(2 * pod_.links.size(), {});
  }

  void fill(const std::vector<std::size_t>& senders, const std::vector<std::size_t>& receivers) {
    for (const std::size_t from : senders) {
      const std::size_t far = (from + distance_) % ends_.size();
      const auto first = static_cast<std::size_t>(std::lower_bound(receivers.begin(), receivers.end(), far) -
                                                  receivers.begin());
      for (std::size_t i = 0; i < std::min(receivers.size(), most_tries); ++i)
        if (add(from, receivers[(first + i) % receivers.size()])) break;
    }
  }

  bool add(std::size_t from, std::size_t to) {
    if (receives_[to] || ends_[from].node == ends_[to].node || met_.contains({from, to})) return false;
    const Flow flow{ends_[from].node, ends_[to].node, ends_[from].rail, ends_[to].rail, 0};
    const std::span<const ArcLoad> loads = routes_.of(flow);
    double rate = std::numeric_limits<double>::infinity();
    for (const ArcLoad& load : loads) rate = std::min(rate, rate_of(pod_, load.arc));
    const auto with_it = [&](const ArcLoad& load) {
      const ArcUse& use = uses_[index_of(load.arc)];
      return ArcUse{use.flows + 1, std::max(use.fastest, rate)};
    };
    const auto fits = [&](const ArcLoad& load) {
      const ArcUse use = with_it(load);
      return use.flows * use.fastest <= rate_of(pod_, load.arc) * not_over;
    };
    if (has_one_path(loads) || !std::all_of(loads.begin(), loads.end(), fits)) return false;
    for (const ArcLoad& load : loads) uses_[index_of(load.arc)] = with_it(load);
    sends_[from] = receives_[to] = true;
    met_.insert({from, to});
    flows_.push_back(flow);
    return true;
  }

  const Pod& pod_;
  Routes routes_;
  std::vector<End> ends_;
  std::set<std::pair<std::size_t, std::size_t>> met_;  // senders and receivers
  std::size_t distance_ = 0;                           // from a sender to its first receiver
  // Of the set that is being made.
  std::vector<Flow> flows_;
  std::vector<bool> sends_, receives_;
  std::vector<ArcUse> uses_;
};

bool may_meet(const Pod& pod, std::span<const std::vector<Flow>> groups) {
  Routes routes(pod);
  return std::any_of(groups.begin(), groups.end(), [&](const std::vector<Flow>& group) {
    const std::vector<double> fair = fair_rates(routes, group), assured = assured_rates(routes, group, fair);
    for (std::size_t f = 0; f < group.size(); ++f)
      if (left_to_hash(fair[f], assured[f])) return true;
    return false;
  });
}

}  // namespace

std::vector<std::vector<Flow>> plan_apart(const Pod& pod, std::span<const std::vector<Flow>> groups) {
  return may_meet(pod, groups) ? SetMaker(pod).make() : std::vector<std::vector<Flow>>{};
}

}  // namespace podbench
