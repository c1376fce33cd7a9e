// Keeps every rank's clock related to rank 0's, over the transport under test.
//
//   ClockSync sync(endpoint, waiter, clock_of_rank);
//   sync.synchronise();                      // all ranks, once at first
//   ... from time to time, all ranks: sync.refresh();
//   start = sync.to_own(announced_start);    // when this rank's clock must show what rank 0 announced
//
// Pairs along a tree (tree.hpp) exchange readings in bursts a few milliseconds apart; each asker fits a line
// to the quickest exchange of every burst (model.hpp) and composes it with what its parent knows. Cost:
// synchronise() takes settings.bursts * settings.pause in each of ceil(log2 clocks) rounds, and little more
// than settings.most where exchanges are slow.
// Thread-safety: one thread, the endpoint's. Errors: as ClockChannel. Lifetime: the endpoint outlives it.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <vector>

#include "bench/clock/exchange.hpp"
#include "bench/clock/tree.hpp"

namespace podbench {

struct ClockSyncSettings {
  int bursts = 20;         // of synchronise(): points of the first line
  int refresh_bursts = 2;  // of refresh()
  int exchanges = 25;      // a burst
  std::chrono::nanoseconds pause = std::chrono::milliseconds(5);  // from burst to burst
  // Of one pair: lost packets cost exchanges a fifth of a second each, and a rank must not wait for its turn
  // until it believes that the pairs before it hang.
  std::chrono::nanoseconds most = std::chrono::milliseconds(500);
  std::chrono::nanoseconds memory = std::chrono::seconds(60);  // older points are forgotten: rates change
};

class ClockSync {
 public:
  // clock_of_rank[r] is equal for ranks that read the same clock (those of one node).
  ClockSync(Endpoint& endpoint, const Waiter& waiter, std::span<const int> clock_of_rank,
            const ClockSyncSettings& settings = {}, LocalClock clock = {});

  // Collective, with the same settings on all ranks.
  void synchronise() { run(settings_.bursts); }
  // Collective: some more points, and the line drawn anew through all that are not too old.
  void refresh() { run(settings_.refresh_bursts); }

  // Between this rank's clock and rank 0's.
  [[nodiscard]] std::int64_t to_root(std::int64_t own_ns) const noexcept {
    return fit_.model.to_other(own_ns);
  }
  [[nodiscard]] std::int64_t to_own(std::int64_t root_ns) const noexcept {
    return fit_.model.to_own(root_ns);
  }
  [[nodiscard]] const LocalClock& clock() const noexcept { return clock_; }

  // 95% of what was measured lay nearer than this, summed along the tree; where there was an earlier line,
  // also of what that line had foretold. And what no asymmetry of the paths can exceed.
  [[nodiscard]] double residual_ns() const noexcept { return fit_.residual_ns; }
  [[nodiscard]] double bound_ns() const noexcept { return fit_.bound_ns; }

 private:
  struct Partner {
    ClockPair pair;
    ClockChannel channel;
  };
  void run(int bursts);
  void learn(Partner& partner, int bursts);
  [[nodiscard]] ClockFit measure(ClockChannel& channel, int bursts);
  void teach(Partner& partner);

  ClockSyncSettings settings_;
  LocalClock clock_;
  std::vector<Partner> partners_;
  std::vector<OffsetPoint> points_;  // against the parent, oldest first
  ClockModel to_parent_;
  ClockFit fit_;  // to rank 0
};

}  // namespace podbench
