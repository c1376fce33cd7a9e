#include "analysis/compare/false_discovery.hpp"

#include <algorithm>
#include <numeric>

namespace podbench {

std::vector<double> false_discovery_q(std::span<const double> p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> q(p_values.size());
  const auto all = static_cast<double>(order.size());
  double least = 1;
  for (std::size_t rank = order.size(); rank >= 1; --rank) {
    const std::size_t at = order[rank - 1];
    least = std::min(least, p_values[at] * all / static_cast<double>(rank));
    q[at] = least;
  }
  return q;
}

}  // namespace podbench
