// Random ring: ranks in a seeded random order around a ring exchange with both neighbours at once, half of
// the data each way; on a network that is not flat, most neighbours are far.
//
// R. Rabenseifner, A. Koniges, "Effective communication and file-I/O bandwidth benchmarks", EuroPVM/MPI 2001
// (b_eff's random rings). Rounds 1; sent per rank n.
#include <algorithm>
#include <numeric>

#include "base/random.hpp"
#include "patterns/contracts.hpp"

namespace podbench {

namespace {

struct Neighbours {
  int before, after;

  explicit Neighbours(const Problem& problem) {
    std::vector<int> ring(static_cast<std::size_t>(problem.ranks));
    std::iota(ring.begin(), ring.end(), 0);
    Random(problem.parameters.seed).shuffle(std::span(ring));
    const auto own = static_cast<std::size_t>(std::ranges::find(ring, problem.rank) - ring.begin());
    after = ring[(own + 1) % ring.size()];
    before = ring[(own + ring.size() - 1) % ring.size()];
  }
};

// The half that goes to the rank after, and the one that goes to the rank before.
Block forward(const Problem& problem) {
  return block_of(problem.count, 2, 0);
}
Block backward(const Problem& problem) {
  return block_of(problem.count, 2, 1);
}
// With two ranks both neighbours are one; the tag tells the directions apart.
constexpr std::uint16_t forward_tag = 0, backward_tag = 1;

Schedule generate(const Problem& problem) {
  const Neighbours ring(problem);
  ScheduleBuilder plan;
  plan.send(ring.after, input(forward(problem)), forward_tag)
      .send(ring.before, input(backward(problem)), backward_tag)
      .receive(ring.before, output(forward(problem)), forward_tag)
      .receive(ring.after, output(backward(problem)), backward_tag);
  return plan.take();
}

std::vector<Piece> contract(const Problem& problem) {
  const Neighbours ring(problem);
  const Block first = forward(problem), second = backward(problem);
  return {{first.first, first.count, ring.before, first.first},
          {second.first, second.count, ring.after, second.first}};
}

Cost cost(const Problem& problem) {
  return {1, static_cast<double>(problem.count)};
}

}  // namespace

extern const Pattern random_ring_pattern = {
    .name = "random_ring",
    .summary = "exchange with both neighbours on a random ring",
    .metric = Metric::bandwidth,
    .least_ranks = 2,
    .input_count = whole_count,
    .output_count = whole_count,
    .contract = contract,
    .knobs = knob_seed,
    .lower_bound = cost,
};

extern const Algorithm random_ring_direct = {
    .pattern = "random_ring",
    .name = "direct",
    .summary = "both neighbours at once",
    .source = "Rabenseifner & Koniges, EuroPVM/MPI 2001",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
