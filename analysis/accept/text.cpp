// What the terminal shows of an acceptance: the verdict, what failed and where, how sure that is, what to do.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analysis/accept/checks.hpp"
#include "analysis/accept/words.hpp"
#include "analysis/text_table.hpp"

namespace podbench::accept {
namespace {

constexpr std::size_t most_listed = 8;

Tone tone_of(Outcome outcome) {
  return outcome == Outcome::fail           ? Tone::bad
         : outcome == Outcome::inconclusive ? Tone::warning
                                            : Tone::plain;
}

TextCell counted(std::size_t count, Tone tone) {
  return count == 0 ? TextCell{""} : TextCell{std::to_string(count), tone};
}

std::string coverage_text(const StageReport& report) {
  std::string text;
  for (const Coverage& coverage : report.coverage)
    text += fmt::format("{}{}/{} {}", text.empty() ? "" : ", ", coverage.exercised, coverage.planned,
                        coverage.what);
  return text;
}

std::string stage_table(const Acceptance& acceptance, bool colour) {
  std::vector<TextColumn> columns = {{"stage", false, 0, {}},    {"verdict", false, 0, {}},
                                     {"checks", true, 0, {}},    {"failed", true, 0, {}},
                                     {"undecided", true, 0, {}}, {"covered", false, 1, {}}};
  for (const StageReport& report : acceptance.stages) {
    const bool skipped = report.outcome == Outcome::skipped;
    const std::size_t failed = count(report, Outcome::fail), open = count(report, Outcome::inconclusive);
    columns[0].cells.push_back({std::string(name_of(report.stage))});
    columns[1].cells.push_back(
        {skipped ? "not run" : std::string(name_of(report.outcome)), tone_of(report.outcome)});
    columns[2].cells.push_back({skipped ? "" : std::to_string(report.checks.size())});
    columns[3].cells.push_back(counted(failed, Tone::bad));
    columns[4].cells.push_back(counted(open, Tone::warning));
    columns[5].cells.push_back({coverage_text(report)});
  }
  return render(std::move(columns), colour, 0);
}

std::string failed_checks(const StageReport& report) {
  std::string text;
  std::size_t listed = 0;
  for (const Outcome outcome : {Outcome::fail, Outcome::inconclusive})
    for (const Check& check : report.checks) {
      if (check.outcome != outcome) continue;
      if (++listed > most_listed) continue;
      text += printable(fmt::format("  {:<12} {}, {}: {} ({})", name_of(check.outcome), check.subject,
                                    check.what, check.evidence, check.limit_from)) +
              "\n";
    }
  if (listed > most_listed)
    text += fmt::format("  and {} more; --html and --json have all\n", listed - most_listed);
  return text.empty() ? "" : fmt::format("\n{}:\n{}", name_of(report.stage), text);
}

std::string notes_of(const Acceptance& acceptance) {
  std::string text;
  for (const StageReport& report : acceptance.stages) {
    for (std::size_t i = 0; i < std::min(report.notes.size(), most_listed); ++i)
      text += printable(fmt::format("  {}: {}", name_of(report.stage), report.notes[i])) + "\n";
    if (report.notes.size() > most_listed)
      text += fmt::format("  {}: and {} more\n", name_of(report.stage), report.notes.size() - most_listed);
    if (report.outcome != Outcome::skipped && !report.smallest_caught.empty())
      text += printable(fmt::format("  {}: this run would have caught {}", name_of(report.stage),
                                    report.smallest_caught)) +
              "\n";
  }
  return text.empty() ? "" : "\nnotes:\n" + text;
}

}  // namespace

std::string text_of(const Acceptance& acceptance, bool colour) {
  std::string text = printable(verdict_text(acceptance)) + "\n";
  const std::vector<Culprit> culprits = culprits_of(acceptance);
  if (!culprits.empty()) text += "\nto blame:\n";
  for (const Culprit& culprit : culprits)
    text += printable(fmt::format("  {}{}", culprit.certain ? "" : "suspected: ", culprit.words)) + "\n";
  text += "\n" + stage_table(acceptance, colour);
  for (const StageReport& report : acceptance.stages) text += failed_checks(report);
  text += notes_of(acceptance);
  text += "\nwhat to do:\n";
  for (const std::string& step : advice(acceptance)) text += printable("  " + step) + "\n";
  return text + fmt::format("\nfingerprint {}\n", acceptance.fingerprint);
}

}  // namespace podbench::accept
