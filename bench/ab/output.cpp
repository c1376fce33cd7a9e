#include "bench/ab/output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/compare/words.hpp"
#include "analysis/statistics.hpp"
#include "analysis/text_table.hpp"
#include "base/quantity.hpp"
#include "bench/ab/words.hpp"

namespace podbench {
namespace {

using compare::interval_text;
using compare::ratio_text;
using nlohmann::ordered_json;

// Slower at the 99th percentile, and not at the median.
constexpr const char* slower_tail = "slower tail";

bool wrong_data(const AbCase& entry) {
  return entry.wrong_a || entry.wrong_b;
}

std::string verdict_of(const AbCase& entry) {
  if (wrong_data(entry)) return "wrong data";
  if (entry.silent()) return "skipped";
  const Verdict p50 = entry.p50.decision.verdict;
  if (p50 != Verdict::slower && entry.p99.decision.verdict == Verdict::slower) return slower_tail;
  return std::string(name_of(p50));
}

Outcome outcome_of(const AbCase& entry) {
  if (wrong_data(entry)) return Outcome::fail;
  if (entry.silent()) return Outcome::skipped;
  const Verdict p50 = entry.p50.decision.verdict, p99 = entry.p99.decision.verdict;
  if (p50 == Verdict::slower || p99 == Verdict::slower) return Outcome::fail;
  return p50 == Verdict::undecided ? Outcome::inconclusive : Outcome::pass;
}

std::string times_in_words(const AbCase& entry) {
  const Decision &p50 = entry.p50.decision, &p99 = entry.p99.decision;
  std::string text =
      fmt::format("b takes {} times as long as a ({}), {} pairs, p {:.2g}, q {:.2g}", ratio_text(p50.ratio),
                  interval_text(p50.lo, p50.hi), entry.pairs(), p50.p_value, p50.q_value);
  if (p50.verdict == Verdict::undecided && p50.launches_needed > 0)
    text += fmt::format(", about {} would decide", p50.launches_needed);
  return text + fmt::format("; p99 {} ({})", ratio_text(p99.ratio), name_of(p99.verdict));
}

std::string evidence_of(const AbCase& entry) {
  std::string text = entry.silent() ? "no pair has a sample on both sides" : times_in_words(entry);
  for (const auto& [wrong, side] : {std::pair{entry.wrong_a, 'a'}, std::pair{entry.wrong_b, 'b'}})
    if (wrong) text += fmt::format("; wrong data on side {}", side);
  if (!entry.note.empty()) text += "; " + entry.note;
  return text;
}

void add_measures(const std::string& name, const AbMetric& metric, std::vector<Measure>& measures) {
  const Decision& decision = metric.decision;
  measures.push_back({name + "_a_time_seconds", median(metric.sides.base) / 1e9});
  measures.push_back({name + "_b_time_seconds", median(metric.sides.next) / 1e9});
  measures.push_back({name + "_time_ratio", decision.ratio});
  measures.push_back({name + "_low_time_ratio", decision.lo});
  measures.push_back({name + "_high_time_ratio", decision.hi});
  measures.push_back({name + "_p_value", decision.p_value});
  measures.push_back({name + "_q_value", decision.q_value});
  measures.push_back({name + "_cross_check_p_value", decision.sign_flip_p});
}

Finding finding_of(const AbCase& entry) {
  Finding finding{entry.name, entry.a.pattern, outcome_of(entry), verdict_of(entry), evidence_of(entry)};
  finding.labels = {{"case_a", entry.a.name()},
                    {"case_b", entry.b.name()},
                    {"p99_verdict", entry.silent() ? "" : std::string(name_of(entry.p99.decision.verdict))}};
  if (entry.silent()) return finding;
  add_measures("p50", entry.p50, finding.measures);
  add_measures("p99", entry.p99, finding.measures);
  finding.measures.push_back({"pairs", static_cast<double>(entry.pairs())});
  finding.measures.push_back({"pairs_needed", static_cast<double>(entry.p50.decision.launches_needed)});
  return finding;
}

std::string counts_of(const std::vector<AbCase>& cases) {
  std::string text;
  for (const char* verdict :
       {"slower", slower_tail, "faster", "equivalent", "undecided", "wrong data", "skipped"}) {
    const auto count = std::count_if(cases.begin(), cases.end(),
                                     [&](const AbCase& entry) { return verdict_of(entry) == verdict; });
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, verdict);
  }
  return text;
}

std::string end_in_words(const AbReport& report) {
  const int most = report.experiment.most_pairs();
  switch (report.result.end) {
    case CampaignEnd::decided:
      return report.pairs < most
                 ? fmt::format("ended after {} of {} pairs: all is decided", report.pairs, most)
                 : "";
    case CampaignEnd::all_pairs:
      return "";
    case CampaignEnd::broken:
    case CampaignEnd::by_person:
      return fmt::format("not completed, {} of {} pairs: {}", report.pairs, most, report.result.why);
  }
  return "";
}

// A few names, and how many more there are.
std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t most_named = 4;
  const std::size_t named = std::min(names.size(), most_named);
  const std::string text =
      fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(named), ", "));
  return names.size() > named ? fmt::format("{} and {} more", text, names.size() - named) : text;
}

