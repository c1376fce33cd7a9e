#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/report/page.hpp"
#include "analysis/show/show.hpp"

namespace podbench {
namespace {

using report::Axis;
using report::Cell;
using report::Chart;
using report::Curve;
using report::Page;
using report::Table;
using report::Unit;

constexpr std::size_t most_curves = 24;  // a chart; more could not be told apart

Unit unit_of(const ValueColumn& value) {
  switch (value.quantity) {
    case Quantity::time_ns:
      return Unit::time_ns;
    case Quantity::rate_gbps:
      return Unit::gbps;
    case Quantity::ratio:
      return Unit::ratio;
    case Quantity::count:
      break;
  }
  return Unit::count;
}

Cell value_cell(const ValueColumn& column, const CaseSummary& summary) {
  const double value = column.value(summary);
  return {format_value(column, summary), value, std::isfinite(value), tone_of(summary.status)};
}

Cell key_cell(const KeyColumn& key, const TableCase& row) {
  if (key.number == nullptr)
    return {key.text(row), 0, false, key.name == "status" ? tone_of(row.summary->status) : Tone::plain};
  return {key.text(row), static_cast<double>(key.number(row)), true, Tone::plain};
}

Axis axis_of(const KeyColumn& key) {
  return {std::string(key.name), key.name == "bytes" ? Unit::bytes : Unit::count, key.name == "bytes"};
}

Axis axis_of(const ValueColumn& value) {
  const bool decades = value.quantity == Quantity::time_ns || value.quantity == Quantity::rate_gbps;
  return {std::string(value.name), unit_of(value), decades};
}

// A point of a curve; p50 has an interval to draw.
void add_point(double x, const ValueColumn& value, const CaseSummary& summary, Curve& curve) {
  const double y = value.value(summary);
  if (!std::isfinite(y)) return;
  const bool banded =
      value.name == "p50" && std::isfinite(summary.ci_lo_ns) && std::isfinite(summary.ci_hi_ns);
  curve.x.push_back(x);
  curve.y.push_back(y);
  curve.lo.push_back(banded ? summary.ci_lo_ns : y);
  curve.hi.push_back(banded ? summary.ci_hi_ns : y);
  curve.notes.push_back(fmt::format("{}, {} samples", name_of(summary.status), summary.n));
}

void add_curve(Curve curve, Chart& chart) {
  if (curve.x.empty()) return;
  if (chart.curves.size() == most_curves) {
    chart.note = fmt::format("The first {} curves; choose with --where.", most_curves);
    return;
  }
  chart.curves.push_back(std::move(curve));
}

void add_table(const Pivot& pivot, const std::vector<const ValueColumn*>& values, Page& page) {
  Table table{pivot.caption, "", {std::string(pivot.rows->name)}, {}};
  for (const std::string& col : pivot.col_texts)
    for (const ValueColumn* value : values)
      table.headings.push_back(col.empty() ? std::string(value->name)
                                           : fmt::format("{} {}", col, value->name));
  for (std::size_t row = 0; row < pivot.row_texts.size(); ++row) {
    std::vector<Cell> cells = {
        {pivot.row_texts[row], pivot.row_numbers[row], pivot.rows->number != nullptr, Tone::plain}};
    for (std::size_t col = 0; col < pivot.col_texts.size(); ++col)
      for (const ValueColumn* value : values) {
        const CaseSummary* summary = pivot.at(row, col);
        cells.push_back(summary == nullptr ? Cell{} : value_cell(*value, *summary));
      }
    table.rows.push_back(std::move(cells));
  }
  page.add(std::move(table));
}

void add_chart(const Pivot& pivot, const ValueColumn& value, Page& page) {
  if (pivot.rows->number == nullptr || pivot.row_texts.size() < 2) return;
  Chart chart{fmt::format("{} over {}", value.name, pivot.rows->name),
              pivot.caption,
              axis_of(*pivot.rows),
              axis_of(value),
              {}};
  for (std::size_t col = 0; col < pivot.col_texts.size(); ++col) {
    Curve curve{pivot.col_texts[col].empty() ? std::string(value.name) : pivot.col_texts[col], {}, {}};
    for (std::size_t row = 0; row < pivot.row_texts.size(); ++row)
      if (const CaseSummary* summary = pivot.at(row, col))
        add_point(pivot.row_numbers[row], value, *summary, curve);
    add_curve(std::move(curve), chart);
  }
  if (!chart.curves.empty()) page.add(std::move(chart));
}

void add_all_cases(const std::vector<TableCase>& cases, const std::vector<const ValueColumn*>& values,
                   Page& page) {
  const auto keys = varying_keys(cases);
  Table table{"All cases", caption_of(cases, {}), {}, {}};
  for (const KeyColumn* key : keys) table.headings.emplace_back(key->name);
  for (const ValueColumn* value : values) table.headings.emplace_back(value->name);
  for (const TableCase& row : cases) {
    std::vector<Cell> cells;
    for (const KeyColumn* key : keys) cells.push_back(key_cell(*key, row));
    for (const ValueColumn* value : values) cells.push_back(value_cell(*value, *row.summary));
    table.rows.push_back(std::move(cells));
  }
  page.add(std::move(table));
}

// A chart a pattern: cases that are alike but for their size are one curve.
void add_size_charts(const std::vector<TableCase>& cases, const ValueColumn& value, Page& page) {
  const KeyColumn& bytes = find_key("bytes");
  const auto keys = varying_keys(cases);
  std::map<std::string, std::map<std::string, Curve>> curves;
  for (const TableCase& row : cases) {
    std::string label;
    for (const KeyColumn* key : keys) {
      if (key == &bytes || key->name == "status" || key->name == "pattern" || key->text(row).empty())
        continue;
      label += (label.empty() ? "" : " ") + key->text(row);
    }
    const std::string& pattern = row.summary->key.pattern;
    Curve& curve = curves[pattern][label];
    curve.label = label.empty() ? pattern : label;
    add_point(static_cast<double>(bytes.number(row)), value, *row.summary, curve);
  }
  for (auto& [pattern, of_pattern] : curves) {
    Chart chart{
        fmt::format("{}: {} over bytes", pattern, value.name), "", axis_of(bytes), axis_of(value), {}};
    for (auto& [label, curve] : of_pattern)
      if (curve.x.size() > 1) add_curve(std::move(curve), chart);
    if (!chart.curves.empty()) page.add(std::move(chart));
  }
}

std::string subtitle_of(std::span<const RunSummary> runs) {
  std::string text;
  for (const RunSummary& run : runs)
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", run.source, run.run.started_utc);
  return text;
}

}  // namespace

std::string show_html(std::span<const RunSummary> runs, const ShowRequest& request) {
  Page page(runs.size() == 1 ? "A run" : fmt::format("{} runs", runs.size()), subtitle_of(runs));
  const std::vector<TableCase> cases = cases_of(runs, request);
  if (cases.empty()) {
    page.paragraph("No case matches.");
    return page.html();
  }
  std::vector<const ValueColumn*> values = chosen_values(request);
  if (request.rows.empty()) {
    if (values.empty())
      for (const std::string_view name : {"p50", "ci_lo", "ci_hi", "p99", "algbw", "busbw", "n"})
        values.push_back(&find_value(name));
    page.section("Curves");
    add_size_charts(cases, *values.front(), page);
    page.section("Cases");
    add_all_cases(cases, values, page);
    return page.html();
  }
  if (values.empty()) values.push_back(&find_value("p50"));
  for (const Pivot& pivot : pivots_of(cases, request)) {
    page.section(pivot.caption.empty() ? "Cases" : pivot.caption);
    for (const ValueColumn* value : values) add_chart(pivot, *value, page);
    add_table(pivot, values, page);
  }
  return page.html();
}

}  // namespace podbench
