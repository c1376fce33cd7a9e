#include "bench/series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "analysis/statistics.hpp"
#include "base/quantity.hpp"

namespace podbench {
namespace {

// `times`: which of a part's figures a rank.
std::vector<double> matrix_of(const Series& series, const std::vector<CasePart>& parts,
                              std::vector<std::uint64_t> CasePart::*times, const CaseRecord& record) {
  const auto ranks = static_cast<std::size_t>(record.key.ranks);
  const double divisor = record.operations_per_sample * record.time_divisor;
  std::vector<double> matrix(ranks * ranks, std::numeric_limits<double>::quiet_NaN());
  for (const CasePart& part : parts) {
    Problem problem = part.problem;
    for (std::size_t rank = 0; rank < (part.*times).size(); ++rank) {
      problem.rank = static_cast<int>(rank);
      const int partner = series.partner(problem);
      if (partner < 0) continue;
      matrix[rank * ranks + static_cast<std::size_t>(partner)] =
          static_cast<double>((part.*times)[rank]) / divisor;
    }
  }
  return matrix;
}

struct Level {
  double mean, p99;
};
Level level_of(const std::vector<std::uint64_t>& samples) {
  std::vector<double> sorted(samples.begin(), samples.end());
  std::sort(sorted.begin(), sorted.end());
  return {std::accumulate(sorted.begin(), sorted.end(), 0.0) / static_cast<double>(sorted.size()),
          quantile(sorted, 0.99)};
}

void compare(const CasePart& rest, const CasePart& load, CaseRecord& record) {
  if (rest.samples_ns.empty() || load.samples_ns.empty()) return;
  const Level at_rest = level_of(rest.samples_ns), loaded = level_of(load.samples_ns);
  if (!(at_rest.mean > 0 && at_rest.p99 > 0)) return;
  record.impact_mean = loaded.mean / at_rest.mean;
  record.impact_p99 = loaded.p99 / at_rest.p99;
  record.remark(
      fmt::format("impact factor {:.3g} (mean), {:.3g} (p99)", record.impact_mean, record.impact_p99));
}

// Medians of both directions, and by how much the slower takes longer.
void compare_directions(const CasePart& there, const CasePart& back, CaseRecord& record) {
  const double divisor = record.operations_per_sample * record.time_divisor;
  const auto median_ns = [&](const CasePart& part) {
    std::vector<std::uint64_t> samples = part.samples_ns;
    return static_cast<double>(upper_median(samples)) / divisor;
  };
  const double there_ns = median_ns(there), back_ns = median_ns(back);
  if (!(there_ns > 0 && back_ns > 0)) return;
  record.remark(fmt::format("there {}, back {}, asymmetry {:.0f}%", format_duration_ns(there_ns),
                            format_duration_ns(back_ns),
                            100 * (std::max(there_ns, back_ns) / std::min(there_ns, back_ns) - 1)));
}

}  // namespace

void combine(const Pattern& pattern, const std::vector<CasePart>& parts, CaseRecord& record) {
  const bool whole = record.status != CaseStatus::skipped && record.status != CaseStatus::failed;
  if (parts.empty() || !whole) return;
  if (pattern.series != nullptr && pattern.series->partner != nullptr) {
    for (const CasePart& part : parts)
      record.samples_ns.insert(record.samples_ns.end(), part.samples_ns.begin(), part.samples_ns.end());
    record.matrix = matrix_of(*pattern.series, parts, &CasePart::rank_ns, record);
    record.matrix_p99 = matrix_of(*pattern.series, parts, &CasePart::rank_p99_ns, record);
    if (pattern.series->opposite && parts.size() == 2) compare_directions(parts[0], parts[1], record);
    return;
  }
  record.samples_ns = parts.back().samples_ns;
  if (record.samples_ns.empty()) return;
  record.flags = sample_flags(record.samples_ns);
  if (parts.size() > 1) compare(parts.front(), parts.back(), record);
}

}  // namespace podbench
