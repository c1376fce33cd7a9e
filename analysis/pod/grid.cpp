// The links of a mesh or torus, in the grid's own order of ports.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "analysis/pod/shapes.hpp"

namespace podbench {
namespace {

std::size_t product(const std::vector<int>& extents) {
  return std::accumulate(extents.begin(), extents.end(), std::size_t{1},
                         [](std::size_t all, int extent) { return all * static_cast<std::size_t>(extent); });
}

// Mixed radix, the last digit fastest.
std::vector<int> digits_of(std::size_t number, const std::vector<int>& radix) {
  std::vector<int> digits(radix.size());
  for (std::size_t d = radix.size(); d-- > 0; number /= static_cast<std::size_t>(radix[d]))
    digits[d] = static_cast<int>(number % static_cast<std::size_t>(radix[d]));
  return digits;
}

std::size_t number_of(const std::vector<int>& digits, const std::vector<int>& radix) {
  std::size_t number = 0;
  for (std::size_t d = 0; d < radix.size(); ++d)
    number = number * static_cast<std::size_t>(radix[d]) + static_cast<std::size_t>(digits[d]);
  return number;
}

// Where the k-th node stands: tile by tile, and row by row within a tile.
std::size_t position_of(std::size_t k, const PodGrid& grid) {
  if (grid.tile.empty()) return k;
  std::vector<int> tiles(grid.extents.size());
  for (std::size_t d = 0; d < tiles.size(); ++d) tiles[d] = grid.extents[d] / grid.tile[d];
  const std::size_t size = product(grid.tile);
  std::vector<int> at = digits_of(k / size, tiles);
  const std::vector<int> inside = digits_of(k % size, grid.tile);
  for (std::size_t d = 0; d < at.size(); ++d) at[d] = at[d] * grid.tile[d] + inside[d];
  return number_of(at, grid.extents);
}

struct GridRates {
  double inside, between;  // two ports of one tile, of two
};

void link_grid(PodBuilder& builder, PodGrid& grid, const GridRates& rates) {
  const std::size_t positions = grid.ports.size(), dimensions = grid.extents.size();
  grid.next.assign(dimensions * positions, -1);
  for (std::size_t d = 0; d < dimensions; ++d)
    for (std::size_t position = 0; position < positions; ++position) {
      std::vector<int> at = digits_of(position, grid.extents);
      const bool last = at[d] + 1 == grid.extents[d];
      // Around a ring of two there is one neighbour, not two.
      if (last && (!grid.wraps || grid.extents[d] <= 2)) continue;
      const bool leaves_tile = !grid.tile.empty() && (at[d] + 1) % grid.tile[d] == 0;
      at[d] = last ? 0 : at[d] + 1;
      grid.next[d * positions + position] =
          builder.add_link(grid.ports[position], grid.ports[number_of(at, grid.extents)],
                           leaves_tile ? rates.between : rates.inside);
    }
}

}  // namespace

void read_grid(TableReader& table, PodBuilder& builder, const std::vector<int>& nodes, bool wraps) {
  PodGrid grid;
  grid.wraps = wraps;
  grid.extents = table.wholes("extents", PodGrid::most_dimensions, static_cast<int>(most_pod_nodes));
  if (product(grid.extents) != nodes.size())
    table.refuse("extents", fmt::format("extents make {} places for {} nodes; {} has a place for every node",
                                        product(grid.extents), nodes.size(), table.what()));
  GridRates rates{};
  rates.inside = rates.between = table.quantity("rate", Dimension::rate);
  if (table.has("tile")) {
    grid.tile = table.wholes("tile", PodGrid::most_dimensions, static_cast<int>(most_pod_nodes));
    bool fits = grid.tile.size() == grid.extents.size();
    for (std::size_t d = 0; fits && d < grid.tile.size(); ++d) fits = grid.extents[d] % grid.tile[d] == 0;
    if (!fits) table.refuse("tile", "tile has as many entries as extents, each a divisor of its extent");
    rates.between = table.optional_quantity("tile_rate", Dimension::rate).value_or(rates.inside);
  }
  grid.dimension_order = table.choice("routing", {"dimension order", "shortest"}) == 0;
  const std::vector<int> ports = one_port_each(table, builder, nodes);
  table.done();
  builder.expect_links(static_cast<double>(ports.size() * grid.extents.size()));
  grid.ports.resize(ports.size());
  for (std::size_t k = 0; k < ports.size(); ++k) grid.ports[position_of(k, grid)] = ports[k];
  link_grid(builder, grid, rates);
  builder.pod().grids.push_back(std::move(grid));
}

}  // namespace podbench
