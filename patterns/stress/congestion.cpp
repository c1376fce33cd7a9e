// Congestion: the even ranks are victims, who play ping-pong with one element across the middle; the odd
// ranks are aggressors, who at the same time pass windows of messages around a ring of their own. Only the
// victims' ends count. Impact factor = a victim's time with aggressors / its time without.
//
// S. Chunduri, T. Groves, P. Mendygral, B. Austin, J. Balma, K. Kandalla, K. Kumaran, G. Lockwood, S. Parker,
// S. Warren, N. Wichmann, N. Wright, "GPCNeT: designing a benchmark suite for inducing and measuring
// contention in HPC networks", SC 2019. Rounds 16 (eight round trips); an aggressor sends window x n.
#include <algorithm>

#include "patterns/contracts.hpp"

namespace podbench {

namespace {

constexpr int round_trips = 8;
constexpr std::uint64_t victim_count = 1;

bool is_victim(const Problem& problem) {
  return problem.rank % 2 == 0;
}
int victims(const Problem& problem) {
  return (problem.ranks + 1) / 2;
}
int aggressors(const Problem& problem) {
  return problem.ranks / 2;
}

// A victim's partner half of the victims away; -1 for the last one of an odd number.
int partner_of(const Problem& problem) {
  const int half = victims(problem) / 2, place = problem.rank / 2;
  if (place >= 2 * half) return -1;
  return 2 * (place < half ? place + half : place - half);
}
// The aggressor `steps` further on their ring.
int aggressor_at(const Problem& problem, int steps) {
  return 2 * wrap_rank(problem.rank / 2 + steps, aggressors(problem)) + 1;
}

std::uint64_t count(const Problem& problem) {
  if (is_victim(problem)) return partner_of(problem) >= 0 ? victim_count : 0;
  return problem.parameters.aggressors ? problem.count : 0;
}

Schedule generate(const Problem& problem) {
  const Range mine = input(0, count(problem)), theirs = output(0, count(problem));
  ScheduleBuilder plan;
  if (!is_victim(problem)) {
    for (int i = 0; i < problem.parameters.window; ++i) {
      plan.receive(aggressor_at(problem, -1), theirs).repeated();
      plan.send(aggressor_at(problem, 1), mine);
    }
    return plan.take();
  }
  const int partner = partner_of(problem);
  for (int trip = 0; trip < round_trips; ++trip)
    if (partner > problem.rank)
      plan.send(partner, mine).end_step().receive(partner, theirs).end_step();
    else
      plan.receive(partner, theirs).end_step().send(partner, mine).end_step();
  return plan.take();
}

std::vector<Piece> contract(const Problem& problem) {
  const int source = is_victim(problem) ? partner_of(problem) : aggressor_at(problem, -1);
  return {{0, count(problem), source, 0}};
}

Cost cost(const Problem& problem) {
  const double flood =
      problem.parameters.aggressors ? static_cast<double>(problem.count) * problem.parameters.window : 0;
  return {2 * round_trips, std::max(flood, static_cast<double>(round_trips * victim_count))};
}

constexpr Series rest_and_load = {
    .length = [](const Problem&) { return 2; },
    .choose = [](Parameters& parameters, int index) { parameters.aggressors = index == 1; },
};

}  // namespace

extern const Pattern congestion_pattern = {
    .name = "congestion",
    .summary = "ping-pong of the even ranks while the odd ranks flood the network",
    .metric = Metric::latency,
    .least_ranks = 4,
    .input_count = count,
    .output_count = count,
    .contract = contract,
    .knobs = knob_window | knob_aggressors,
    .operations = [](const Problem&) { return 2 * round_trips; },
    .timed = is_victim,
    .lower_bound = cost,
    .series = &rest_and_load,
};

extern const Algorithm congestion_direct = {
    .pattern = "congestion",
    .name = "direct",
    .summary = "victims and aggressors at once",
    .source = "Chunduri et al., SC 2019",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
