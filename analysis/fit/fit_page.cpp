// A fit as a page: curves with their lines and switches, residuals, pairs as heat maps, LogGP.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/fit/present.hpp"
#include "analysis/report/page.hpp"
#include "base/quantity.hpp"

namespace podbench::fit {
namespace {

using report::Axis;
using report::Cell;
using report::Chart;
using report::HeatMap;
using report::Page;
using report::Table;
using report::Unit;

constexpr double percent = 100;
constexpr int steps_a_piece = 24;

Axis bytes_axis() {
  return {"message", Unit::bytes, true};
}

// The line of a piece, in even steps of a logarithmic axis; no bytes have no place there.
void draw(const FittedPiece& piece, report::Curve& curve) {
  const double from = std::max<double>(1, static_cast<double>(piece.first_bytes));
  const double to = std::max(from, static_cast<double>(piece.last_bytes));
  for (int step = 0; step <= steps_a_piece; ++step) {
    const double bytes = from * std::pow(to / from, static_cast<double>(step) / steps_a_piece);
    if (!curve.x.empty() && bytes <= curve.x.back()) continue;
    curve.x.push_back(bytes);
    curve.y.push_back(piece.start_ns.value + piece.per_byte_ns.value * bytes);
  }
}

void add_marks(const FittedCurve& fitted, Chart& chart) {
  for (const Switch& change : fitted.switches)
    chart.marks.push_back({change.at_bytes, fmt::format("from {} {:+.0f}%", format_bytes(change.before_bytes),
                                                        percent * change.step_ratio)});
}

Chart times_chart(const FittedCurve& fitted) {
  Chart chart{fitted.curve.name(),
              "Points: measured, from the least to the greatest launch. Lines: fitted.",
              bytes_axis(),
              {"time", Unit::time_ns, true},
              {}};
  report::Curve kept{"measured", {}, {}}, out{"held out", {}, {}};
  for (const FittedPoint& point : fitted.points) {
    report::Curve& curve = point.held_out ? out : kept;
    curve.x.push_back(static_cast<double>(point.bytes));
    curve.y.push_back(point.measured_ns);
    curve.lo.push_back(point.lo_ns);
    curve.hi.push_back(point.hi_ns);
    curve.notes.push_back(
        fmt::format("fitted {}, {:+.1f}%", format_duration_ns(point.fitted_ns), percent * point.residual()));
  }
  for (const FittedPiece& piece : fitted.pieces) {
    report::Curve line{
        fmt::format("{} .. {}", format_bytes(piece.first_bytes), format_bytes(piece.last_bytes)), {}, {}};
    draw(piece, line);
    chart.curves.push_back(std::move(line));
  }
  for (report::Curve* curve : {&kept, &out}) {
    curve->points_only = true;
    if (!curve->x.empty()) chart.curves.push_back(std::move(*curve));
  }
  add_marks(fitted, chart);
  return chart;
}

Chart residuals_chart(const FittedCurve& fitted) {
  Chart chart{"Residuals of " + fitted.curve.name(),
              "Measured over fitted. A pattern in them is what the model does not know.",
              bytes_axis(),
              {"measured over fitted", Unit::percent, false},
              {}};
  report::Curve kept{"residual", {}, {}}, out{"held out", {}, {}};
  for (const FittedPoint& point : fitted.points) {
    report::Curve& curve = point.held_out ? out : kept;
    curve.x.push_back(static_cast<double>(point.bytes));
    curve.y.push_back(percent * point.residual());
  }
  for (report::Curve* curve : {&kept, &out}) {
    curve->points_only = true;
    if (!curve->x.empty()) chart.curves.push_back(std::move(*curve));
  }
  add_marks(fitted, chart);
  return chart;
}

Cell text_cell(const std::string& text, Tone tone = Tone::plain) {
  return {text, 0, false, tone};
}

Cell number_cell(double value, Unit unit) {
  if (!std::isfinite(value)) return text_cell("-");
  return {report::format_number(value, unit), value, true, Tone::plain};
}

void add_time_cells(const Estimate& ns, std::vector<Cell>& row) {
  for (const double value : {ns.value, ns.lo, ns.hi}) row.push_back(number_cell(value, Unit::time_ns));
}
void add_rate_cells(const Estimate& per_byte_ns, std::vector<Cell>& row) {
  const Estimate rate = inverse(per_byte_ns);
  for (const double value : {rate.value, rate.lo, rate.hi}) row.push_back(number_cell(value, Unit::gbps));
}

Table pieces_table(const FittedTransport& transport) {
  Table table{"Hockney's model by pieces",
              "lo and hi: 95% intervals, the launch being the replicate.",
              {"case", "from", "to", "start-up alpha", "lo", "hi", "1/beta", "lo", "hi", "verdict"},
              {}};
  for (const FittedCurve& fitted : transport.curves)
    for (const FittedPiece& piece : fitted.pieces) {
      std::vector<Cell> row = {text_cell(fitted.curve.name()),
                               number_cell(static_cast<double>(piece.first_bytes), Unit::bytes),
                               number_cell(static_cast<double>(piece.last_bytes), Unit::bytes)};
      add_time_cells(piece.start_ns, row);
      add_rate_cells(piece.per_byte_ns, row);
      const bool doubtful = fitted.too_few_sizes() || fitted.poor();
      row.push_back(text_cell(verdict_of(fitted), doubtful ? Tone::warning : Tone::plain));
      table.rows.push_back(std::move(row));
    }
  return table;
}

void add_loggp(const LogGp& loggp, Page& page) {
  Table table{"LogGP", "", {"parameter", "value", "lo", "hi"}, {}};
  const auto add = [&](const char* name, const Estimate& estimate, auto cells) {
    std::vector<Cell> row = {text_cell(name)};
    cells(estimate, row);
    table.rows.push_back(std::move(row));
  };
  add("L, latency", loggp.latency_ns, add_time_cells);
  add("o, overhead", loggp.overhead_ns, add_time_cells);
  add("L + 2o, a small message", loggp.small_message_ns, add_time_cells);
  add("g, gap", loggp.gap_ns, add_time_cells);
  add("1/G, bandwidth", loggp.gap_per_byte_ns, add_rate_cells);
  page.add(std::move(table));
  for (const std::string& remark : loggp.remarks) page.paragraph(remark + ".");
}

HeatMap pairs_map(const FittedCurve& fitted, const std::string& title, Unit unit, bool low_is_bad,
                  double (*value)(const FittedPair&)) {
  const auto ranks = static_cast<std::size_t>(fitted.curve.key.ranks);
  HeatMap map{title,
              fitted.curve.directed ? "Rows send to columns." : "Row and column answer each other.",
              {},
              {},
              std::vector<double>(ranks * ranks, Estimate::none),
              unit,
              low_is_bad};
  for (std::size_t rank = 0; rank < ranks; ++rank) map.rows.push_back(fmt::format("rank {}", rank));
  map.columns = map.rows;
  for (const FittedPair& pair : fitted.pairs) {
    const auto from = static_cast<std::size_t>(pair.from), to = static_cast<std::size_t>(pair.to);
    map.values[from * ranks + to] = value(pair);
    if (!fitted.curve.directed) map.values[to * ranks + from] = value(pair);
  }
  return map;
}

void add_pairs(const FittedCurve& fitted, Page& page) {
  if (fitted.pairs.size() < 2) return;
  page.add(pairs_map(fitted, "Start-up of each pair, " + fitted.curve.name(), Unit::time_ns, false,
                     [](const FittedPair& pair) { return pair.start_ns.value; }));
  page.add(pairs_map(fitted, "Bandwidth (1/beta) of each pair, " + fitted.curve.name(), Unit::gbps, true,
                     [](const FittedPair& pair) { return inverse(pair.per_byte_ns).value; }));
}

void add_transport(const FittedRun& run, bool several_runs, const FittedTransport& transport, Page& page) {
  page.section(several_runs ? run.source + ": " + transport.name() : transport.name());
  page.add(pieces_table(transport));
  if (transport.loggp) add_loggp(*transport.loggp, page);
  for (const FittedCurve& fitted : transport.curves) {
    page.add(times_chart(fitted));
    page.paragraph(fmt::format("{}: {}.", verdict_of(fitted), evidence_of(fitted)));
    page.add(residuals_chart(fitted));
    add_pairs(fitted, page);
  }
}

std::string subtitle_of(std::span<const FittedRun> runs) {
  std::string text;
  for (const FittedRun& run : runs)
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", run.source, run.run.started_utc);
  return text;
}

}  // namespace

std::string fit_html(std::span<const FittedRun> runs, const Findings& findings) {
  Page page("Network models", subtitle_of(runs));
  const ExitCode code = exit_code(findings);
  page.verdict(code == ExitCode::good ? "Every curve fits its model"
                                      : "Not every curve is explained by its model; see the verdicts",
               code == ExitCode::good ? Tone::plain : Tone::warning);
  for (const std::string& note : findings.notes) page.paragraph(note);
  for (const FittedRun& run : runs)
    for (const FittedTransport& transport : run.transports)
      add_transport(run, runs.size() > 1, transport, page);
  return page.html();
}

}  // namespace podbench::fit
