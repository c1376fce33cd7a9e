#include "analysis/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/columns.hpp"
#include "analysis/document.hpp"
#include "analysis/pivot.hpp"
#include "analysis/selection.hpp"
#include "analysis/text_table.hpp"
#include "base/error.hpp"
#include "base/names.hpp"

namespace podbench {
namespace {

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
  return caption_of(cases, keys) + "\n" + render(std::move(columns), request.colour, request.width_columns);
}

// `many`: several values stand beside each other in each column of the pivot.
std::string heading(const std::string& col, const ValueColumn& value, bool many) {
  if (col.empty()) return std::string(value.name);
  return many ? fmt::format("{} {}", col, value.name) : col;
}

// A pivot has no room for a status; what is not good bears a sign, which a line below explains.
class Signs {
 public:
  std::string_view of(CaseStatus status) {
    const Tone tone = tone_of(status);
    if (tone == Tone::plain) return "";
    ++met_[status];
    return tone == Tone::bad ? "!" : "*";
  }
  [[nodiscard]] std::string line() const {
    std::string text;
    for (const auto& [status, times] : met_)
      text += fmt::format("{}{} {}: {}", text.empty() ? "" : "  ", tone_of(status) == Tone::bad ? "!" : "*",
                          name_of(status), times);
    return text.empty() ? "" : text + "\n";
  }

 private:
  std::map<CaseStatus, int> met_;
};

// "1.5 us", and where ratios are asked for how it stands to the first column: "1.5 us x0.93".
std::string pivot_cell(const Pivot& pivot, std::size_t row, std::size_t col, const ValueColumn& value,
                       bool ratios) {
  const CaseSummary& summary = *pivot.at(row, col);
  std::string text = format_value(value, summary);
  const CaseSummary* first = pivot.at(row, 0);
  if (!ratios || col == 0 || first == nullptr) return text;
  const double ratio = value.value(summary) / value.value(*first);
  return std::isfinite(ratio) ? fmt::format("{} x{:.2f}", text, ratio) : text;
}

std::string pivot_table(const Pivot& pivot, const ShowRequest& request) {
  auto values = chosen_values(request);
  if (values.empty()) values.push_back(&find_value("p50"));
  std::vector<TextColumn> columns = {{std::string(pivot.rows->name), pivot.rows->number != nullptr, 0, {}}};
  for (const std::string& text : pivot.row_texts) columns.front().cells.push_back({text, Tone::plain});
  Signs signs;
  for (std::size_t col = 0; col < pivot.col_texts.size(); ++col) {
    for (const ValueColumn* value : values) {
      TextColumn column{heading(pivot.col_texts[col], *value, values.size() > 1), true, 1, {}};
      for (std::size_t row = 0; row < pivot.row_texts.size(); ++row) {
        const CaseSummary* summary = pivot.at(row, col);
        if (summary == nullptr) {
          column.cells.emplace_back();
          continue;
        }
        column.cells.push_back(
            {pivot_cell(pivot, row, col, *value, request.ratios), tone_of(summary->status)});
        if (value == values.front()) column.cells.back().text += signs.of(summary->status);
      }
      columns.push_back(std::move(column));
    }
  }
  std::string title = pivot.caption;
  if (values.size() == 1) title += fmt::format("{}value {}", title.empty() ? "" : "  ", values.front()->name);
  return title + "\n" + render(std::move(columns), request.colour, request.width_columns) + signs.line();
}

std::string terminal_text(std::span<const RunSummary> runs, const std::vector<TableCase>& cases,
                          const ShowRequest& request) {
  if (cases.empty()) return why_nothing_matches(runs, request.where) + "\n";
  if (request.rows.empty()) return flat_table(cases, request);
  std::string text;
  for (const Pivot& pivot : pivots_of(cases, request)) {
    if (!text.empty()) text += '\n';
    text += pivot_table(pivot, request);
  }
  return text;
}

}  // namespace

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

std::vector<const ValueColumn*> document_values(const ShowRequest& request) {
  auto values = chosen_values(request);
  if (values.empty()) {
    for (const ValueColumn& value : value_columns()) values.push_back(&value);
  }
  return values;
}

std::vector<Pivot> pivots_of(const std::vector<TableCase>& cases, const ShowRequest& request) {
  const KeyColumn* cols = request.cols.empty() ? nullptr : &find_key(request.cols);
  return pivots_of(cases, find_key(request.rows), cols);
}

TableFormat parse_table_format(std::string_view name) {
  const std::vector<std::string> known = {"table", "json", "csv"};
  const auto found = std::find(known.begin(), known.end(), name);
  if (found == known.end()) throw RequestError(unknown_name("format", name, known));
  return static_cast<TableFormat>(found - known.begin());
}

std::vector<TableCase> cases_of(std::span<const RunSummary> runs, const ShowRequest& request) {
  if (request.rows.empty() && !request.cols.empty()) {
    throw RequestError("--cols needs --rows: a pivot has one key down and one across");
  }
  if (!request.rows.empty() && request.rows == request.cols) {
    throw RequestError("--rows and --cols must be two different keys");
  }
  if (request.ratios && request.cols.empty()) {
    throw RequestError("--ratios needs --rows and --cols: columns are set against the first one");
  }
  if (!request.rows.empty()) static_cast<void>(find_key(request.rows));
  if (!request.cols.empty()) static_cast<void>(find_key(request.cols));
  static_cast<void>(chosen_values(request));
  std::vector<TableCase> cases = select_cases(runs, request.where);
  sort_for_reading(cases);
  return cases;
}

std::string show(std::span<const RunSummary> runs, const ShowRequest& request) {
  const std::vector<TableCase> cases = cases_of(runs, request);
  const auto values = document_values(request);
  switch (request.format) {
    case TableFormat::terminal:
      return terminal_text(runs, cases, request);
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
