// What the nodes are and how they are set, with what differs between nodes or runs first; and their noise.
#include "analysis/compare/environment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "analysis/report/run/parts.hpp"

namespace podbench::report {
namespace {

using compare::is_reading;

constexpr std::string_view launch_prefix = "launch.";

// Attribute, value, the nodes that have it.
using Values = std::map<std::string, std::map<std::string, std::vector<std::string>>>;

Values gather(const std::vector<WholeRun>& runs) {
  Values values;
  for (const WholeRun& run : runs) {
    for (const NodeRecord& node : run.run.nodes) {
      const std::string where =
          runs.size() > 1 ? fmt::format("{} ({})", node.node, run.run.run.started_utc) : node.node;
      for (const auto& [name, value] : node.attributes)
        if (!is_reading(name) && !name.starts_with(launch_prefix)) values[name][value].push_back(where);
    }
  }
  return values;
}

std::string nodes_text(const std::vector<std::string>& nodes) {
  constexpr std::size_t most_named = 8;
  if (nodes.size() <= most_named) return fmt::format("{}", fmt::join(nodes, ", "));
  return fmt::format("{}, … ({} in all)", fmt::join(nodes.begin(), nodes.begin() + most_named, ", "),
                     nodes.size());
}

void add_settings(Page& page, const std::vector<WholeRun>& runs) {
  const Values values = gather(runs);
  std::size_t places = 0;
  for (const WholeRun& run : runs) places += run.run.nodes.size();
  std::vector<std::vector<Cell>> unlike, alike;
  for (const auto& [name, by_value] : values) {
    for (const auto& [value, nodes] : by_value) {
      const bool differs = nodes.size() < places;
      std::vector<Cell> row = {text_cell(name), text_cell(value, differs ? Tone::warning : Tone::plain)};
      if (places > 1) row.push_back(text_cell(differs ? nodes_text(nodes) : "all"));
      (differs ? unlike : alike).push_back(std::move(row));
    }
  }
  Table table{.title = "Settings", .headings = {"what", "value"}, .rows = std::move(unlike)};
  if (places > 1) {
    table.headings.emplace_back("where");
    table.note = table.rows.empty() ? "The same on all nodes and in all runs."
                                    : "What is not the same everywhere stands first.";
  }
  table.rows.insert(table.rows.end(), alike.begin(), alike.end());
  page.add(std::move(table));
}

struct LaunchName {
  int launch = 0;
  std::string_view rest;  // the attribute's name without its launch
};

// "launch.12.kernel.load_average" is launch 12's; what names no launch is the first's.
LaunchName launch_name(std::string_view name) {
  if (!name.starts_with(launch_prefix)) return {0, name};
  LaunchName parts;
  const std::string_view rest = name.substr(launch_prefix.size());
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), parts.launch);
  const auto length = static_cast<std::size_t>(end - rest.data());
  if (error != std::errc{} || length >= rest.size() || rest[length] != '.') return {0, name};
  parts.rest = rest.substr(length + 1);
  return parts;
}

// What a later launch found otherwise than the first one.
void add_changes(Page& page, const std::vector<WholeRun>& runs) {
  Table table{
      .title = "What changed between launches", .headings = {"what", "node", "launch", "value"}, .rows = {}};
  for (const WholeRun& run : runs)
    for (const NodeRecord& node : run.run.nodes)
      for (const auto& [name, value] : node.attributes) {
        const LaunchName parts = launch_name(name);
        if (parts.rest == name || is_reading(parts.rest) || parts.rest.starts_with("env.")) continue;
        table.rows.push_back({text_cell(std::string(parts.rest)), text_cell(node.node),
                              number_cell(parts.launch, Unit::count), text_cell(value, Tone::warning)});
      }
  if (!table.rows.empty()) page.add(std::move(table));
}

Curve noise_curve(const NodeRecord& node, std::string_view wanted, const std::string& label) {
  std::map<int, double> by_launch;
  for (const auto& [name, value] : node.attributes) {
    const LaunchName parts = launch_name(name);
    double missing = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), missing);
    if (parts.rest == wanted && error == std::errc{}) by_launch[parts.launch] = missing / 1e7;
  }
  Curve curve{.label = label, .x = {}, .y = {}, .points_only = true};
  for (const auto& [launch, percent] : by_launch) {
    curve.x.push_back(launch);
    curve.y.push_back(percent);
  }
  return curve;
}

void add_noise(Page& page, const WholeRun& run, bool several_runs) {
  Chart chart{.title = "Noise of the machines",
              .note = "Time that is taken from a core while all ranks sleep, in percent of each second.",
              .x = {"launch", Unit::count, false},
              .y = {"missing time, %", Unit::none, false},
              .curves = {}};
  if (several_runs) chart.title += " · " + run.run.run.started_utc;
  constexpr std::size_t most_nodes = 8;
  for (std::size_t i = 0; i < std::min(run.run.nodes.size(), most_nodes); ++i) {
    const NodeRecord& node = run.run.nodes[i];
    for (const std::string_view when : {"before", "after"}) {
      Curve curve = noise_curve(node, fmt::format("noise.{}.missing_ns_per_second", when),
                                fmt::format("{}, {}", node.node, when));
      if (!curve.x.empty()) chart.curves.push_back(std::move(curve));
    }
  }
  if (run.run.nodes.size() > most_nodes)
    chart.note += fmt::format(" The first {} of {} nodes.", most_nodes, run.run.nodes.size());
  if (!chart.curves.empty()) page.add(std::move(chart));
}

}  // namespace

void add_environment(Page& page, const std::vector<WholeRun>& runs) {
  page.section("Environment");
  for (const WholeRun& run : runs) add_noise(page, run, runs.size() > 1);
  add_settings(page, runs);
  add_changes(page, runs);
}

}  // namespace podbench::report
