// What sensors and counters said beside the cases.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analysis/report/run/parts.hpp"
#include "analysis/report/run/telemetry_curves.hpp"
#include "analysis/telemetry/findings.hpp"
#include "analysis/telemetry/view.hpp"

namespace podbench::report {
namespace {

constexpr std::size_t most_case_marks = 12, most_findings = 200;

std::vector<Mark> marks_of(const WholeRun& run, const std::vector<ShownCase>& cases) {
  const std::int64_t origin_ns = telemetry_origin_ns(run.run);
  const auto seconds = [&](std::int64_t at_ns) { return static_cast<double>(at_ns - origin_ns) * 1e-9; };
  const auto keys = differing_keys(cases);
  std::vector<Mark> marks;
  for (const ShownCase& one : cases) {
    if (one.run != &run) continue;
    for (const CaseRecord* record : one.records)
      if (record->started_ns > 0) marks.push_back({seconds(record->started_ns), label_of(one, keys)});
  }
  std::sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.x < b.x; });
  if (marks.size() <= most_case_marks) return marks;
  // Too many to read: where launches begin.
  marks.clear();
  std::set<int> seen;
  const CaseSpans spans(run.run);
  for (const CaseRecord* record : spans.all())
    if (seen.insert(record->launch).second && seen.size() > 1)
      marks.push_back({seconds(record->started_ns), fmt::format("launch {}", record->launch)});
  if (marks.size() > most_case_marks) marks.clear();
  return marks;
}

void add_findings(Page& page, const std::vector<TelemetryFinding>& findings, std::int64_t origin_ns) {
  if (findings.empty()) {
    page.paragraph(
        "No counter of errors grew, no link changed between up and down, and nothing was throttled or near "
        "its "
        "limit, as far as the nodes tell.");
    return;
  }
  Table table{.title = "What speaks against a node",
              .note =
                  "Times in seconds since the first moment of the run. What is serious speaks against the "
                  "hardware; the rest is worth knowing.",
              .headings = {"node", "series", "what", "from", "to", "serious", "in words"},
              .rows = {}};
  for (const TelemetryFinding& finding : findings) {
    if (table.rows.size() == most_findings) break;
    const Tone tone = finding.serious ? Tone::bad : Tone::warning;
    const auto seconds = [&](std::int64_t at_ns) { return static_cast<double>(at_ns - origin_ns) * 1e-9; };
    table.rows.push_back({text_cell(finding.node, tone), text_cell(finding.series),
                          text_cell(std::string(name_of(finding.concern))),
                          number_cell(seconds(finding.from_ns), Unit::none),
                          number_cell(seconds(finding.to_ns), Unit::none),
                          text_cell(finding.serious ? "yes" : "no", tone), text_cell(finding.words)});
  }
  if (findings.size() > most_findings)
    table.note += fmt::format(" The first {} of {}.", most_findings, findings.size());
  page.add(std::move(table));
}

class Charts {
 public:
  Charts(Page& page, const WholeRun& run, const std::vector<ShownCase>& cases)
      : page_(page), marks_(marks_of(run, cases)), nodes_(judged_nodes(run.run).size()) {}

  void add(const char* title, std::string note, Axis y, std::vector<Curve> curves) {
    if (curves.empty()) return;
    if (nodes_ > curves.size() && curves.size() == most_node_curves)
      note += fmt::format(" The {} nodes with the highest values, of {}.", curves.size(), nodes_);
    Chart chart;
    chart.title = title;
    chart.note = std::move(note);
    chart.x = {"seconds since the first moment", Unit::none, false};
    chart.y = std::move(y);
    chart.curves = std::move(curves);
    chart.marks = marks_;
    page_.add(std::move(chart));
  }

 private:
  Page& page_;
  std::vector<Mark> marks_;
  std::size_t nodes_;
};

}  // namespace

void add_telemetry(Page& page, const std::vector<WholeRun>& runs, const std::vector<ShownCase>& cases) {
  const WholeRun& newest = runs.back();
  const Run& run = newest.run;
  if (run.telemetry.empty()) return;
  page.section("Telemetry",
               runs.size() > 1
                   ? "Of the newest run: sensors and counters of the nodes, read between measurements."
                   : "Sensors and counters of the nodes, read between measurements.");
  add_findings(page, judge_telemetry(run), telemetry_origin_ns(run));
  Charts charts(page, newest, cases);
  charts.add("Errors, lost packets and changes of links", "Growth of all such counters of a node together.",
             {"grown by", Unit::count, false}, error_curves(run));
  charts.add("Received", "Mean since the point before, all interfaces of a node together.",
             {"rate", Unit::gbps, false}, traffic_curves(run, true));
  charts.add("Sent", "Mean since the point before, all interfaces of a node together.",
             {"rate", Unit::gbps, false}, traffic_curves(run, false));
  charts.add("Power", "Processors, their memory and accelerators; mean since the point before.",
             {"power, W", Unit::none, false}, power_curves(run));
  charts.add("Temperature", "The hottest sensor of a node; the highest since the point before.",
             {"temperature, C", Unit::none, false}, heat_curves(run));
  charts.add("Clock",
             "The slowest of a node's median core and accelerators; the lowest since the point before.",
             {"clock, GHz", Unit::none, false}, clock_curves(run));
}

}  // namespace podbench::report
