#include "bench/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "analysis/statistics.hpp"
#include "base/quantity.hpp"
#include "base/utc.hpp"

namespace podbench {

Progress::Progress(std::uint64_t done, std::uint64_t planned, std::int64_t began_utc_ns, bool quiet)
    : done_(done), planned_(planned), began_utc_ns_(began_utc_ns), quiet_(quiet) {}

std::string Progress::time_left() const {
  if (done_ == 0 || done_ >= planned_) return "";
  const double each_ns = static_cast<double>(utc_now_ns() - began_utc_ns_) / static_cast<double>(done_);
  const auto seconds = static_cast<std::int64_t>(each_ns * static_cast<double>(planned_ - done_) * 1e-9);
  return fmt::format("  {}:{:02} left", seconds / 60, seconds % 60);
}

void Progress::finished(const CaseRecord& record) {
  ++done_;
  if (quiet_ && !record.wrong) return;
  const std::string count = fmt::format("{}", planned_);
  if (planned_ != 0) fmt::print(stderr, "[{:>{}}/{}] ", done_, count.size(), count);
  fmt::print(stderr, "{}  {}{}\n", record.key.name(), outcome_in_words(record), time_left());
}

void Progress::note(const std::string& line) const {
  if (!quiet_) fmt::print(stderr, "{}\n", line);
}

std::string outcome_in_words(const CaseRecord& record) {
  if (record.wrong) {
    const WrongData& wrong = *record.wrong;
    return fmt::format("WRONG DATA: rank {}, element {}: expected {}, found {} ({} wrong)", wrong.rank,
                       wrong.element, wrong.expected, wrong.found, wrong.wrong_elements);
  }
  if (record.samples_ns.empty()) return fmt::format("{}: {}", name_of(record.status), record.note);
  std::vector<double> times = operation_times_ns(record);
  std::sort(times.begin(), times.end());
  const double p50 = quantile(times, 0.5);
  const Interval interval = median_interval(times);
  std::string words = fmt::format("p50 {} ±{:.1f}%  p99 {}", format_duration_ns(p50),
                                  p50 > 0 ? (interval.hi - interval.lo) / 2 / p50 * 100 : 0.0,
                                  format_duration_ns(quantile(times, 0.99)));
  if (record.status != CaseStatus::good) words += fmt::format("  ({})", name_of(record.status));
  return words;
}

}  // namespace podbench
