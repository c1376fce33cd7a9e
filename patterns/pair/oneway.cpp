// One way: a message from the first rank to the last, and as a second problem of the same case one from the
// last to the first. Timed with synchronised clocks, not by an answer, so that a path that is slower one way
// shows.
//
// T. Hoefler, T. Schneider, A. Lumsdaine, "LogGOPSim: simulating large-scale applications in the LogGOPS
// model", HPDC 2010 (L + o of a single message). Rounds 1; the sender sends n.
#include "patterns/pair/pair.hpp"

namespace podbench {

namespace {

constexpr int directions = 2;

bool returns(const Problem& problem) {
  return problem.parameters.round % directions != 0;
}
bool sends(const Problem& problem) {
  return pair::role_of(problem) == (returns(problem) ? pair::Role::last : pair::Role::first);
}
bool receives(const Problem& problem) {
  return pair::role_of(problem) == (returns(problem) ? pair::Role::first : pair::Role::last);
}

std::uint64_t input_count(const Problem& problem) {
  return sends(problem) ? problem.count : 0;
}
std::uint64_t output_count(const Problem& problem) {
  return receives(problem) ? problem.count : 0;
}

Schedule generate(const Problem& problem) {
  ScheduleBuilder plan;
  if (sends(problem))
    plan.send(pair::partner_of(problem), input(0, problem.count));
  else if (receives(problem))
    plan.receive(pair::partner_of(problem), output(0, problem.count));
  return plan.take();
}

std::vector<Piece> contract(const Problem& problem) {
  if (!receives(problem)) return {};
  return {{0, problem.count, pair::partner_of(problem), 0}};
}

Cost cost(const Problem& problem) {
  return {1, static_cast<double>(problem.count)};
}

constexpr Series both_ways = {
    .length = [](const Problem&) { return directions; },
    .choose = [](Parameters& parameters, int direction) { parameters.round = direction; },
    .partner = [](const Problem& problem) { return receives(problem) ? pair::partner_of(problem) : -1; },
    .opposite = true,
};

}  // namespace

extern const Pattern oneway_pattern = {
    .name = "oneway",
    .summary = "one message from rank 0 to the last rank, and one back",
    .metric = Metric::latency,
    .least_ranks = 2,
    .input_count = input_count,
    .output_count = output_count,
    .contract = contract,
    .knobs = knob_round,
    .timed = receives,
    .lower_bound = cost,
    .series = &both_ways,
};

extern const Algorithm oneway_direct = {
    .pattern = "oneway",
    .name = "direct",
    .summary = "one message",
    .source = "Hoefler, Schneider & Lumsdaine, HPDC 2010",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
