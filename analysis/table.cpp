#include "analysis/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "analysis/columns.hpp"
#include "analysis/document.hpp"
#include "analysis/selection.hpp"
#include "analysis/text_table.hpp"
#include "base/error.hpp"
#include "base/names.hpp"

namespace podbench {
namespace {

constexpr std::string_view nothing_selected = "no case matches\n";

Tone tone_of(CaseStatus status) {
  switch (status) {
    case CaseStatus::wrong_data:
    case CaseStatus::failed:
      return Tone::bad;
    case CaseStatus::not_converged:
    case CaseStatus::contended:
      return Tone::warning;
    case CaseStatus::good:
    case CaseStatus::skipped:
      return Tone::plain;
  }
  return Tone::plain;
}

std::vector<const ValueColumn*> chosen_values(const ShowRequest& request) {
  std::vector<const ValueColumn*> values;
  for (const std::string& name : request.values) values.push_back(&find_value(name));
  return values;
}

// The keys in which the cases differ.
std::vector<const KeyColumn*> varying_keys(const std::vector<TableCase>& cases) {
  std::vector<const KeyColumn*> keys;
  for (const KeyColumn& key : key_columns()) {
    const auto differs = [&](const TableCase& row) { return key.text(row) != key.text(cases.front()); };
    if (std::any_of(cases.begin(), cases.end(), differs)) keys.push_back(&key);
  }
  return keys;
}

// What is the same in all cases, as a line over the table: "float32, 4 ranks" reads "datatype float32  ranks
// 4".
std::string caption(const std::vector<TableCase>& cases, const std::vector<const KeyColumn*>& shown) {
  std::string line;
  for (const KeyColumn& key : key_columns()) {
    if (std::find(shown.begin(), shown.end(), &key) != shown.end()) continue;
    const std::string text = key.text(cases.front());
    if (text.empty()) continue;
    line += fmt::format("{}{} {}", line.empty() ? "" : "  ", key.name, text);
  }
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, '?');
  return line;
}

TextColumn key_column(const KeyColumn& key, const std::vector<TableCase>& cases) {
  TextColumn column{std::string(key.name), key.number != nullptr, 0, {}};
  const bool is_status = key.name == "status";
  for (const TableCase& row : cases) {
    column.cells.push_back({key.text(row), is_status ? tone_of(row.summary->status) : Tone::plain});
  }
  return column;
}

TextColumn value_column(const ValueColumn& value, const std::vector<TableCase>& cases, int importance) {
  TextColumn column{std::string(value.name), true, importance, {}};
  for (const TableCase& row : cases) column.cells.push_back({format_value(value, *row.summary), Tone::plain});
  return column;
}

// Half the interval of p50 as a share of it.
TextColumn interval_column(const std::vector<TableCase>& cases, int importance) {
  TextColumn column{"95%", true, importance, {}};
  for (const TableCase& row : cases) {
    const CaseSummary& summary = *row.summary;
    const double share = (summary.ci_hi_ns - summary.ci_lo_ns) / 2 / summary.p50_ns * 100;
    column.cells.push_back({std::isfinite(share) ? fmt::format("±{:.1f}%", share) : "-", Tone::plain});
  }
  return column;
}

std::string flat_table(const std::vector<TableCase>& cases, const ShowRequest& request) {
  const auto keys = varying_keys(cases);
  std::vector<TextColumn> columns;
  for (const KeyColumn* key : keys) columns.push_back(key_column(*key, cases));
  const auto values = chosen_values(request);
  for (const ValueColumn* value : values) columns.push_back(value_column(*value, cases, 1));
  if (values.empty()) {
    columns.push_back(value_column(find_value("p50"), cases, 0));
    columns.push_back(interval_column(cases, 4));
    columns.push_back(value_column(find_value("p99"), cases, 2));
    columns.push_back(value_column(find_value("algbw"), cases, 3));
    columns.push_back(value_column(find_value("busbw"), cases, 1));
    columns.push_back(value_column(find_value("n"), cases, 5));
  }
  return caption(cases, keys) + "\n" + render(std::move(columns), request.colour, request.width_columns);
}

// The distinct texts of a key, ordered by number or, for text, as they first appear.
std::vector<std::string> distinct(const KeyColumn& key, const std::vector<TableCase>& cases) {
  std::vector<std::pair<std::uint64_t, std::string>> found;
  for (const TableCase& row : cases) {
    const std::string text = key.text(row);
    if (std::none_of(found.begin(), found.end(), [&](const auto& entry) { return entry.second == text; })) {
      found.emplace_back(key.number == nullptr ? 0 : key.number(row), text);
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> texts;
  for (auto& entry : found) texts.push_back(std::move(entry.second));
  return texts;
}

// Cases that differ in nothing but the pivot's two keys, and status, which is measured: one table.
std::vector<std::vector<TableCase>> tables_of(const std::vector<TableCase>& cases, const KeyColumn& rows,
                                              const KeyColumn* cols) {
  std::vector<std::vector<TableCase>> tables;
  std::map<std::vector<std::string>, std::size_t> place;
  for (const TableCase& row : cases) {
    std::vector<std::string> rest;
    for (const KeyColumn& key : key_columns()) {
      if (&key != &rows && &key != cols && key.name != "status") rest.push_back(key.text(row));
    }
    const auto [entry, is_new] = place.try_emplace(std::move(rest), tables.size());
    if (is_new) tables.emplace_back();
    tables[entry->second].push_back(row);
  }
  return tables;
}

struct Pivot {
  std::vector<std::string> rows, cols;  // cols: one empty text where there is no key across
  std::map<std::pair<std::string, std::string>, const CaseSummary*> cells;
};

Pivot pivot_of(const std::vector<TableCase>& cases, const KeyColumn& rows, const KeyColumn* cols) {
  Pivot pivot{distinct(rows, cases), {""}, {}};
  if (cols != nullptr) pivot.cols = distinct(*cols, cases);
  for (const TableCase& row : cases) {
    pivot.cells[{rows.text(row), cols == nullptr ? "" : cols->text(row)}] = row.summary;
  }
  return pivot;
}

// `many`: several values stand beside each other in each column of the pivot.
std::string heading(const std::string& col, const ValueColumn& value, bool many) {
  if (col.empty()) return std::string(value.name);
  return many ? fmt::format("{} {}", col, value.name) : col;
}

std::string pivot_table(const std::vector<TableCase>& cases, const KeyColumn& rows, const KeyColumn* cols,
                        const ShowRequest& request) {
  auto values = chosen_values(request);
  if (values.empty()) values.push_back(&find_value("p50"));
  const Pivot pivot = pivot_of(cases, rows, cols);
  std::vector<TextColumn> columns = {{std::string(rows.name), rows.number != nullptr, 0, {}}};
  for (const std::string& text : pivot.rows) columns.front().cells.push_back({text, Tone::plain});
  for (const std::string& col : pivot.cols) {
    for (const ValueColumn* value : values) {
      TextColumn column{heading(col, *value, values.size() > 1), true, 1, {}};
      for (const std::string& text : pivot.rows) {
        const auto cell = pivot.cells.find({text, col});
        column.cells.push_back(cell == pivot.cells.end() ? TextCell{}
                                                         : TextCell{format_value(*value, *cell->second),
                                                                    tone_of(cell->second->status)});
      }
      columns.push_back(std::move(column));
    }
  }
  std::vector<const KeyColumn*> shown = {&rows, &find_key("status")};
  if (cols != nullptr) shown.push_back(cols);
  std::string title = caption(cases, shown);
  if (values.size() == 1) title += fmt::format("{}value {}", title.empty() ? "" : "  ", values.front()->name);
  return title + "\n" + render(std::move(columns), request.colour, request.width_columns);
}

std::string terminal_text(const std::vector<TableCase>& cases, const ShowRequest& request) {
  if (cases.empty()) return std::string(nothing_selected);
  if (request.rows.empty()) return flat_table(cases, request);
  const KeyColumn& rows = find_key(request.rows);
  const KeyColumn* cols = request.cols.empty() ? nullptr : &find_key(request.cols);
  std::string text;
  for (const auto& table : tables_of(cases, rows, cols)) {
    if (!text.empty()) text += '\n';
    text += pivot_table(table, rows, cols, request);
  }
  return text;
}

// Cases ran in a shuffled order; a reader wants what compares to stand together.
void sort_for_reading(std::vector<TableCase>& cases) {
  const auto place = [](const TableCase& row) {
    const CaseKey& key = row.summary->key;
    return std::tie(key.pattern, key.datatype, key.op, key.ranks, key.bytes, key.transport, key.algorithm);
  };
  std::stable_sort(cases.begin(), cases.end(),
                   [&place](const TableCase& a, const TableCase& b) { return place(a) < place(b); });
}

// Documents are always long, a case each: every tool pivots by itself.
std::vector<const ValueColumn*> document_values(const ShowRequest& request) {
  auto values = chosen_values(request);
  if (values.empty()) {
    for (const ValueColumn& value : value_columns()) values.push_back(&value);
  }
  return values;
}

}  // namespace

TableFormat parse_table_format(std::string_view name) {
  const std::vector<std::string> known = {"table", "json", "csv"};
  const auto found = std::find(known.begin(), known.end(), name);
  if (found == known.end()) throw RequestError(unknown_name("format", name, known));
  return static_cast<TableFormat>(found - known.begin());
}

std::string show(std::span<const RunSummary> runs, const ShowRequest& request) {
  if (request.rows.empty() && !request.cols.empty()) {
    throw RequestError("--cols needs --rows: a pivot has one key down and one across");
  }
  if (!request.rows.empty() && request.rows == request.cols) {
    throw RequestError("--rows and --cols must be two different keys");
  }
  if (!request.rows.empty()) static_cast<void>(find_key(request.rows));
  if (!request.cols.empty()) static_cast<void>(find_key(request.cols));
  std::vector<TableCase> cases = select_cases(runs, request.where);
  sort_for_reading(cases);
  const auto values = document_values(request);
  switch (request.format) {
    case TableFormat::terminal:
      return terminal_text(cases, request);
    case TableFormat::json:
      return json_document(cases, values);
    case TableFormat::csv:
      return csv_document(cases, values);
  }
  return "";
}

std::vector<std::string> table_keys() {
  std::vector<std::string> names;
  for (const KeyColumn& key : key_columns()) names.emplace_back(key.name);
  return names;
}

std::vector<std::string> table_values() {
  std::vector<std::string> names;
  for (const ValueColumn& value : value_columns()) names.emplace_back(value.name);
  return names;
}

}  // namespace podbench