std::vector<std::string> notes_of(const AbReport& report) {
  std::vector<std::string> notes;
  const Matching& matching = report.experiment.matching;
  if (const std::string end = end_in_words(report); !end.empty()) notes.push_back(end);
  if (report.experiment.a.side.words() == report.experiment.b.side.words() &&
      report.experiment.a.side.program == report.experiment.b.side.program)
    notes.emplace_back("both sides are the same: what differs is the noise of this machine");
  if (!matching.differing.empty())
    notes.push_back(
        fmt::format("the sides differ in {}; cases match on the rest", fmt::join(matching.differing, ", ")));
  if (!matching.only_a.empty()) notes.push_back("only in a, not compared: " + some_of(matching.only_a));
  if (!matching.only_b.empty()) notes.push_back("only in b, not compared: " + some_of(matching.only_b));
  const bool starts_differ = std::any_of(report.cases.begin(), report.cases.end(), [](const AbCase& entry) {
    return !entry.silent() && entry.a.sync != entry.b.sync;
  });
  if (starts_differ)
    notes.emplace_back("operations start in another way on the two sides (sync), which moves small times");
  if (report.result.share < 1 && report.pairs > 0)
    notes.push_back(
        fmt::format("all looks together keep 5%: this one tests at {:.3g}%", 5 * report.result.share));
  return notes;
}

TextColumn column(std::string heading, int importance) {
  return {std::move(heading), true, importance, {}};
}

Tone tone_of(const AbCase& entry) {
  const Outcome outcome = outcome_of(entry);
  if (outcome == Outcome::fail) return Tone::bad;
  return outcome == Outcome::inconclusive ? Tone::warning : Tone::plain;
}

std::string time_or_dash(const std::vector<double>& values) {
  return values.empty() ? "-" : format_duration_ns(median(values));
}

// How sure the intervals are, a heading as in other tables: "95%".
std::string sureness(double share) {
  return fmt::format("{:.4g}%", 100 - 5 * share);
}

std::string verdict_cell(const AbCase& entry) {
  const std::string verdict = verdict_of(entry);
  return verdict == name_of(Verdict::undecided) ? compare::verdict_text(entry.p50.decision) : verdict;
}

