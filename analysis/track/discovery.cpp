#include "analysis/track/discovery.hpp"

#include <algorithm>
#include <numeric>

namespace podbench::track {

std::vector<double> q_values(std::span<const double> p_values, std::size_t family) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> q(p_values.size());
  double least = 1;
  for (std::size_t i = order.size(); i-- > 0;) {
    least = std::min(least, p_values[order[i]] * static_cast<double>(family) / static_cast<double>(i + 1));
    q[order[i]] = least;
  }
  return q;
}

}  // namespace podbench::track
