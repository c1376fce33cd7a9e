// Stage 6: what other traffic does to a victim, and what many senders at once do to a receiver.
#include <fmt/format.h>

#include "analysis/accept/checks.hpp"
#include "analysis/accept/flow_sets.hpp"
#include "analysis/accept/scale.hpp"
#include "analysis/accept/stage_judges.hpp"
#include "analysis/statistics.hpp"

namespace podbench::accept {
namespace {

class Congestion {
 public:
  explicit Congestion(const RunView& view) : view_(view) { report_.stage = Stage::congestion; }

  StageReport report() {
    std::size_t cases = 0;
    for (const CaseSeries& series : view_.series(Stage::congestion)) {
      if (!timed(series)) continue;
      ++cases;
      if (series.launches.front()->impact_p99 > 0) {
        impact(series, "impact mean", &CaseRecord::impact_mean);
        impact(series, "impact p99", &CaseRecord::impact_p99);
      } else {
        goodput(series);
      }
    }
    if (cases > 0) report_.coverage.push_back({"cases under load", cases, cases});
    return std::move(report_);
  }

 private:
  // A load's factor on the mean must not exceed what its p99 may.
  void impact(const CaseSeries& series, const std::string& what, double CaseRecord::*factor) {
    std::vector<double> factors;
    for (const CaseRecord* record : series.launches) factors.push_back(record->*factor);
    hold(series,
         {name_of(series), what, "ratio", Limit::at_most, view_.pod().limits.impact_p99.value_or(no_number),
          "pod file"},
         factors, view_.pod().limits.impact_p99.has_value(), "impact_p99");
  }

  void goodput(const CaseSeries& series) {
    const double least = ceiling_seconds(view_, series);
    if (!(least > 0)) return;
    std::vector<double> shares;
    for (const CaseRecord* record : series.launches) shares.push_back(least / median_seconds(*record));
    hold(series,
         {name_of(series), "goodput, share of the ceiling", "ratio", Limit::at_least,
          view_.pod().limits.share_of_ceiling.value_or(no_number), "ceiling of the links"},
         shares, view_.pod().limits.share_of_ceiling.has_value(), "share_of_ceiling");
  }

  void hold(const CaseSeries& series, Question question, const std::vector<double>& values, bool has_limit,
            const std::string& key) {
    if (has_limit) {
      report_.checks.push_back(check_of(std::move(question), values));
      return;
    }
    report_.checks.push_back(unlimited_check(question.subject, question.what, question.unit, median(values),
                                             series.launches.size(), key));
  }

  const RunView& view_;
  StageReport report_;
};

}  // namespace

StageReport judge_congestion(const RunView& view) {
  return Congestion(view).report();
}

}  // namespace podbench::accept
