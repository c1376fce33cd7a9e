// What the terminal shows of a comparison.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analysis/compare/outputs.hpp"
#include "analysis/compare/tuning.hpp"
#include "analysis/compare/words.hpp"
#include "analysis/statistics.hpp"
#include "analysis/text_table.hpp"
#include "base/quantity.hpp"

namespace podbench::compare {
namespace {

// Long lists are for the documents.
constexpr std::size_t most_listed = 10;
constexpr std::size_t longest_value = 60;

std::string shortened(const std::string& text) {
  return text.size() <= longest_value ? text : text.substr(0, longest_value - 3) + "...";
}

std::string sources(const Comparison& comparison) {
  std::string text;
  for (const RunEnvironment& run : comparison.base) text += fmt::format("base  {}\n", source_text(run));
  for (const RunEnvironment& run : comparison.next) text += fmt::format("new   {}\n", source_text(run));
  return text;
}

std::string drifting(const Comparison& comparison) {
  std::string text;
  for (const Drift& drift : comparison.drifts) text += drift_text(drift) + "\n";
  return text.empty() ? "" : "\n" + text;
}

std::string environment(const Comparison& comparison, bool colour, int width) {
  if (comparison.environment.empty()) return "\nThe environment is the same.\n";
  std::vector<TextColumn> columns = {
      {"differs", false, 0, {}}, {"on", false, 1, {}}, {"base", false, 0, {}}, {"new", false, 0, {}}};
  for (const EnvironmentDifference& difference : comparison.environment) {
    columns[0].cells.push_back({difference.name});
    columns[1].cells.push_back({difference.where});
    columns[2].cells.push_back({shortened(difference.base)});
    columns[3].cells.push_back({shortened(difference.next)});
  }
  return "\nThe environment is not the same:\n" + render(std::move(columns), colour, width);
}

// A key's text, or both where the sides were selected by it.
std::string both_texts(const KeyColumn& column, const MatchedCase& matched) {
  const std::string base = key_text(column, matched.base_key), next = key_text(column, matched.next_key);
  return base == next ? base : base + " > " + next;
}

// Keys that differ become columns; the others stand in a line above.
std::vector<TextColumn> key_columns_of(const Matching& matching, std::string& caption) {
  std::vector<TextColumn> columns;
  for (const KeyColumn* key : identity_columns()) {
    TextColumn column{std::string(key->name), key->number != nullptr, 0, {}};
    std::set<std::string> texts;
    for (const MatchedCase& matched : matching.cases) {
      column.cells.push_back({both_texts(*key, matched)});
      texts.insert(column.cells.back().text);
    }
    if (texts.size() > 1)
      columns.push_back(std::move(column));
    else if (!texts.begin()->empty())
      caption += fmt::format("{}{} {}", caption.empty() ? "" : "  ", key->name, *texts.begin());
  }
  return columns;
}

// The first metric in full; of the others what differs least from it is left out first where space is short.
void add_family(const Comparison& comparison, const Family& family, bool first,
                std::vector<TextColumn>& columns) {
  const std::string name(family.metric->name);
  TextColumn base{name, true, first ? 2 : 5, {}}, next{"new " + name, true, first ? 2 : 5, {}},
      ratio{first ? "ratio" : name + " ratio", true, first ? 0 : 1, {}},
      interval{first ? "95%" : name + " 95%", true, first ? 1 : 4, {}},
      verdict{first ? "verdict" : name + " verdict", false, first ? 0 : 1, {}};
  for (std::size_t i = 0; i < family.decisions.size(); ++i) {
    const Decision& decision = family.decisions[i];
    const Sides sides = sides_of(comparison.matching.cases[i], *family.metric);
    base.cells.push_back({format_duration_ns(median(sides.base))});
    next.cells.push_back({format_duration_ns(median(sides.next))});
    ratio.cells.push_back({ratio_text(decision.ratio), tone_of(decision.verdict)});
    interval.cells.push_back({interval_text(decision.lo, decision.hi)});
    verdict.cells.push_back({verdict_text(decision), tone_of(decision.verdict)});
  }
  for (TextColumn* column : {&base, &next, &ratio, &interval, &verdict})
    columns.push_back(std::move(*column));
}

void add_launches(const Matching& matching, std::vector<TextColumn>& columns) {
  TextColumn launches{"launches", true, 3, {}}, notes{"note", false, 6, {}};
  bool has_notes = false;
  for (const MatchedCase& matched : matching.cases) {
    launches.cells.push_back({fmt::format("{}/{}", matched.base.size(), matched.next.size())});
    notes.cells.push_back({matched.note, matched.note.empty() ? Tone::plain : Tone::warning});
    has_notes = has_notes || !matched.note.empty();
  }
  columns.push_back(std::move(launches));
  if (has_notes) columns.push_back(std::move(notes));
}

std::string table(const Comparison& comparison, bool colour, int width) {
  std::string caption;
  std::vector<TextColumn> columns = key_columns_of(comparison.matching, caption);
  bool first = true;
  for (const Family& family : comparison.families) {
    add_family(comparison, family, first, columns);
    first = false;
  }
  add_launches(comparison.matching, columns);
  return fmt::format("\n{}\nratio: time of new / time of base, above 1 is slower\n{}", caption,
                     render(std::move(columns), colour, width));
}

std::string summary(const Comparison& comparison) {
  std::string text = "\n";
  for (const Family& family : comparison.families)
    text += fmt::format("{}: {} cases: {}; geometric mean of the ratios {}\n", family.metric->name,
                        family.decisions.size(), counts_text(family.decisions), mean_text(family.mean));
  return text;
}

std::string crossings(const Comparison& comparison) {
  std::string text;
  for (const Family& family : comparison.families)
    for (const Crossover& crossover : family.crossovers)
      text += fmt::format("{} crosses: {}\n", family.metric->name,
                          crossover_text(crossover, comparison.matching));
  return text.empty() ? "" : "\n" + text;
}

std::string listed(const std::string& heading, const std::vector<std::string>& names) {
  if (names.empty()) return "";
  std::string text = fmt::format("\n{}: {} case{}\n", heading, names.size(), names.size() == 1 ? "" : "s");
  for (std::size_t i = 0; i < std::min(names.size(), most_listed); ++i)
    text += fmt::format("  {}\n", names[i]);
  if (names.size() > most_listed)
    text += fmt::format("  and {} more; --format json has all\n", names.size() - most_listed);
  return text;
}

std::string unmatched(const Matching& matching) {
  std::vector<std::string> broken, left_out;
  for (const LeftOutCase& one : matching.left_out)
    (one.broken ? broken : left_out).push_back(one.name + ": " + one.why);
  return listed("broken", broken) + listed("not compared", left_out) +
         listed("only in the base", matching.only_base) + listed("only in the new runs", matching.only_next);
}

std::string lead_text(const BestAlgorithm& best) {
  if (best.lead.verdict != Verdict::slower) return fmt::format("no better than {} for certain", best.second);
  return fmt::format("{} takes {} times as long", best.second, ratio_text(best.lead.ratio));
}

std::string best_table(const Comparison& comparison, bool colour, int width) {
  const bool has_choice = std::any_of(comparison.best.begin(), comparison.best.end(),
                                      [](const BestAlgorithm& best) { return best.candidates > 1; });
  if (!has_choice) return "";
  std::vector<TextColumn> columns = {{"pattern", false, 0, {}}, {"transport", false, 0, {}},
                                     {"ranks", true, 0, {}},    {"from", true, 0, {}},
                                     {"best", false, 0, {}},    {"lead there", false, 1, {}}};
  for (const TuningTable& tuning : tuning_tables(comparison.best))
    for (const TuningRanks& ranks : tuning.ranks)
      for (const TuningRange& range : ranks.ranges) {
        if (range.best->candidates < 2) continue;
        const std::vector<std::string> cells = {tuning.task.pattern,         tuning.task.transport,
                                                std::to_string(ranks.ranks), format_bytes(range.first_bytes),
                                                range.best->key.algorithm,   lead_text(*range.best)};
        for (std::size_t i = 0; i < cells.size(); ++i) columns[i].cells.push_back({cells[i]});
      }
  return "\nBest algorithms of the new side:\n" + render(std::move(columns), colour, width);
}

}  // namespace

std::string terminal_text(const Comparison& comparison, bool colour, int width_columns) {
  std::string text =
      sources(comparison) + environment(comparison, colour, width_columns) + drifting(comparison);
  if (comparison.matching.cases.empty())
    text += "\nNo case of both sides can be compared: nothing to say.\n";
  else
    text += table(comparison, colour, width_columns) + summary(comparison);
  return text + crossings(comparison) + unmatched(comparison.matching) +
         best_table(comparison, colour, width_columns);
}

}  // namespace podbench::compare
