// Two-dimensional bucket all-reduce: on an a × b grid, reduce-scatter along the rows and then the columns,
// all-gather along the columns and then the rows. The most nearly square grid of the ranks is taken; for a
// prime number of ranks that is one row, and the algorithm is the ring.
//
// N. Jain, Y. Sabharwal, "Optimal bucket algorithms for large MPI collectives on torus interconnects",
// ICS 2010. Rounds 2(a-1) + 2(b-1); sent per rank 2(p-1)/p n.
#include "patterns/contracts.hpp"
#include "patterns/grid.hpp"

namespace podbench {

namespace {

// A ring of `size` ranks around a part of the vector in `size` pieces.
struct Ring {
  int size, place;
  int right, left;  // ranks
};

template <class PieceOf>
void reduce_scatter(ScheduleBuilder& plan, const Ring& ring, Buffer have, PieceOf piece) {
  // Piece `place` is the one that is complete here at the end.
  for (int k = 1; k < ring.size; ++k) {
    const Block going = piece(wrap_rank(ring.place - k, ring.size));
    const Block coming = piece(wrap_rank(ring.place - k - 1, ring.size));
    plan.send(ring.right, k == 1 ? Range{have, going.first, going.count} : output(going))
        .receive_reduce(ring.left, output(coming), Range{have, coming.first, coming.count})
        .end_step();
  }
}

template <class PieceOf>
void all_gather(ScheduleBuilder& plan, const Ring& ring, PieceOf piece) {
  for (int k = 0; k < ring.size - 1; ++k)
    plan.send(ring.right, output(piece(wrap_rank(ring.place - k, ring.size))))
        .receive(ring.left, output(piece(wrap_rank(ring.place - k - 1, ring.size))))
        .end_step();
}

Schedule generate(const Problem& problem) {
  const Grid2d grid(problem.ranks);
  const int row = problem.rank / grid.columns, column = problem.rank % grid.columns;
  const auto rank_at = [&](int y, int x) {
    return wrap_rank(y, grid.rows) * grid.columns + wrap_rank(x, grid.columns);
  };
  const Ring along_row{grid.columns, column, rank_at(row, column + 1), rank_at(row, column - 1)};
  const Ring along_column{grid.rows, row, rank_at(row + 1, column), rank_at(row - 1, column)};
  // The vector in p blocks; column x of the grid works on the blocks [x·rows, (x+1)·rows).
  const auto wide = [&](int x) {
    return blocks_of(problem.count, problem.ranks, x * grid.rows, (x + 1) * grid.rows);
  };
  const auto narrow = [&](int y) { return block_of(problem.count, problem.ranks, column * grid.rows + y); };

  ScheduleBuilder plan;
  if (problem.ranks == 1) plan.copy(input(0, problem.count), output(0, problem.count));
  reduce_scatter(plan, along_row, Buffer::input, wide);
  reduce_scatter(plan, along_column, grid.columns > 1 ? Buffer::output : Buffer::input, narrow);
  all_gather(plan, along_column, narrow);
  all_gather(plan, along_row, wide);
  return plan.take();
}

Cost cost(const Problem& problem) {
  const Grid2d grid(problem.ranks);
  return {2.0 * (grid.rows - 1) + 2.0 * (grid.columns - 1),
          2 * others_share(problem.ranks) * static_cast<double>(problem.count)};
}

}  // namespace

extern const Algorithm allreduce_bucket_2d = {
    .pattern = "allreduce",
    .name = "bucket_2d",
    .summary = "rings along the rows, then the columns, of a grid",
    .source = "Jain & Sabharwal, ICS 2010",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
