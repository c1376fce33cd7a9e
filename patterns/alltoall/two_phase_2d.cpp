// Two-phase all-to-all on a grid: first along the rows, to the column of the destination, then along the
// columns. Blocks that go the same way share a message. The most nearly square grid of the ranks is taken;
// for a prime number of ranks that is one row.
//
// R. Thakur, A. Choudhary, "All-to-all communication on meshes with wormhole routing", IPPS 1994 (indirect
// algorithms). On an a x b grid: rounds 2, in each of them all messages at once; sent per rank
// ((a-1)/a + (b-1)/b) n.
#include "patterns/alltoall/exchange.hpp"
#include "patterns/grid.hpp"

namespace podbench {

namespace {

Schedule plan_for(const Problem& problem, const Exchange& exchange) {
  const Grid2d grid(problem.ranks);
  const int r = problem.rank, row = r / grid.columns, column = r % grid.columns;
  const auto rank_at = [&](int y, int x) { return y * grid.columns + x; };

  ScheduleBuilder plan;
  // First phase: to each rank of the row all that goes to its column, in order of row.
  struct Message {
    int peer;
    Range sent, received;
  };
  std::vector<Message> messages;
  for (int x = 0; x < grid.columns; ++x) {
    std::uint64_t going = 0, coming = 0;
    for (int y = 0; y < grid.rows; ++y) {
      going += exchange.count(r, rank_at(y, x));
      coming += exchange.count(rank_at(row, x), rank_at(y, column));
    }
    // What stays in this column skips the first phase.
    const bool stays = x == column;
    const Range sent = plan.reserve_scratch(stays ? 0 : going);
    std::uint64_t offset = 0;
    for (int y = 0; y < grid.rows && !stays; ++y) {
      const Block block = exchange.outgoing(rank_at(y, x));
      plan.copy(input(block), part(sent, offset, block.count));
      offset += block.count;
    }
    messages.push_back({rank_at(row, x), sent, plan.reserve_scratch(stays ? 0 : coming)});
  }
  plan.end_step();
  for (const Message& m : messages) plan.send(m.peer, m.sent).receive(m.peer, m.received);

  // Where the block from (row, x) to (y, column) lies now.
  std::vector<std::uint64_t> taken(static_cast<std::size_t>(grid.columns), 0);
  const auto next_block = [&](int x, int y) {
    const auto i = static_cast<std::size_t>(x);
    if (x == column) return input(exchange.outgoing(rank_at(y, column)));
    const Range block =
        part(messages[i].received, taken[i], exchange.count(rank_at(row, x), rank_at(y, column)));
    taken[i] += block.count;
    return block;
  };
  // Second phase: to each rank of the column what comes from this row, in order of column. It arrives in
  // order of rank and goes straight to the output.
  std::vector<Range> bundles;
  for (int y = 0; y < grid.rows; ++y) {
    std::uint64_t going = 0;
    for (int x = 0; x < grid.columns; ++x) going += exchange.count(rank_at(row, x), rank_at(y, column));
    bundles.push_back(plan.reserve_scratch(y == row ? 0 : going));
    std::uint64_t offset = 0;
    for (int x = 0; x < grid.columns; ++x) {
      const Range block = next_block(x, y);
      plan.copy(block, y == row ? output(exchange.incoming(rank_at(row, x)))
                                : part(bundles.back(), offset, block.count));
      offset += block.count;
    }
  }
  plan.end_step();
  for (int y = 0; y < grid.rows; ++y) {
    if (y == row) continue;
    const Block first = exchange.incoming(rank_at(y, 0)),
                last = exchange.incoming(rank_at(y, grid.columns - 1));
    plan.send(rank_at(y, column), bundles[static_cast<std::size_t>(y)])
        .receive(rank_at(y, column), output(first.first, last.first + last.count - first.first));
  }
  return plan.take();
}

Cost cost(const Problem& problem) {
  const Grid2d grid(problem.ranks);
  return {(grid.rows > 1 ? 1.0 : 0.0) + (grid.columns > 1 ? 1.0 : 0.0),
          (others_share(grid.rows) + others_share(grid.columns)) * static_cast<double>(problem.count)};
}

}  // namespace

extern const Algorithm alltoall_two_phase_2d = {
    .pattern = "alltoall",
    .name = "two_phase_2d",
    .summary = "along the rows, then the columns, of a grid, with shared messages",
    .source = "Thakur & Choudhary, IPPS 1994",
    .generate = [](const Problem& problem) { return plan_for(problem, Exchange::even(problem)); },
    .cost = cost,
};

extern const Algorithm alltoallv_two_phase_2d = {
    .pattern = "alltoallv",
    .name = "two_phase_2d",
    .summary = "along the rows, then the columns, of a grid, with shared messages",
    .source = "Thakur & Choudhary, IPPS 1994",
    .generate = [](const Problem& problem) { return plan_for(problem, Exchange::uneven(problem)); },
};

}  // namespace podbench
