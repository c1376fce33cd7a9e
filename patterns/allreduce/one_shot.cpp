// One-shot all-reduce: everybody sends everything to everybody, and each rank reduces all of it by itself.
//
// E. Chan, M. Heimlich, A. Purkayastha, R. van de Geijn, "Collective communication: theory, practice, and
// experience", CCPE 19(13), 2007: an all-gather with one step between any two ranks, then a local reduction.
// Rounds 1; sent per rank (p-1) n. For few bytes among ranks that reach each other directly: where memory is
// shared, each rank reads all inputs in place and no partial result ever moves.
#include "patterns/contracts.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const int p = problem.ranks, r = problem.rank;
  const Range mine = input(0, problem.count), sum = output(0, problem.count);
  ScheduleBuilder plan;
  if (p == 1) return plan.copy(mine, sum).take();
  if (p == 2) return plan.send(1 - r, mine).receive_reduce(1 - r, sum, mine).take();
  std::vector<Range> all(static_cast<std::size_t>(p), mine);
  for (int k = 1; k < p; ++k) {
    const int to = wrap_rank(r - k, p), from = wrap_rank(r + k, p);
    Range& theirs = all[static_cast<std::size_t>(from)];
    theirs = plan.reserve_scratch(problem.count);
    plan.send(to, mine).receive(from, theirs);
  }
  // In order of rank, so that all ranks get the same bits.
  plan.reduce(all[1], all[0], sum);
  for (std::size_t rank = 2; rank < all.size(); ++rank) plan.reduce(all[rank], sum, sum);
  return plan.take();
}

Cost cost(const Problem& problem) {
  if (problem.ranks == 1) return {};
  return {1, (problem.ranks - 1.0) * static_cast<double>(problem.count)};
}

// Elements of scratch, all but one rank's vectors.
constexpr std::uint64_t most_scratch = std::uint64_t{1} << 24;

std::optional<std::string> forbids(const Problem& problem) {
  const auto others = static_cast<std::uint64_t>(problem.ranks) - 1;
  if (problem.ranks <= 2 || problem.count <= most_scratch / others) return std::nullopt;
  return "keeps a vector of every rank; from here on take two_shot";
}

}  // namespace

extern const Algorithm allreduce_one_shot = {
    .pattern = "allreduce",
    .name = "one_shot",
    .summary = "everything to everybody, who each reduce all of it; one round",
    .source = "Chan et al., CCPE 2007",
    .generate = generate,
    .forbids = forbids,
    .cost = cost,
};

}  // namespace podbench
