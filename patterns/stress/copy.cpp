// Copy: every rank copies its own data within its memory, all at once and without the network: what a node
// can move at most before any message leaves it. Each rank's own time is kept, on the diagonal of a ranks x
// ranks matrix.
//
// J. D. McCalpin, "Memory bandwidth and machine balance in current high performance computers", IEEE TCCA
// Newsletter, December 1995 (the copy kernel). Rounds 0; nothing is sent.
#include "patterns/contracts.hpp"

namespace podbench {

namespace {

constexpr Series own_times = {
    .length = [](const Problem&) { return 1; },
    .choose = [](Parameters&, int) {},
    .partner = [](const Problem& problem) { return problem.rank; },
};

Cost cost(const Problem&) {
  return {};
}

}  // namespace

extern const Pattern copy_pattern = {
    .name = "copy",
    .summary = "every rank copies its own data within its memory",
    .metric = Metric::bandwidth,
    .input_count = whole_count,
    .output_count = whole_count,
    .contract = [](const Problem& problem) -> std::vector<Piece> {
      return {{0, problem.count, problem.rank, 0}};
    },
    .lower_bound = cost,
    .series = &own_times,
};

extern const Algorithm copy_direct = {
    .pattern = "copy",
    .name = "direct",
    .summary = "one local copy each",
    .source = "McCalpin, IEEE TCCA Newsletter 1995",
    .generate =
        [](const Problem& problem) {
          ScheduleBuilder plan;
          plan.copy(input(0, problem.count), output(0, problem.count));
          return plan.take();
        },
    .cost = cost,
};

}  // namespace podbench
