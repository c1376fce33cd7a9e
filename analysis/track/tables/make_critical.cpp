// Makes analysis/track/critical_table.inc: the deviates that the largest of a change scan reaches with small
// probabilities while nothing changed, for a row of lengths.
//
//   track_make_critical [SCANS [SEED]] > critical_table.inc      (default 200,000 scans a length: a minute)
//
// Each length scans so many windows of independent normal nights, as track does, and counts in bins of 0.002
// what the largest deviates are. A critical value is the lowest edge of a bin at and above which no more than
// a share p of the scans lies. At p = 1e-4 and 200,000 scans that rests on 20 of them: an error of a fifth in
// p, of three hundredths in the deviate. Other noise than normal reaches the same deviates about as often,
// since the scan's tails follow the window's own distribution (bench/replay.cpp measures it). The same seed
// makes the same table.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "analysis/track/bench/noise.hpp"
#include "analysis/track/critical_grid.hpp"
#include "analysis/track/scan.hpp"
#include "analysis/track/tail.hpp"
#include "base/random.hpp"

namespace podbench::track {
namespace {

constexpr double bin_width = 0.002;
constexpr std::size_t bins = 8'000;  // deviates up to 16

// The largest deviate of a scan of n nights of normal noise.
double quiet_scan(std::size_t n, Random& random) {
  std::vector<double> values(n);
  for (double& value : values) value = standard_normal(random);
  return std::abs(largest_of(scan_all(robust_scores(values))).deviate);
}

// The critical values of one length, in the order of critical_probabilities.
std::string row(std::size_t n, std::uint64_t scans, std::uint64_t seed) {
  Random random(seed + n);
  std::vector<std::uint64_t> counts(bins);
  for (std::uint64_t i = 0; i < scans; ++i)
    ++counts[std::min(bins - 1, static_cast<std::size_t>(quiet_scan(n, random) / bin_width))];
  std::vector<std::string> values;
  for (const double p : critical_probabilities) {
    const double most = p * static_cast<double>(scans);
    std::uint64_t above = 0;
    std::size_t edge = bins;
    while (edge > 0 && static_cast<double>(above + counts[edge - 1]) <= most) above += counts[--edge];
    values.push_back(fmt::format("{:.3f}", static_cast<double>(edge) * bin_width));
  }
  return fmt::format("    {{{}}},  // {}\n", fmt::join(values, ", "), n);
}

}  // namespace
}  // namespace podbench::track

int main(int argc, char** argv) {
  using namespace podbench::track;
  const std::uint64_t scans = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200'000;
  const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  fmt::print("// Made by tables/make_critical.cpp from {} scans a length, seed {}.\n", scans, seed);
  for (const std::size_t n : critical_lengths) {
    fmt::print("{}", row(n, scans, seed));
    std::fflush(stdout);
  }
}
