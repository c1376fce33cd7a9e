// Halo exchange: ranks on a grid exchange faces with their two neighbours on every axis, all at once. With
// wrap the grid is a torus, without it a mesh (the tiles of an accelerator, a stencil's domain).
//
// R. Barrett, C. Vaughan, M. Heroux, "MiniGhost: a miniapp for exploring boundary exchange strategies using
// stencil computations in scientific parallel computing", SAND 2012-10431, 2012. Rounds 1; an inner rank
// sends n: the data are one face a direction. An axis of one rank has no neighbours; what nobody sends stays
// free.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <numeric>

#include "patterns/contracts.hpp"
#include "patterns/grid.hpp"

namespace podbench {

namespace {

std::vector<int> shape_of(const Problem& problem) {
  if (!problem.parameters.grid.empty()) return problem.parameters.grid;
  const Grid2d square(problem.ranks);
  return {square.rows, square.columns};
}

struct Face {
  int neighbour;  // -1: none
  Block block;
  std::uint16_t tag, opposite_tag;
};

// Two faces an axis: towards lower and towards higher coordinates.
std::vector<Face> faces_of(const Problem& problem) {
  const std::vector<int> shape = shape_of(problem);
  const int faces = 2 * static_cast<int>(shape.size());
  std::vector<Face> found;
  int stride = problem.ranks, index = 0;
  for (const int length : shape) {
    stride /= length;
    const int at = problem.rank / stride % length;
    for (const int direction : {-1, 1}) {
      const int next = at + direction, wrapped = wrap_rank(next, length);
      const bool none = length == 1 || (next != wrapped && !problem.parameters.wrap);
      found.push_back({none ? -1 : problem.rank + (wrapped - at) * stride,
                       block_of(problem.count, faces, index), static_cast<std::uint16_t>(index),
                       static_cast<std::uint16_t>(index ^ 1)});
      ++index;
    }
  }
  return found;
}

// What is sent in a direction is of the length of that face; it arrives on the neighbour's opposite face.
Schedule generate(const Problem& problem) {
  const std::vector<Face> faces = faces_of(problem);
  ScheduleBuilder plan;
  for (const Face& face : faces)
    if (face.neighbour >= 0) plan.receive(face.neighbour, output(face.block), face.opposite_tag);
  for (const Face& face : faces)
    if (face.neighbour >= 0) plan.send(face.neighbour, input(faces[face.opposite_tag].block), face.tag);
  return plan.take();
}

std::vector<Piece> contract(const Problem& problem) {
  std::vector<Piece> pieces;
  for (const Face& face : faces_of(problem))
    if (face.neighbour >= 0)
      pieces.push_back({face.block.first, face.block.count, face.neighbour, face.block.first});
  return pieces;
}

std::optional<std::string> forbids(const Problem& problem) {
  const std::vector<int>& grid = problem.parameters.grid;
  if (grid.empty()) return std::nullopt;
  if (grid.size() > 3) return fmt::format("a halo grid has one to three axes, not {}", grid.size());
  std::int64_t ranks = 1;
  for (const int length : grid) ranks *= length >= 1 && length <= problem.ranks ? length : 0;
  if (ranks == problem.ranks) return std::nullopt;
  return fmt::format("a grid of {} does not hold {} ranks", fmt::join(grid, "x"), problem.ranks);
}

// All faces that some rank has, at most: on an axis of two or less without wrap a rank has one side at most.
Cost cost(const Problem& problem) {
  const std::vector<int> shape = shape_of(problem);
  double sides = 0;
  for (const int length : shape) sides += length == 1 ? 0 : length == 2 && !problem.parameters.wrap ? 1 : 2;
  return {sides > 0 ? 1.0 : 0.0,
          static_cast<double>(problem.count) * sides / (2 * static_cast<double>(shape.size()))};
}

}  // namespace

extern const Pattern halo_pattern = {
    .name = "halo",
    .summary = "faces exchanged with the neighbours on a grid or torus",
    .metric = Metric::time,
    .input_count = whole_count,
    .output_count = whole_count,
    .contract = contract,
    .knobs = knob_grid,
    .lower_bound = cost,
};

extern const Algorithm halo_direct = {
    .pattern = "halo",
    .name = "direct",
    .summary = "all faces at once",
    .source = "Barrett, Vaughan & Heroux, SAND 2012-10431",
    .generate = generate,
    .knobs = knob_grid,
    .forbids = forbids,
    .cost = cost,
};

}  // namespace podbench
