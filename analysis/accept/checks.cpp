#include "analysis/accept/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/quantity.hpp"

namespace podbench::accept {

Check check_of(Question question, std::span<const double> by_launch) {
  const Judged judged = judge_median(by_launch, question.kind, question.limit);
  Check check;
  check.subject = std::move(question.subject);
  check.what = std::move(question.what);
  check.outcome = judged.outcome;
  check.unit = std::move(question.unit);
  check.limit = question.limit;
  check.measured = judged.median;
  check.bound = judged.bound;
  check.limit_from = std::move(question.limit_from);
  check.launches = static_cast<int>(judged.launches);
  check.evidence =
      fmt::format("{} of {} {}, limit {}", number_text(check.measured, check.unit), check.launches,
                  check.launches == 1 ? "launch" : "launches", number_text(check.limit, check.unit));
  return check;
}

Check plain_check(std::string subject, std::string what, Outcome outcome, std::string limit_from,
                  std::string evidence) {
  Check check;
  check.subject = std::move(subject);
  check.what = std::move(what);
  check.outcome = outcome;
  check.limit = check.measured = check.bound = no_number;
  check.limit_from = std::move(limit_from);
  check.evidence = std::move(evidence);
  return check;
}

Check unlimited_check(std::string subject, std::string what, const std::string& unit, double median,
                      std::size_t launches, const std::string& missing) {
  Check check = plain_check(std::move(subject), std::move(what), Outcome::pass, "no limit",
                            fmt::format("{}; the pod file has no {}", number_text(median, unit), missing));
  check.unit = unit;
  check.measured = median;
  check.launches = static_cast<int>(launches);
  return check;
}

Outcome outcome_of(const StageReport& report) {
  const auto any = [&](Outcome outcome) {
    return std::any_of(report.checks.begin(), report.checks.end(),
                       [&](const Check& check) { return check.outcome == outcome; });
  };
  if (report.checks.empty()) return Outcome::skipped;
  if (any(Outcome::fail)) return Outcome::fail;
  const bool whole =
      std::all_of(report.coverage.begin(), report.coverage.end(),
                  [](const Coverage& coverage) { return coverage.exercised >= coverage.planned; });
  return any(Outcome::inconclusive) || !whole ? Outcome::inconclusive : Outcome::pass;
}

std::string number_text(double value, const std::string& unit) {
  if (!std::isfinite(value)) return "-";
  if (unit == "s") return format_duration_ns(value * 1e9);
  if (unit == "B/s")
    return value < 1e9 ? fmt::format("{:.4g} MB/s", value / 1e6) : fmt::format("{:.4g} GB/s", value / 1e9);
  return unit.empty() || unit == "ratio" ? fmt::format("{:.3g}", value)
                                         : fmt::format("{:.4g} {}", value, unit);
}

std::string percent_text(double share) {
  return std::abs(share) < 0.0995 ? fmt::format("{:.2g}%", 100 * share) : fmt::format("{:.0f}%", 100 * share);
}

}  // namespace podbench::accept
