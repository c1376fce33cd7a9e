// What the sections of a run page share.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/report/run/parts.hpp"

namespace podbench::report {
namespace {

// Keys that a reader looks for first; the others say so only where they differ.
constexpr std::string_view joint = " · ";

std::string value_text(const ShownCase& one, const KeyColumn& key) {
  const std::string text = key.text(one.table_case());
  if (key.name == "ranks") return text + (text == "1" ? " rank" : " ranks");
  if (key.name == "nodes") return text + (text == "1" ? " node" : " nodes");
  return text;
}

}  // namespace

std::vector<ShownCase> shown_cases(const std::vector<WholeRun>& runs) {
  std::vector<ShownCase> cases;
  for (const WholeRun& run : runs) {
    std::map<std::uint64_t, std::size_t> place;
    for (const CaseSummary& summary : run.summary.cases) {
      place[summary.key.series_id()] = cases.size();
      cases.push_back({&run, &summary, {}});
    }
    for (const CaseRecord& record : run.run.cases)
      if (const auto found = place.find(record.key.series_id()); found != place.end())
        cases[found->second].records.push_back(&record);
  }
  return cases;
}

std::vector<const KeyColumn*> differing_keys(const std::vector<ShownCase>& cases) {
  std::vector<const KeyColumn*> keys;
  bool runs_differ = false;
  for (const KeyColumn& key : key_columns()) {
    if (key.name == "status") continue;
    std::set<std::string> values;
    for (const ShownCase& one : cases) values.insert(key.text(one.table_case()));
    if (values.size() < 2 || (runs_differ && key.name == "started")) continue;
    runs_differ = runs_differ || key.name == "run";
    keys.push_back(&key);
  }
  return keys;
}

std::string label_of(const ShownCase& one, const std::vector<const KeyColumn*>& keys) {
  std::string label;
  for (const KeyColumn* key : keys) {
    const std::string text = value_text(one, *key);
    if (text.empty()) continue;
    label += (label.empty() ? "" : std::string(joint)) + text;
  }
  return label;
}

Cell text_cell(std::string text, Tone tone) {
  return {.text = std::move(text), .tone = tone};
}

Cell number_cell(double value, Unit unit, Tone tone) {
  return {.text = format_number(value, unit), .sort = value, .numeric = true, .tone = tone};
}

Tone tone_of(CaseStatus status) {
  switch (status) {
    case CaseStatus::good:
      return Tone::plain;
    case CaseStatus::not_converged:
    case CaseStatus::contended:
    case CaseStatus::skipped:
      return Tone::warning;
    case CaseStatus::wrong_data:
    case CaseStatus::failed:
      return Tone::bad;
  }
  return Tone::plain;
}

}  // namespace podbench::report