std::string table_of(const AbReport& report, bool colour, int width_columns) {
  std::array<TextColumn, 9> columns = {TextColumn{"case", false, 0, {}},
                                       column("a p50", 2),
                                       column("b p50", 2),
                                       column("ratio", 0),
                                       column(sureness(report.result.share), 1),
                                       TextColumn{"verdict", false, 0, {}},
                                       column("p99 ratio", 3),
                                       TextColumn{"p99 verdict", false, 3, {}},
                                       column("pairs", 4)};
  TextColumn notes{"note", false, 5, {}};
  constexpr std::size_t verdict = 5;
  for (const AbCase& entry : report.cases) {
    const Decision &p50 = entry.p50.decision, &p99 = entry.p99.decision;
    const std::array<std::string, columns.size()> texts = {entry.name,
                                                           time_or_dash(entry.p50.sides.base),
                                                           time_or_dash(entry.p50.sides.next),
                                                           ratio_text(p50.ratio),
                                                           interval_text(p50.lo, p50.hi),
                                                           verdict_cell(entry),
                                                           ratio_text(p99.ratio),
                                                           compare::verdict_text(p99),
                                                           fmt::format("{}", entry.pairs())};
    for (std::size_t i = 0; i < columns.size(); ++i)
      columns[i].cells.push_back({entry.silent() && i > 0 && i != verdict ? "-" : texts[i]});
    columns[verdict].cells.back().tone = tone_of(entry);
    notes.cells.push_back({entry.note, Tone::warning});
  }
  std::vector<TextColumn> shown(columns.begin(), columns.end());
  const bool has_notes = std::any_of(report.cases.begin(), report.cases.end(),
                                     [](const AbCase& entry) { return !entry.note.empty(); });
  if (has_notes) shown.push_back(std::move(notes));
  return "ratio: time of b / time of a, above 1 is slower\n" +
         render(std::move(shown), colour, width_columns);
}

std::string advice_of(const std::vector<AbCase>& cases) {
  std::size_t most = 0, undecided = 0;
  for (const AbCase& entry : cases) {
    if (entry.silent() || entry.decided()) continue;
    ++undecided;
    most = std::max(most, entry.p50.decision.launches_needed);
  }
  if (undecided == 0) return "";
  if (most == 0)
    return "more pairs are not likely to decide the undecided cases: their spread is too large\n";
  return fmt::format("about {} pairs would decide the undecided cases (--launches {})\n", most, most);
}

ordered_json side_object(const PlannedSide& planned) {
  return {{"words", join_words(planned.side.words())}, {"program", planned.side.program}};
}

}  // namespace

Findings ab_findings(const AbReport& report) {
  Findings findings;
  findings.command = "ab";
  findings.title = fmt::format("b against a over {} pairs of launches: {}", report.pairs,
                               report.pairs > 0 ? counts_of(report.cases) : "nothing to judge");
  findings.notes = notes_of(report);
  for (const AbCase& entry : report.cases) findings.findings.push_back(finding_of(entry));
  return findings;
}

std::string ab_terminal(const AbReport& report, const Findings& findings, bool colour, int width_columns) {
  std::string text;
  for (const PlannedSide* planned : {&report.experiment.a, &report.experiment.b})
    text += fmt::format("{}: {}{}\n", planned->side.letter, join_words(planned->side.words()),
                        report.experiment.a.side.program == report.experiment.b.side.program
                            ? ""
                            : fmt::format("  ({})", planned->side.program));
  for (const std::string& note : findings.notes) text += note + "\n";
  if (report.pairs > 0) text += "\n" + table_of(report, colour, width_columns) + "\n";
  text += findings.title + "\n";
  if (report.pairs > 0) text += advice_of(report.cases);
  for (const auto& [letter, file] : {std::pair{'a', &report.file_a}, std::pair{'b', &report.file_b}})
    if (!file->empty()) text += fmt::format("run file {}: {}\n", letter, *file);
  return text;
}

ordered_json ab_json(const AbReport& report, const Findings& findings) {
  ordered_json document = findings_object(findings);
  const Experiment& experiment = report.experiment;
  document["a"] = side_object(experiment.a);
  document["b"] = side_object(experiment.b);
  document["a"]["file"] = report.file_a;
  document["b"]["file"] = report.file_b;
  document["seed"] = experiment.seed;
  document["pairs"] = report.pairs;
  document["most_pairs"] = experiment.most_pairs();
  document["looks"] = experiment.looks;
  document["share_of_last_look"] = report.result.share;
  document["differing"] = experiment.matching.differing;
  document["only_a"] = experiment.matching.only_a;
  document["only_b"] = experiment.matching.only_b;
  return document;
}

}  // namespace podbench
