// From case records to rows of statistics.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/statistics.hpp"
#include "results/case_index.hpp"

namespace podbench {
namespace {

// How bad a status is when several launches have one each: what says most about the figure wins.
int severity(CaseStatus status) {
  switch (status) {
    case CaseStatus::good:
      return 0;
    case CaseStatus::skipped:
      return 1;
    case CaseStatus::not_converged:
      return 2;
    case CaseStatus::contended:
      return 3;
    case CaseStatus::failed:
      return 4;
    case CaseStatus::wrong_data:
      return 5;
  }
  return 0;
}

// Adds a launch's note and flags, each once.
void add_note(CaseSummary& summary, const CaseRecord& record) {
  const auto add = [&](const std::string& words) {
    if (words.empty() || summary.note.find(words) != std::string::npos) return;
    if (!summary.note.empty()) summary.note += "; ";
    summary.note += words;
  };
  add(record.note);
  for (const std::string& flag : record.flags) add(flag);
}

void add_moments(CaseSummary& summary, const std::vector<double>& samples) {
  const auto n = static_cast<double>(samples.size());
  summary.mean_ns = std::accumulate(samples.begin(), samples.end(), 0.0) / n;
  double squares = 0;
  for (const double sample : samples) squares += (sample - summary.mean_ns) * (sample - summary.mean_ns);
  summary.sd_ns = samples.size() > 1 ? std::sqrt(squares / (n - 1)) : 0;
}

// p50 and its interval: see summarise() in statistics.hpp for what they mean.
void add_median(CaseSummary& summary, const std::vector<Interval>& own_intervals) {
  std::vector<double> medians;
  for (const LaunchPoint& point : summary.points) medians.push_back(point.p50_ns);
  std::sort(medians.begin(), medians.end());
  summary.p50_ns = quantile(medians, 0.5);
  if (const Interval between = median_interval(medians); between.coverage > 0) {
    summary.ci_lo_ns = between.lo;
    summary.ci_hi_ns = between.hi;
    return;
  }
  summary.ci_lo_ns = own_intervals.front().lo;
  summary.ci_hi_ns = own_intervals.front().hi;
  for (const Interval& own : own_intervals) {
    // A launch with too few samples for an interval leaves the whole without one.
    summary.ci_lo_ns = std::isnan(own.lo) ? own.lo : std::min(summary.ci_lo_ns, own.lo);
    summary.ci_hi_ns = std::isnan(own.hi) ? own.hi : std::max(summary.ci_hi_ns, own.hi);
    if (std::isnan(own.lo)) break;
  }
}

// moved bytes over time: bytes a nanosecond are 10^9 bytes a second.
void add_rates(CaseSummary& summary, const CaseRecord& record) {
  if (record.moved_bytes == 0 || !(summary.p50_ns > 0)) return;
  summary.algbw_gbps = static_cast<double>(record.moved_bytes) / summary.p50_ns;
  if (record.bus_factor > 0) summary.busbw_gbps = summary.algbw_gbps * record.bus_factor;
}

// The median over the launches that have the factor.
double median_factor(std::span<const CaseRecord* const> launches, double CaseRecord::*factor) {
  std::vector<double> values;
  for (const CaseRecord* record : launches)
    if (record->*factor > 0) values.push_back(record->*factor);
  std::sort(values.begin(), values.end());
  return quantile(values, 0.5);
}

}  // namespace

std::vector<double> operation_times_ns(const CaseRecord& record) {
  const double divisor = record.operations_per_sample * record.time_divisor;
  std::vector<double> times;
  times.reserve(record.samples_ns.size());
  for (const std::uint64_t sample : record.samples_ns) times.push_back(static_cast<double>(sample) / divisor);
  return times;
}

CaseSummary summarise(std::span<const CaseRecord* const> launches) {
  CaseSummary summary;
  summary.key = launches.front()->key;
  summary.bound_rounds = launches.front()->bound_rounds;
  summary.bound_bytes = launches.front()->bound_bytes;
  summary.status = launches.front()->status;
  std::vector<double> all;
  std::vector<Interval> own_intervals;
  for (const CaseRecord* record : launches) {
    if (severity(record->status) > severity(summary.status)) summary.status = record->status;
    add_note(summary, *record);
    summary.invalid += record->invalid_samples;
    summary.clock_error_ns = std::max(summary.clock_error_ns, record->clock_error_ns);
    std::vector<double> times = operation_times_ns(*record);
    if (times.empty()) continue;
    std::sort(times.begin(), times.end());
    summary.points.push_back({record->launch, times.size(), quantile(times, 0.5), quantile(times, 0.99)});
    own_intervals.push_back(median_interval(times));
    all.insert(all.end(), times.begin(), times.end());
  }
  summary.launches = summary.points.size();
  summary.n = all.size();
  if (all.empty()) return summary;
  std::sort(all.begin(), all.end());
  summary.min_ns = all.front();
  summary.max_ns = all.back();
  summary.p90_ns = quantile(all, 0.90);
  summary.p99_ns = quantile(all, 0.99);
  summary.p999_ns = quantile(all, 0.999);
  add_moments(summary, all);
  add_median(summary, own_intervals);
  add_rates(summary, *launches.front());
  summary.impact_mean = median_factor(launches, &CaseRecord::impact_mean);
  summary.impact_p99 = median_factor(launches, &CaseRecord::impact_p99);
  std::sort(summary.points.begin(), summary.points.end(),
            [](const LaunchPoint& a, const LaunchPoint& b) { return a.launch < b.launch; });
  return summary;
}

std::vector<CaseSummary> summarise(const Run& run) {
  CaseIndex index;
  std::vector<std::vector<const CaseRecord*>> launches;
  for (const CaseRecord& record : run.cases) {
    const std::size_t row = index.add(record.key);
    if (row == launches.size()) launches.emplace_back();
    launches[row].push_back(&record);
  }
  std::vector<CaseSummary> summaries;
  summaries.reserve(launches.size());
  for (const auto& records : launches) summaries.push_back(summarise(records));
  return summaries;
}

}  // namespace podbench
