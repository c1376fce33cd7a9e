// A comparison as a page: curves of both sides, ratios, tables.
#include "analysis/report/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "analysis/compare/outputs.hpp"
#include "analysis/compare/tuning.hpp"
#include "analysis/compare/words.hpp"
#include "analysis/statistics.hpp"
#include "base/quantity.hpp"

namespace podbench::compare {
namespace {

using report::Axis;
using report::Cell;
using report::Chart;
using report::Curve;
using report::Page;
using report::Unit;

// More would make a page that nobody scrolls through; the table has every case.
constexpr std::size_t most_charts = 80;

void add_point(const std::vector<double>& launches, std::uint64_t bytes, Curve& curve) {
  const Middle middle = middle_of(launches);
  curve.x.push_back(static_cast<double>(bytes));
  curve.y.push_back(middle.median);
  curve.lo.push_back(middle.lo);
  curve.hi.push_back(middle.hi);
  curve.notes.push_back(fmt::format("{} launches", launches.size()));
}

// What the cases of a curve share, without their size.
std::string name_of(const SizeCurve& curve, const Matching& matching) {
  const CaseKey& base = matching.cases[curve.cases.front()].base_key;
  const CaseKey& next = matching.cases[curve.cases.front()].next_key;
  const auto both = [](const std::string& a, const std::string& b) { return a == b ? a : a + " > " + b; };
  std::string name = fmt::format("{}/{} {} {} ranks", both(base.pattern, next.pattern),
                                 both(base.algorithm, next.algorithm), both(base.transport, next.transport),
                                 both(std::to_string(base.ranks), std::to_string(next.ranks)));
  for (const auto& [option, value] : base.options) name += fmt::format(" {}:{}", option, value);
  if (base.cadence != "isolated") name += " " + base.cadence;
  return name;
}

Chart times(const SizeCurve& sizes, const Family& family, const Matching& matching) {
  Curve base{"base", {}, {}}, next{"new", {}, {}};
  for (const std::size_t at : sizes.cases) {
    const Sides sides = sides_of(matching.cases[at], *family.metric);
    add_point(sides.base, matching.cases[at].base_key.bytes, base);
    add_point(sides.next, matching.cases[at].base_key.bytes, next);
  }
  Chart chart{.title = name_of(sizes, matching),
              .x = Axis{"size", Unit::bytes, true},
              .y = Axis{std::string(family.metric->name), Unit::time_ns, true},
              .curves = {std::move(base), std::move(next)}};
  for (const Crossover& crossover : family.crossovers)
    if (std::find(sizes.cases.begin(), sizes.cases.end(), crossover.smaller) != sizes.cases.end())
      chart.marks.push_back({crossover.bytes,
                             crossover.next_wins_above ? "new faster from here" : "new slower from here",
                             !crossover.next_wins_above});
  return chart;
}

Curve ratios(const SizeCurve& sizes, const Family& family, const Matching& matching) {
  Curve curve{name_of(sizes, matching), {}, {}};
  for (const std::size_t at : sizes.cases) {
    const Decision& decision = family.decisions[at];
    curve.x.push_back(static_cast<double>(matching.cases[at].base_key.bytes));
    curve.y.push_back(decision.ratio);
    curve.lo.push_back(decision.lo);
    curve.hi.push_back(decision.hi);
    curve.notes.push_back(verdict_text(decision));
  }
  return curve;
}

void add_ratios(const std::vector<SizeCurve>& curves, const Family& family, const Matching& matching,
                Page& page) {
  std::map<std::string, std::vector<Curve>> by_pattern;
  for (const SizeCurve& sizes : curves)
    by_pattern[matching.cases[sizes.cases.front()].base_key.pattern].push_back(
        ratios(sizes, family, matching));
  for (auto& [pattern, its] : by_pattern)
    page.add(Chart{.title = fmt::format("{}: ratio of the {}", pattern, family.metric->name),
                   .note = "New over base with its 95% interval; above 1 is slower.",
                   .x = Axis{"size", Unit::bytes, true},
                   .y = Axis{"ratio", Unit::ratio, true},
                   .curves = std::move(its)});
}

Cell number_cell(double value, const std::string& text, Tone tone = Tone::plain) {
  return {text, value, true, tone};
}

report::Table case_table(const Family& family, const Matching& matching) {
  report::Table table{
      .title = fmt::format("Every case: {}", family.metric->long_name),
      .note = "p is the t test's, q the same after the correction for many cases.",
      .headings = {"case", "base", "new", "ratio", "95%", "verdict", "launches", "p", "q", "note"},
      .rows = {}};
  for (std::size_t i = 0; i < family.decisions.size(); ++i) {
    const Decision& decision = family.decisions[i];
    const MatchedCase& matched = matching.cases[i];
    const Sides sides = sides_of(matched, *family.metric);
    const double base = median(sides.base), next = median(sides.next);
    table.rows.push_back({{matched.name()},
                          number_cell(base, format_duration_ns(base)),
                          number_cell(next, format_duration_ns(next)),
                          number_cell(decision.ratio, ratio_text(decision.ratio), tone_of(decision.verdict)),
                          number_cell(decision.lo, interval_text(decision.lo, decision.hi)),
                          {verdict_text(decision), 0, false, tone_of(decision.verdict)},
                          {fmt::format("{}/{}", sides.base.size(), sides.next.size())},
                          number_cell(decision.p_value, fmt::format("{:.2g}", decision.p_value)),
                          number_cell(decision.q_value, fmt::format("{:.2g}", decision.q_value)),
                          {matched.note}});
  }
  return table;
}

void add_environment(const Comparison& comparison, Page& page) {
  page.section("Environment",
               comparison.environment.empty() ? "Both sides ran in the same environment." : "");
  report::Table sources{.title = "Runs", .headings = {"side", "run"}, .rows = {}};
  for (const RunEnvironment& run : comparison.base) sources.rows.push_back({{"base"}, {source_text(run)}});
  for (const RunEnvironment& run : comparison.next) sources.rows.push_back({{"new"}, {source_text(run)}});
  page.add(std::move(sources));
  for (const Drift& drift : comparison.drifts) page.paragraph(drift_text(drift) + ".");
  if (comparison.environment.empty()) return;
  report::Table table{.title = "What differs", .headings = {"what", "on", "base", "new"}, .rows = {}};
  for (const EnvironmentDifference& difference : comparison.environment)
    table.rows.push_back({{difference.name},
                          {difference.where.empty() ? "everywhere" : difference.where},
                          {difference.base},
                          {difference.next}});
  page.add(std::move(table));
}

void add_family(const Comparison& comparison, const Family& family, const std::vector<SizeCurve>& curves,
                Page& page) {
  const Matching& matching = comparison.matching;
  page.section(fmt::format("{} ({})", family.metric->name, family.metric->long_name),
               fmt::format("{} cases: {}. Geometric mean of the ratios: {}.", family.decisions.size(),
                           counts_text(family.decisions), mean_text(family.mean)));
  add_ratios(curves, family, matching, page);
  for (std::size_t i = 0; i < std::min(curves.size(), most_charts); ++i)
    page.add(times(curves[i], family, matching));
  if (curves.size() > most_charts)
    page.paragraph(
        fmt::format("{} of {} curves are drawn; the table has all cases.", most_charts, curves.size()));
  for (const Crossover& crossover : family.crossovers)
    page.paragraph(crossover_text(crossover, matching) + ".");
  page.add(case_table(family, matching));
}

void add_unmatched(const Matching& matching, Page& page) {
  if (matching.left_out.empty() && matching.only_base.empty() && matching.only_next.empty()) return;
  page.section("Not compared");
  report::Table table{.title = "Cases without a ratio", .headings = {"case", "why"}, .rows = {}};
  for (const LeftOutCase& one : matching.left_out)
    table.rows.push_back({{one.name}, {one.why, 0, false, one.broken ? Tone::bad : Tone::plain}});
  for (const std::string& name : matching.only_base) table.rows.push_back({{name}, {"only in the base"}});
  for (const std::string& name : matching.only_next) table.rows.push_back({{name}, {"only in the new runs"}});
  page.add(std::move(table));
}

void add_best(const Comparison& comparison, Page& page) {
  page.section("Best algorithms", "Of the new side, by median; from the given size up to the next one's.");
  report::Table table{.title = "Tuning table",
                      .headings = {"pattern", "transport", "ranks", "from", "algorithm", "measured at", "p50",
                                   "second", "second / best", "certain"},
                      .rows = {}};
  for (const TuningTable& tuning : tuning_tables(comparison.best))
    for (const TuningRanks& ranks : tuning.ranks)
      for (const TuningRange& range : ranks.ranges) {
        const BestAlgorithm& best = *range.best;
        const bool certain = best.lead.verdict == Verdict::slower;
        table.rows.push_back(
            {{tuning.task.pattern},
             {tuning.task.transport},
             number_cell(ranks.ranks, std::to_string(ranks.ranks)),
             number_cell(static_cast<double>(range.first_bytes), format_bytes(range.first_bytes)),
             {best.key.algorithm},
             number_cell(static_cast<double>(best.key.bytes), format_bytes(best.key.bytes)),
             number_cell(best.p50_ns, format_duration_ns(best.p50_ns)),
             {best.second.empty() ? "-" : best.second},
             number_cell(best.lead.ratio, best.second.empty() ? "-" : ratio_text(best.lead.ratio)),
             {best.second.empty() ? "-"
              : certain           ? "yes"
                                  : "no"}});
      }
  page.add(std::move(table));
}

void add_verdict(const Comparison& comparison, Page& page) {
  std::size_t slower = 0, undecided = 0;
  std::string text;
  for (const Family& family : comparison.families) {
    text +=
        fmt::format("{}{}: {}", text.empty() ? "" : "; ", family.metric->name, counts_text(family.decisions));
    for (const Decision& decision : family.decisions) {
      slower += decision.verdict == Verdict::slower ? 1 : 0;
      undecided += decision.verdict == Verdict::undecided ? 1 : 0;
    }
  }
  const std::size_t broken = broken_cases(comparison.matching);
  if (broken > 0) text += fmt::format("; {} broken", broken);
  page.verdict(text, slower + broken > 0 ? Tone::bad : undecided > 0 ? Tone::warning : Tone::plain);
}

std::string files_of(const std::vector<RunEnvironment>& runs) {
  std::string text;
  for (const RunEnvironment& run : runs) text += (text.empty() ? "" : ", ") + run.source;
  return text;
}

}  // namespace

std::string page_of(const Comparison& comparison) {
  Page page("Comparison", fmt::format("{} against {}", files_of(comparison.next), files_of(comparison.base)));
  add_verdict(comparison, page);
  add_environment(comparison, page);
  const std::vector<SizeCurve> curves = size_curves(comparison.matching);
  for (const Family& family : comparison.families) add_family(comparison, family, curves, page);
  add_unmatched(comparison.matching, page);
  if (!comparison.best.empty()) add_best(comparison, page);
  return page.html();
}

}  // namespace podbench::compare
