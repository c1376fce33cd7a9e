// The statistics of one case: percentiles, the median's interval, stopping rule, tests of order, summary.
//
// Percentiles are Hyndman & Fan's definition 7 ("Sample Quantiles in Statistical Packages", The American
// Statistician 50(4), 1996): linear between the order statistics around (n − 1) q, as NumPy, pandas and R do
// by default, so that figures computed from the file elsewhere agree.
// Thread-safety: pure; a StoppingRule belongs to one thread. Units: samples in any unit, results in the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "results/record.hpp"
#include "results/summary.hpp"

namespace podbench {

// The q-quantile (0 ≤ q ≤ 1) of ascending values; NaN where there are none.
[[nodiscard]] double quantile(std::span<const double> sorted, double q);

// The median of values in any order, the mean of the middle two where their number is even; NaN where there
// are none.
[[nodiscard]] double median(std::vector<double> values);

// A sample so many times the median stands out.
inline constexpr std::uint64_t tail_factor = 10;

// The middle one of integers, the upper of two; 0 where there are none. Reorders them.
[[nodiscard]] std::uint64_t upper_median(std::span<std::uint64_t> values);
// The smallest integer that 99% do not exceed; 0 where there are none. Reorders them.
[[nodiscard]] std::uint64_t upper_p99(std::span<std::uint64_t> values);

struct Interval {
  double lo = 0, hi = 0;
  double coverage = 0;  // the probability that it really has; 0 where too few samples: lo, hi are NaN
};

// Distribution-free interval of the median between two order statistics, coverage at least `confidence`:
// the k-th smallest and k-th largest with the largest k for which Binomial(n, ½) allows it (Hahn & Meeker,
// "Statistical Intervals", ch. 5; Hoefler & Belli SC'15, rule 6). 95% needs six samples.
[[nodiscard]] Interval median_interval(std::span<const double> sorted, double confidence = 0.95);

// The k of median_interval, counted from 1; 0 where n is too small.
[[nodiscard]] std::size_t median_interval_rank(std::size_t n, double confidence = 0.95);

// The median of at least one value in any order with its 95% interval; all values' hull where they are too
// few for one.
struct Middle {
  double median = 0, lo = 0, hi = 0;
};
[[nodiscard]] Middle middle_of(std::vector<double> values);

// Mann-Kendall test of a monotone trend with the correction for ties (Mann 1945; Kendall 1975). O(n log n).
// Autocorrelated samples make it too quick to see a trend: read it together with autocorrelation().
struct Trend {
  double tau = 0;      // −1 falling … 1 rising
  double p_value = 1;  // two-sided, normal approximation; 1 below four samples
};
[[nodiscard]] Trend trend(std::span<const double> in_order);

// Lag-1 autocorrelation of the ranks of the samples, so that one spike does not hide it (Box, Jenkins &
// Reinsel, "Time Series Analysis", 2.1, on midranks); about N(0, 1/n) for independent samples.
[[nodiscard]] double autocorrelation(std::span<const double> in_order);

// Whether the first and the last third of the samples agree: their medians within `relative`, or no
// difference at 5% by Mann & Whitney's rank test (1947). False below nine samples. The end of a warm-up.
[[nodiscard]] bool thirds_agree(std::span<const std::uint64_t> in_order, double relative = 0.02);

// Says when there are enough samples: at least `least`, and the interval of the median within ± `relative`
// of the median. Meant to be asked in the sampling loop: it really looks only when the number of samples has
// grown by a quarter since the last look, so that all looks together cost O(n). Looking again and again
// makes the stated 95% somewhat optimistic at the moment of stopping; the stored interval has that caveat.
class StoppingRule {
 public:
  explicit StoppingRule(double relative = 0.02, std::size_t least = 30);
  // True once converged; stays true. `samples` holds all samples so far.
  [[nodiscard]] bool enough(std::span<const std::uint64_t> samples);
  // The half width over the median at the last look; infinity before the first.
  [[nodiscard]] double relative_half_width() const noexcept { return reached_; }

 private:
  double relative_;
  std::size_t next_look_;
  double reached_;
  bool enough_ = false;
  std::vector<std::uint64_t> work_;
};

// The same question once, for samples that are complete: what decides `not converged`.
[[nodiscard]] bool converged(std::span<const std::uint64_t> samples, double relative = 0.02,
                             std::size_t least = 30);

// What a person should know before believing the figure, as CaseRecord::flags: "trend" (p < 0.001 and the
// thirds' medians differ by over 2%), "autocorrelated" (|r| > max(0.2, 4/√n)), "tail" (a sample ten times the
// median).
[[nodiscard]] std::vector<std::string> sample_flags(std::span<const std::uint64_t> in_order);

// One operation's time in ns for each sample of a record.
[[nodiscard]] std::vector<double> operation_times_ns(const CaseRecord& record);

// One row over all launches of one case (at least one record, equal keys). The interval of p50: one launch:
// order statistics of its samples; six launches and more: order statistics of the launches' medians, the
// replicates; two to five, too few for 95%: the hull of the launches' own intervals.
[[nodiscard]] CaseSummary summarise(std::span<const CaseRecord* const> launches);

// All rows of a run, in the order of distinct_cases(run).
[[nodiscard]] std::vector<CaseSummary> summarise(const Run& run);

}  // namespace podbench
