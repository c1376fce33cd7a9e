#include "analysis/track/critical.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "analysis/track/critical_grid.hpp"
#include "analysis/track/window.hpp"

namespace podbench::track {
namespace {

using Row = std::array<double, critical_probabilities.size()>;

constexpr std::array<Row, critical_lengths.size()> simulated = {{
#include "analysis/track/critical_table.inc"
}};

// Every length's row, so that a night costs a look-up.
std::vector<Row> all_lengths() {
  std::vector<Row> rows(longest_window + 1);
  std::size_t right = 1;
  for (std::size_t n = least_window; n <= longest_window; ++n) {
    while (critical_lengths[right] < n) ++right;
    const double low = std::log(static_cast<double>(critical_lengths[right - 1]));
    const double high = std::log(static_cast<double>(critical_lengths[right]));
    const double share = (std::log(static_cast<double>(n)) - low) / (high - low);
    for (std::size_t i = 0; i < rows[n].size(); ++i)
      rows[n][i] = simulated[right - 1][i] + share * (simulated[right][i] - simulated[right - 1][i]);
  }
  return rows;
}

const Row& row_of(std::size_t n) {
  static const std::vector<Row> rows = all_lengths();
  return rows[n];
}

// The pair of tabulated points around what is looked for: the last pair beyond them.
std::size_t pair_at(std::size_t left) {
  return std::min(left, critical_probabilities.size() - 2);
}

double slope(const Row& row, std::size_t i) {
  const double width = row[i + 1] * row[i + 1] - row[i] * row[i];
  return width > 0 ? std::log(critical_probabilities[i + 1] / critical_probabilities[i]) / width : 0;
}

}  // namespace

double scan_p_value(std::size_t n, double deviate) {
  if (n < least_window) return 1;
  const Row& row = row_of(std::min(n, longest_window));
  if (deviate < row.front()) return 1;
  const auto above = std::upper_bound(row.begin(), row.end(), deviate);
  const std::size_t i = pair_at(static_cast<std::size_t>(above - row.begin()) - 1);
  return critical_probabilities[i] * std::exp(slope(row, i) * (deviate * deviate - row[i] * row[i]));
}

double critical_deviate(std::size_t n, double p) {
  if (n < least_window) return std::numeric_limits<double>::infinity();
  const Row& row = row_of(std::min(n, longest_window));
  if (p >= critical_probabilities.front()) return row.front();
  std::size_t i = 0;
  while (i + 2 < critical_probabilities.size() && critical_probabilities[i + 1] > p) ++i;
  const double steepness = slope(row, i);
  if (steepness >= 0) return std::numeric_limits<double>::infinity();
  return std::sqrt(row[i] * row[i] + std::log(p / critical_probabilities[i]) / steepness);
}

}  // namespace podbench::track
