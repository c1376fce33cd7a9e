// An acceptance as a page that can be handed to whoever built the pod.
#include "analysis/report/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/accept/checks.hpp"
#include "analysis/accept/fingerprint.hpp"
#include "analysis/accept/flow_sets.hpp"
#include "analysis/accept/words.hpp"
#include "analysis/statistics.hpp"

namespace podbench::accept {
namespace {

using report::Cell;
using report::HeatMap;
using report::Page;
using report::Table;
using report::Unit;

// A map of more ports than this is no picture any more.
constexpr std::size_t most_map_ports = 256;

Tone tone_of(Outcome outcome) {
  return outcome == Outcome::fail           ? Tone::bad
         : outcome == Outcome::inconclusive ? Tone::warning
                                            : Tone::plain;
}

Cell number_cell(double value, const std::string& unit) {
  return {number_text(value, unit), value, std::isfinite(value), Tone::plain};
}

Cell outcome_cell(Outcome outcome) {
  return {outcome == Outcome::skipped ? "not run" : std::string(name_of(outcome)), 0, false,
          tone_of(outcome)};
}

void add_culprits(const Acceptance& acceptance, Page& page) {
  page.section("What is to blame", culprits_of(acceptance).empty() ? "Nothing." : "");
  Table table{
      .title = "Parts, surest first",
      .note = "Parts in one line cannot be told apart by measuring; only exchanging one of them does.",
      .headings = {"part and what it does", "certain", "confidence"},
      .rows = {}};
  for (const Culprit& culprit : culprits_of(acceptance))
    table.rows.push_back({{culprit.words, 0, false, culprit.certain ? Tone::bad : Tone::warning},
                          {culprit.certain ? "yes" : "suspected"},
                          {fmt::format("{:.0f}%", std::floor(100 * culprit.blame.confidence)),
                           culprit.blame.confidence, true}});
  if (!table.rows.empty()) page.add(std::move(table));
  for (const std::string& step : advice(acceptance)) page.paragraph(step);
}

void add_stages(const Acceptance& acceptance, Page& page) {
  page.section("Stages", "Each opens the next. What was not measured is not passed.");
  Table table{
      .title = "Verdicts", .headings = {"stage", "verdict", "checks", "failed", "undecided"}, .rows = {}};
  Table coverage{.title = "Coverage", .headings = {"stage", "what", "exercised", "planned"}, .rows = {}};
  const auto number = [](std::size_t value) {
    return Cell{std::to_string(value), static_cast<double>(value), true};
  };
  for (const StageReport& report : acceptance.stages) {
    table.rows.push_back({{std::string(name_of(report.stage))},
                          outcome_cell(report.outcome),
                          number(report.checks.size()),
                          number(count(report, Outcome::fail)),
                          number(count(report, Outcome::inconclusive))});
    for (const Coverage& one : report.coverage)
      coverage.rows.push_back(
          {{std::string(name_of(report.stage))}, {one.what}, number(one.exercised), number(one.planned)});
  }
  page.add(std::move(table));
  page.add(std::move(coverage));
  for (const StageReport& report : acceptance.stages) {
    if (!report.smallest_caught.empty() && report.outcome != Outcome::skipped)
      page.paragraph(
          fmt::format("{}: this run would have caught {}.", name_of(report.stage), report.smallest_caught));
    for (const std::string& note : report.notes)
      page.paragraph(fmt::format("{}: {}.", name_of(report.stage), note));
  }
}

std::string port_name(const Pod& pod, std::size_t vertex) {
  return pod.vertices[vertex].name;
}

// Rows receive, columns send. `value` of a flow; NaN leaves a cell empty.
template <typename Value>
void add_map(const Pod& pod, const std::vector<FlowSetSeries>& sets, std::string title, std::string note,
             Unit unit, bool low_is_bad, Value value, Page& page) {
  std::vector<std::size_t> ports;
  std::vector<std::size_t> place_of(pod.vertices.size());
  for (std::size_t v = 0; v < pod.vertices.size(); ++v)
    if (pod.vertices[v].kind == VertexKind::port) {
      place_of[v] = ports.size();
      ports.push_back(v);
    }
  if (sets.empty() || ports.size() > most_map_ports) return;
  HeatMap map{.title = std::move(title),
              .note = std::move(note),
              .rows = {},
              .columns = {},
              .values = {},
              .unit = unit,
              .low_is_bad = low_is_bad};
  for (const std::size_t v : ports) map.rows.push_back(port_name(pod, v));
  map.columns = map.rows;
  map.values.assign(ports.size() * ports.size(), no_number);
  for (const FlowSetSeries& set : sets)
    for (const FlowSeries& flow : set.flows) {
      const auto place = [&](int node, int rail) {
        return place_of[static_cast<std::size_t>(port_of(pod, node, rail))];
      };
      map.values[place(flow.flow.to_node, flow.flow.to_rail) * ports.size() +
                 place(flow.flow.from_node, flow.flow.from_rail)] = value(flow);
    }
  page.add(std::move(map));
}

void add_maps(const Run& run, const Pod& pod, Page& page) {
  const RunView view(run, pod);
  page.section("Pairs", "Rows receive, columns send; medians over the launches.");
  const auto share = [](const FlowSeries& flow) {
    return median(flow.bits_per_second) / flow.expected_bits_per_second;
  };
  add_map(pod, stream_sets(view, Stage::pairs), "Bandwidth of each pair, share of what its links allow",
          "A row that is worse than the others: its node receives slowly; a column: it sends slowly.",
          Unit::ratio, true, share, page);
  add_map(
      pod, ping_pong_sets(view, Stage::pairs), "Latency of each pair, half a round trip", "", Unit::time_ns,
      false, [](const FlowSeries& flow) { return 1e9 * median(flow.seconds); }, page);
  add_map(pod, stream_sets(view, Stage::links), "Flows under the planned load of the links",
          "Share of what each should get; a flow of several sets shows the last.", Unit::ratio, true, share,
          page);
}

void add_checks_table(const Acceptance& acceptance, Page& page) {
  page.section("Checks");
  Table table{
      .title = "Every check",
      .note =
          "bound: the end of the one-sided bound of the median that decided; undecided: the one that would "
          "have to meet the limit.",
      .headings = {"stage", "what was checked", "check", "verdict", "measured", "bound", "limit",
                   "limit from", "launches", "evidence"},
      .rows = {}};
  for (const Outcome outcome : {Outcome::fail, Outcome::inconclusive, Outcome::pass})
    for (const StageReport& report : acceptance.stages)
      for (const Check& check : report.checks) {
        if (check.outcome != outcome) continue;
        table.rows.push_back({{std::string(name_of(report.stage))},
                              {check.subject},
                              {check.what},
                              outcome_cell(check.outcome),
                              number_cell(check.measured, check.unit),
                              number_cell(check.bound, check.unit),
                              number_cell(check.limit, check.unit),
                              {check.limit_from},
                              {std::to_string(check.launches), static_cast<double>(check.launches), true},
                              {check.evidence}});
      }
  page.add(std::move(table));
}

void add_environment(const Acceptance& acceptance, const Run& run, const Pod& pod, Page& page) {
  page.section("What was accepted",
               fmt::format("Fingerprint {}: of the pod file and of what the inventory found.",
                           acceptance.fingerprint));
  Table about{.title = "Run", .headings = {"what", "is"}, .rows = {}};
  for (const auto& [what, is] : {std::pair<std::string, std::string>{"pod file", pod.source},
                                 {"run", run.run.run_id},
                                 {"started", run.run.started_utc},
                                 {"program", run.run.program_version + " " + run.run.git_revision},
                                 {"command", run.run.command_line},
                                 {"launches", std::to_string(run.launches.size())}})
    about.rows.push_back({{what}, {is}});
  page.add(std::move(about));
  std::map<std::string, std::map<std::string, std::vector<std::string>>> found;  // attribute, value, nodes
  for (const NodeRecord& node : run.nodes)
    for (const auto& [name, value] : node.attributes)
      if (is_inventory(name)) found[name][value].push_back(node.node);
  Table table{.title = "Inventory", .headings = {"attribute", "value", "nodes", "which"}, .rows = {}};
  for (const auto& [name, values] : found)
    for (const auto& [value, nodes] : values) {
      std::string which = nodes.front();
      for (std::size_t i = 1; i < nodes.size(); ++i)
        which += (i == 8 ? ", ..." : i > 8 ? "" : ", " + nodes[i]);
      table.rows.push_back({{name},
                            {value, 0, false, values.size() > 1 ? Tone::warning : Tone::plain},
                            {std::to_string(nodes.size()), static_cast<double>(nodes.size()), true},
                            {which}});
    }
  if (!table.rows.empty()) page.add(std::move(table));
}

}  // namespace

std::string html_of(const Acceptance& acceptance, const Run& run, const Pod& pod) {
  Page page("Acceptance of pod " + acceptance.pod,
            fmt::format("{}, run {}", run.run.started_utc, run.run.run_id));
  page.verdict(verdict_text(acceptance), tone_of(acceptance.outcome));
  add_culprits(acceptance, page);
  add_stages(acceptance, page);
  add_maps(run, pod, page);
  add_checks_table(acceptance, page);
  add_environment(acceptance, run, pod, page);
  return page.html();
}

}  // namespace podbench::accept
