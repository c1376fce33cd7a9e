// The HTML page of an `ab`: verdicts, curves of both sides over the size, the ratio of each pair in the order
// in which they ran.
#include "analysis/report/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/compare/words.hpp"
#include "analysis/statistics.hpp"
#include "bench/ab/output.hpp"
#include "bench/ab/words.hpp"

namespace podbench {
namespace {

using report::Axis;
using report::Cell;
using report::Chart;
using report::Curve;
using report::Page;
using report::Table;
using report::Unit;

constexpr std::size_t most_pair_curves = 12;

Cell number(double value, Unit unit, const std::string& none = "-") {
  if (!std::isfinite(value)) return {none};
  return {report::format_number(value, unit), value, true};
}

Cell ratio(double value) {
  if (!std::isfinite(value)) return {"-"};
  return {compare::ratio_text(value), value, true};
}

Tone tone_of(Outcome outcome) {
  if (outcome == Outcome::fail) return Tone::bad;
  return outcome == Outcome::inconclusive ? Tone::warning : Tone::plain;
}

Table verdict_table(const std::vector<AbCase>& cases, const Findings& findings) {
  Table table{
      "Verdicts",

      "against the interval.",
      {"case", "a p50", "b p50", "ratio", "from", "to", "p99 ratio", "p99 verdict", "pairs", "verdict"},
      {}};
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const AbCase& entry = cases[i];
    const Finding& finding = findings.findings[i];
    const Tone tone = tone_of(finding.outcome);
    std::vector<Cell> row = {{entry.name}};
    if (entry.silent()) {
      row.insert(row.end(), 7, Cell{"-"});
    } else {
      const Decision &p50 = entry.p50.decision, &p99 = entry.p99.decision;
      row.push_back(number(middle_of(entry.p50.sides.base).median, Unit::time_ns));
      row.push_back(number(middle_of(entry.p50.sides.next).median, Unit::time_ns));
      for (const double value : {p50.ratio, p50.lo, p50.hi, p99.ratio}) row.push_back(ratio(value));
      row.push_back({std::string(name_of(p99.verdict))});
    }
    row.push_back(number(static_cast<double>(entry.pairs()), Unit::count));
    row.push_back({finding.verdict, 0, false, tone});
    table.rows.push_back(std::move(row));
  }
  return table;
}

// A case's name but for its size: what one curve has in common.
std::string without_size(const AbCase& entry) {
  CaseKey key = entry.a;
  key.bytes = 0;
  return key.name();
}

void add_point(Curve& curve, double bytes, const std::vector<double>& values) {
  const Middle middle = middle_of(values);
  curve.x.push_back(bytes);
  curve.y.push_back(middle.median);
  curve.lo.push_back(middle.lo);
  curve.hi.push_back(middle.hi);
}

// A chart for every group of cases that differ only in size.
void add_curves(const std::vector<AbCase>& cases, Page& page) {
  std::map<std::string, std::map<std::uint64_t, const AbCase*>> groups;
  for (const AbCase& entry : cases)
    if (!entry.silent()) groups[without_size(entry)].emplace(entry.a.bytes, &entry);
  std::erase_if(groups, [](const auto& group) { return group.second.size() < 2; });
  if (groups.empty()) return;
  page.section("Over the size",
               "Median of the launches with its interval, one chart for all cases that differ "
               "only in size.");
  for (const auto& [name, by_size] : groups) {
    const CaseKey& key = by_size.begin()->second->a;
    Chart chart{fmt::format("{}/{}, {} ranks", key.pattern, key.algorithm, key.ranks),
                "",
                Axis{"bytes a rank", Unit::bytes, true},
                Axis{"time of one operation", Unit::time_ns, true},
                {{"a: " + key.transport, {}, {}}, {"b: " + by_size.begin()->second->b.transport, {}, {}}}};
    for (const auto& [bytes, entry] : by_size) {
      add_point(chart.curves[0], static_cast<double>(bytes), entry->p50.sides.base);
      add_point(chart.curves[1], static_cast<double>(bytes), entry->p50.sides.next);
    }
    page.add(std::move(chart));
  }
}

// The cases that are furthest from no difference.
std::vector<const AbCase*> most_different(const std::vector<AbCase>& cases) {
  std::vector<const AbCase*> chosen;
  for (const AbCase& entry : cases)
    if (!entry.silent()) chosen.push_back(&entry);
  const auto distance = [](const AbCase* entry) { return std::abs(std::log(entry->p50.decision.ratio)); };
  std::sort(chosen.begin(), chosen.end(),
            [&](const AbCase* x, const AbCase* y) { return distance(x) > distance(y); });
  if (chosen.size() > most_pair_curves) chosen.resize(most_pair_curves);
  return chosen;
}

void add_pairs(const std::vector<AbCase>& cases, Page& page) {
  const std::vector<const AbCase*> chosen = most_different(cases);
  if (chosen.empty()) return;
  page.section("Pair by pair", chosen.size() < cases.size()
                                   ? fmt::format("The {} cases that differ most.", chosen.size())
                                   : "");
  Chart chart{"b / a of each pair",
              "In the order in which they ran: a trend or a step says that the machine changed meanwhile.",
              Axis{"pair", Unit::count},
              Axis{"b / a, p50", Unit::ratio},
              {}};
  for (const AbCase* entry : chosen) {
    Curve curve{entry->name, {}, {}};
    for (std::size_t i = 0; i < entry->pairs(); ++i) {
      curve.x.push_back(static_cast<double>(i));
      curve.y.push_back(entry->p50.sides.next[i] / entry->p50.sides.base[i]);
    }
    chart.curves.push_back(std::move(curve));
  }
  page.add(std::move(chart));
}

void add_design(const AbReport& report, Page& page) {
  const Experiment& experiment = report.experiment;
  page.section("How it was done");
  for (const PlannedSide* planned : {&experiment.a, &experiment.b})
    page.paragraph(fmt::format("{}: {} ({})", planned->side.letter, join_words(planned->side.words()),
                               planned->side.program));
  page.paragraph(
      fmt::format("{} of at most {} pairs of launches in random order, seed {}; looks after {} pairs.",
                  report.pairs, experiment.most_pairs(), experiment.seed, fmt::join(experiment.looks, ", ")));
  for (const auto& [letter, file] : {std::pair{'a', &report.file_a}, std::pair{'b', &report.file_b}})
    if (!file->empty()) page.paragraph(fmt::format("Run file {}: {}", letter, *file));
}

}  // namespace

std::string ab_html(const AbReport& report, const Findings& findings) {
  Page page("podbench ab", fmt::format("{} against {}", join_words(report.experiment.b.side.words()),
                                       join_words(report.experiment.a.side.words())));
  const ExitCode code = exit_code(findings);
  page.verdict(findings.title, code == ExitCode::check_failed   ? Tone::bad
                               : code == ExitCode::inconclusive ? Tone::warning
                                                                : Tone::plain);
  for (const std::string& note : findings.notes) page.paragraph(note);
  page.section("Verdicts");
  page.add(verdict_table(report.cases, findings));
  add_curves(report.cases, page);
  add_pairs(report.cases, page);
  add_design(report, page);
  return page.html();
}

}  // namespace podbench
