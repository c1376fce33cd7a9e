// Pairs: one round of a tournament in which every two ranks meet once. In a round all pairs play ping-pong at
// the same time, and each rank's own time belongs to its pair; all rounds together fill a ranks x ranks
// matrix.
//
// R. Hockney, "The communication challenge for MPP: Intel Paragon and Meiko CS-2", Parallel Computing 20(3),
// 1994 (the ping-pong); the rounds: tournament.hpp. Rounds 2; sent per rank n.
#include "patterns/contracts.hpp"
#include "patterns/stress/tournament.hpp"

namespace podbench {

namespace {

int partner_of(const Problem& problem) {
  return tournament_partner(problem.ranks, problem.parameters.round, problem.rank);
}
std::uint64_t count(const Problem& problem) {
  return partner_of(problem) >= 0 ? problem.count : 0;
}

Schedule generate(const Problem& problem) {
  const int partner = partner_of(problem);
  const Range ping = input(0, problem.count), pong = output(0, problem.count);
  ScheduleBuilder plan;
  if (partner > problem.rank)
    plan.send(partner, ping).end_step().receive(partner, pong);
  else if (partner >= 0)
    plan.receive(partner, pong).end_step().send(partner, ping);
  return plan.take();
}

std::vector<Piece> contract(const Problem& problem) {
  if (partner_of(problem) < 0) return {};
  return {{0, problem.count, partner_of(problem), 0}};
}

Cost cost(const Problem& problem) {
  return {2, static_cast<double>(problem.count)};
}

constexpr Series rounds = {
    .length = [](const Problem& problem) { return tournament_rounds(problem.ranks); },
    .choose = [](Parameters& parameters, int round) { parameters.round = round; },
    .partner = partner_of,
};

}  // namespace

extern const Pattern pairs_pattern = {
    .name = "pairs",
    .summary = "ping-pong of all pairs of one round of a tournament",
    .metric = Metric::latency,
    .least_ranks = 2,
    .input_count = count,
    .output_count = count,
    .contract = contract,
    .knobs = knob_round,
    .operations = [](const Problem&) { return 2; },
    .lower_bound = cost,
    .series = &rounds,
};

extern const Algorithm pairs_direct = {
    .pattern = "pairs",
    .name = "direct",
    .summary = "disjoint pairs at once",
    .source = "Hockney, Parallel Computing 1994",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
