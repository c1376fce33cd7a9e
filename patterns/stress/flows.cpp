// Flows: a set of simultaneous one-way streams, where a rank sends to at most one other and receives from at
// most one. A rank's own time is that of the stream that it receives, from the common start until its last
// message is there, and does not wait for what it sends: so each stream is told from the others. With a count
// matrix its entries are the streams, in elements a message; without one the two of a pair stream to each
// other, in the rounds of a tournament in which every two ranks meet once.
//
// T. Hoefler, T. Schneider, A. Lumsdaine, "Multistage switches are not crossbars: effects of static routing
// in high-performance networks", CLUSTER 2008 (simultaneous streams of a permutation); the window: Panda et
// al., J. Comput. Sci. 2021; the rounds: tournament.hpp. Rounds 1; a sender sends window x n.
#include <fmt/format.h>

#include <algorithm>

#include "patterns/alltoallv/count_matrix.hpp"
#include "patterns/contracts.hpp"
#include "patterns/stress/tournament.hpp"

namespace podbench {

namespace {

// One end of a stream as the rank at the other end sees it; peer -1: there is none.
struct Stream {
  int peer = -1;
  std::uint64_t count = 0;
};

Stream of_tournament(const Problem& problem) {
  const int partner = tournament_partner(problem.ranks, problem.parameters.round, problem.rank);
  return {partner, partner < 0 ? 0 : problem.count};
}

Stream outgoing(const Problem& problem) {
  const CountMatrix* matrix = problem.parameters.matrix.get();
  if (matrix == nullptr) return of_tournament(problem);
  for (int to = 0; to < problem.ranks; ++to)
    if (const std::uint64_t count = matrix->at(problem.rank, to); count > 0) return {to, count};
  return {};
}

Stream incoming(const Problem& problem) {
  const CountMatrix* matrix = problem.parameters.matrix.get();
  if (matrix == nullptr) return of_tournament(problem);
  for (int from = 0; from < problem.ranks; ++from)
    if (const std::uint64_t count = matrix->at(from, problem.rank); count > 0) return {from, count};
  return {};
}

// Elements a message of all streams together.
std::uint64_t total_count(const Problem& problem) {
  if (const CountMatrix* matrix = problem.parameters.matrix.get()) {
    std::uint64_t total = 0;
    for (const std::uint64_t count : matrix->counts) total += count;
    return total;
  }
  return problem.count * static_cast<std::uint64_t>(problem.ranks / 2 * 2);
}

std::uint64_t largest_count(const Problem& problem) {
  if (const CountMatrix* matrix = problem.parameters.matrix.get())
    return *std::max_element(matrix->counts.begin(), matrix->counts.end());
  return problem.count;
}

Schedule generate(const Problem& problem) {
  const Stream in = incoming(problem), out = outgoing(problem);
  ScheduleBuilder plan;
  for (int i = 0; i < problem.parameters.window && in.count > 0; ++i)
    plan.receive(in.peer, output(0, in.count)).repeated();
  for (int i = 0; i < problem.parameters.window && out.count > 0; ++i)
    plan.send(out.peer, input(0, out.count));
  return plan.take();
}

std::vector<Piece> contract(const Problem& problem) {
  const Stream in = incoming(problem);
  if (in.peer < 0) return {};
  return {{0, in.count, in.peer, 0}};
}

// Refuses a matrix in which a rank has two streams of one direction, or one to itself.
std::optional<std::string> forbids(const Problem& problem) {
  const CountMatrix* matrix = problem.parameters.matrix.get();
  if (matrix == nullptr) return std::nullopt;
  std::vector<int> sends(static_cast<std::size_t>(problem.ranks)), receives(sends);
  for (int from = 0; from < problem.ranks; ++from)
    for (int to = 0; to < problem.ranks; ++to) {
      if (matrix->at(from, to) == 0) continue;
      if (from == to) return fmt::format("rank {} streams to itself; flows lead to other ranks", from);
      if (++sends[static_cast<std::size_t>(from)] > 1)
        return fmt::format("rank {} sends to more than one rank; in flows it sends to one", from);
      if (++receives[static_cast<std::size_t>(to)] > 1)
        return fmt::format("rank {} receives from more than one rank; in flows it receives from one", to);
    }
  return std::nullopt;
}

Cost cost(const Problem& problem) {
  const double most = static_cast<double>(largest_count(problem)) * problem.parameters.window;
  return {most > 0 ? 1.0 : 0.0, most};
}

constexpr Series rounds = {
    .length =
        [](const Problem& problem) {
          return problem.parameters.matrix ? 1 : tournament_rounds(problem.ranks);
        },
    .choose = [](Parameters& parameters, int round) { parameters.round = round; },
    .partner = [](const Problem& problem) { return incoming(problem).peer; },
};

}  // namespace

extern const Pattern flows_pattern = {
    .name = "flows",
    .summary = "one-way streams at once, each timed by its receiver: all pairs both ways, or a count matrix",
    .metric = Metric::bandwidth,
    .least_ranks = 2,
    .input_count = [](const Problem& problem) { return outgoing(problem).count; },
    .output_count = [](const Problem& problem) { return incoming(problem).count; },
    .contract = contract,
    .knobs = knob_window | knob_round | knob_matrix,
    .moved_count =
        [](const Problem& problem) {
          return total_count(problem) * static_cast<std::uint64_t>(problem.parameters.window);
        },
    .lower_bound = cost,
    .series = &rounds,
    .ends_on_receipt = true,
};

extern const Algorithm flows_direct = {
    .pattern = "flows",
    .name = "direct",
    .summary = "all messages of the window at once",
    .source = "Hoefler, Schneider & Lumsdaine, CLUSTER 2008",
    .generate = generate,
    .forbids = forbids,
    .cost = cost,
};

}  // namespace podbench
