#include "bench/clock/sync.hpp"

#include <algorithm>
#include <thread>

namespace podbench {

ClockSync::ClockSync(Endpoint& endpoint, const Waiter& waiter, std::span<const int> clock_of_rank,
                     const ClockSyncSettings& settings, LocalClock clock)
    : settings_(settings), clock_(clock) {
  for (const ClockPair& pair : clock_pairs(endpoint.rank(), clock_of_rank)) {
    const Waiter until_its_turn(waiter.crowded(), waiter.patience() + pair.round * settings.most);
    partners_.push_back({pair, ClockChannel(endpoint, until_its_turn, pair.peer, clock)});
  }
}

void ClockSync::run(int bursts) {
  for (Partner& partner : partners_) {
    if (partner.pair.asks)
      learn(partner, bursts);
    else
      teach(partner);
  }
}

void ClockSync::teach(Partner& partner) {
  if (partner.pair.measures) partner.channel.answer();
  partner.channel.send_fit(fit_);
}

void ClockSync::learn(Partner& partner, int bursts) {
  if (!partner.pair.measures) {
    fit_ = partner.channel.receive_fit();
    return;
  }
  const ClockFit to_parent = measure(partner.channel, bursts);
  const ClockFit beyond = partner.channel.receive_fit();
  to_parent_ = to_parent.model;
  fit_.model = compose(beyond.model, to_parent.model);
  fit_.residual_ns = beyond.residual_ns + to_parent.residual_ns;
  fit_.bound_ns = beyond.bound_ns + to_parent.bound_ns;
}

ClockFit ClockSync::measure(ClockChannel& channel, int bursts) {
  std::vector<OffsetPoint> fresh;
  const Deadline deadline = Deadline::after(settings_.most);
  for (int burst = 0; burst < bursts && (burst < settings_.refresh_bursts || !deadline.passed()); ++burst) {
    if (burst > 0) std::this_thread::sleep_for(settings_.pause);
    fresh.push_back(quickest(channel.ask(settings_.exchanges)));
  }
  channel.ask_no_more();
  const double foretold_ns = points_.empty() ? 0 : residual_of(to_parent_, fresh);
  points_.insert(points_.end(), fresh.begin(), fresh.end());
  std::erase_if(points_, [oldest = points_.back().at_ns - settings_.memory.count()](
                             const OffsetPoint& point) { return point.at_ns < oldest; });
  ClockFit fit = fit_clock(points_);
  fit.residual_ns = std::max(fit.residual_ns, foretold_ns);
  return fit;
}

}  // namespace podbench
