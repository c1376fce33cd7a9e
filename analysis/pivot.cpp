#include "analysis/pivot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <set>
#include <tuple>

#include "analysis/text_table.hpp"
#include "base/error.hpp"

namespace podbench {
namespace {

bool names_a_run(const KeyColumn& key) {
  return key.name == "run" || key.name == "started" || key.name == "pod";
}

struct Distinct {
  std::vector<std::string> texts;
  std::vector<double> numbers;
};

Distinct distinct(const KeyColumn& key, const std::vector<TableCase>& cases) {
  std::vector<std::pair<std::uint64_t, std::string>> found;
  std::set<std::string> seen;
  for (const TableCase& row : cases)
    if (std::string text = key.text(row); seen.insert(text).second)
      found.emplace_back(key.number == nullptr ? 0 : key.number(row), std::move(text));
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  Distinct distinct;
  for (auto& [number, text] : found) {
    distinct.texts.push_back(std::move(text));
    distinct.numbers.push_back(key.number == nullptr ? std::numeric_limits<double>::quiet_NaN()
                                                     : static_cast<double>(number));
  }
  return distinct;
}

// Cases that differ in nothing but the pivot's two keys, what goes with them, and status, which is measured.
std::vector<std::vector<TableCase>> groups_of(const std::vector<TableCase>& cases, const KeyColumn& rows,
                                              const KeyColumn* cols) {
  const bool by_run = names_a_run(rows) || (cols != nullptr && names_a_run(*cols));
  std::vector<std::vector<TableCase>> groups;
  std::map<std::vector<std::string>, std::size_t> place;
  for (const TableCase& row : cases) {
    std::vector<std::string> rest;
    for (const KeyColumn& key : key_columns()) {
      const bool apart =
          &key == &rows || &key == cols || key.name == "status" || (by_run && names_a_run(key));
      if (!apart) rest.push_back(key.text(row));
    }
    const auto [entry, is_new] = place.try_emplace(std::move(rest), groups.size());
    if (is_new) groups.emplace_back();
    groups[entry->second].push_back(row);
  }
  return groups;
}

Pivot pivot_of(const std::vector<TableCase>& cases, const KeyColumn& rows, const KeyColumn* cols) {
  Pivot pivot{&rows, cols, {}, {""}, {}, {}, {}};
  Distinct down = distinct(rows, cases);
  pivot.row_texts = std::move(down.texts);
  pivot.row_numbers = std::move(down.numbers);
  if (cols != nullptr) pivot.col_texts = distinct(*cols, cases).texts;
  for (const TableCase& row : cases) {
    const std::pair place(rows.text(row), cols == nullptr ? "" : cols->text(row));
    if (!pivot.cells.try_emplace(place, row.summary).second)
      throw RequestError(
          fmt::format("several runs have the same {}; use run as a key of the pivot, or choose one "
                      "with --where run=NAME",
                      names_a_run(rows) ? rows.name
                      : cols == nullptr ? rows.name
                                        : cols->name));
  }
  std::vector<const KeyColumn*> shown = {&rows, &find_key("status")};
  if (cols != nullptr) shown.push_back(cols);
  pivot.caption = caption_of(cases, shown);
  return pivot;
}

// The last `parts` parts of a path, without the ending of the file.
std::string tail_of(const std::filesystem::path& path, std::size_t parts) {
  std::string name = path.stem().string();
  std::filesystem::path folder = path.parent_path();
  for (std::size_t i = 1; i < parts && !folder.filename().empty(); ++i, folder = folder.parent_path())
    name = folder.filename().string() + "/" + name;
  return name;
}

}  // namespace

const CaseSummary* Pivot::at(std::size_t row, std::size_t col) const {
  const auto found = cells.find({row_texts[row], col_texts[col]});
  return found == cells.end() ? nullptr : found->second;
}

std::vector<Pivot> pivots_of(const std::vector<TableCase>& cases, const KeyColumn& rows,
                             const KeyColumn* cols) {
  std::vector<Pivot> pivots;
  for (const auto& group : groups_of(cases, rows, cols)) pivots.push_back(pivot_of(group, rows, cols));
  return pivots;
}

std::string caption_of(const std::vector<TableCase>& cases, const std::vector<const KeyColumn*>& shown) {
  const auto varying = varying_keys(cases);
  std::string line;
  for (const KeyColumn& key : key_columns()) {
    if (std::find(shown.begin(), shown.end(), &key) != shown.end()) continue;
    if (std::find(varying.begin(), varying.end(), &key) != varying.end()) continue;
    const std::string text = key.text(cases.front());
    if (text.empty()) continue;
    line += fmt::format("{}{} {}", line.empty() ? "" : "  ", key.name, text);
  }
  return printable(line);
}

std::vector<const KeyColumn*> varying_keys(const std::vector<TableCase>& cases) {
  std::vector<const KeyColumn*> keys;
  for (const KeyColumn& key : key_columns()) {
    const auto differs = [&](const TableCase& row) { return key.text(row) != key.text(cases.front()); };
    if (std::any_of(cases.begin(), cases.end(), differs)) keys.push_back(&key);
  }
  return keys;
}

void sort_for_reading(std::vector<TableCase>& cases) {
  const auto place = [](const TableCase& row) {
    const CaseKey& key = row.summary->key;
    return std::tie(key.pattern, key.datatype, key.op, key.ranks, key.bytes, key.transport, key.algorithm);
  };
  std::stable_sort(cases.begin(), cases.end(),
                   [&place](const TableCase& a, const TableCase& b) { return place(a) < place(b); });
}

void name_runs(std::vector<RunSummary>& runs) {
  std::size_t deepest = 1;
  for (const RunSummary& run : runs) {
    const std::filesystem::path path = run.source;
    deepest = std::max(deepest, static_cast<std::size_t>(std::distance(path.begin(), path.end())));
  }
  for (std::size_t parts = 1; parts <= deepest; ++parts) {
    std::map<std::string, std::size_t> uses;
    for (const RunSummary& run : runs) ++uses[run.name.empty() ? tail_of(run.source, parts) : run.name];
    for (RunSummary& run : runs)
      if (run.name.empty() && (parts == deepest || uses[tail_of(run.source, parts)] == 1))
        run.name = tail_of(run.source, parts);
  }
  // The same file twice.
  std::map<std::string, int> uses;
  for (RunSummary& run : runs)
    if (const int use = ++uses[run.name]; use > 1) run.name += fmt::format("#{}", use);
}

}  // namespace podbench
