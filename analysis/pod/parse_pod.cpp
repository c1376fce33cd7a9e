#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "analysis/pod/builder.hpp"
#include "analysis/pod/file_reader.hpp"
#include "analysis/pod/finish.hpp"
#include "analysis/pod/pod.hpp"
#include "analysis/pod/shapes.hpp"
#include "base/error.hpp"

namespace podbench {
namespace {

constexpr int most_ports_a_node = 1'024, most_tiers = 8, most_cables = 1'000;

// Gives a complaint of the builder the place of a key.
template <class Action>
auto placed(TableReader& table, std::string_view key, Action action) {
  try {
    return action();
  } catch (const RequestError& error) {
    table.refuse(key, error.what());
  }
}

// Where the nodes from `first` on are declared.
struct NodePlace {
  std::size_t first;
  toml::source_position at;
};

std::vector<NodePlace> read_nodes(TableReader& root, PodBuilder& builder) {
  std::vector<NodePlace> places;
  for (TableReader& table : root.tables("nodes")) {
    const auto names = table.names("names", most_pod_nodes);
    const int ports = static_cast<int>(table.whole_or("ports", 1, 1, most_ports_a_node));
    table.done();
    places.push_back({builder.pod().nodes.size(), table.place_of("names")});
    placed(table, "names", [&] {
      builder.expect_nodes(names.size(), static_cast<std::size_t>(ports));
      for (const std::string& name : names) builder.add_node(name, ports);
    });
  }
  if (builder.pod().nodes.empty())
    root.refuse("no nodes; a pod has at least two, as in [[nodes]] with names = \"node[00-15]\"");
  if (builder.pod().nodes.size() == 1)
    refuse_at(builder.pod().source, places.front().at, "one node is no pod; a pod has at least two");
  return places;
}

// The nodes of a list are dealt to the racks in order, as many to each.
void fill_racks(TableReader& table, PodBuilder& builder, std::size_t first_rack) {
  Pod& pod = builder.pod();
  const auto members = table.names("nodes", most_pod_nodes);
  const std::size_t racks = pod.racks.size() - first_rack;
  if (members.size() % racks != 0)
    table.refuse("nodes", fmt::format("{} nodes do not divide evenly among {} racks", members.size(), racks));
  placed(table, "nodes", [&] {
    for (std::size_t i = 0; i < members.size(); ++i) {
      PodNode& node = pod.nodes[static_cast<std::size_t>(builder.node(members[i]))];
      if (node.rack >= 0)
        throw RequestError(fmt::format("{} is in the rack {} already; a node is in one rack", node.name,
                                       pod.racks[static_cast<std::size_t>(node.rack)].name));
      node.rack = static_cast<int>(first_rack + i / (members.size() / racks));
    }
  });
}

void read_racks(TableReader& root, PodBuilder& builder) {
  Pod& pod = builder.pod();
  for (TableReader& table : root.tables("racks")) {
    const std::size_t first = pod.racks.size();
    const auto names = table.names("names", most_pod_nodes);
    placed(table, "names", [&] {
      for (const std::string& name : names) builder.add_rack(name);
    });
    const auto power = table.optional_quantity("power", Dimension::power);
    const auto cooling = table.optional_quantity("cooling", Dimension::power);
    const auto inlet = table.optional_quantity("inlet", Dimension::temperature);
    for (std::size_t rack = first; rack < pod.racks.size(); ++rack)
      pod.racks[rack] = {pod.racks[rack].name, power, cooling, inlet};
    fill_racks(table, builder, first);
    table.done();
  }
}

void read_switches(TableReader& root, PodBuilder& builder) {
  for (TableReader& table : root.tables("switches")) {
    const auto names = table.names("names", most_pod_nodes);
    const int tier = static_cast<int>(table.whole_or("tier", 0, 1, most_tiers));
    table.done();
    placed(table, "names", [&] {
      for (const std::string& name : names) builder.add_switch(name, tier);
    });
  }
}

std::vector<int> ends_of(TableReader& table, const PodBuilder& builder, std::string_view key) {
  std::vector<int> ends;
  const auto names = table.names(key, most_pod_links, ":");
  placed(table, key, [&] {
    for (const std::string& name : names) ends.push_back(builder.vertex(name));
  });
  return ends;
}

// from[i] with to[i]; a single name on one side goes with every name of the other.
void read_links(TableReader& root, PodBuilder& builder) {
  for (TableReader& table : root.tables("links")) {
    const std::vector<int> from = ends_of(table, builder, "from"), to = ends_of(table, builder, "to");
    const double rate = table.quantity("rate", Dimension::rate);
    const int cables = static_cast<int>(table.whole_or("cables", 1, 1, most_cables));
    const bool named = table.has("names");
    const auto names = named ? table.names("names", most_pod_links, ":/") : std::vector<std::string>{};
    table.done();
    const std::size_t count = std::max(from.size(), to.size());
    if (from.size() != to.size() && from.size() != 1 && to.size() != 1)
      table.refuse("to",
                   fmt::format("{} ends do not go with {}; write as many, or one", to.size(), from.size()));
    if (named && names.size() != count)
      table.refuse("names", fmt::format("{} names for {} links; a link has one", names.size(), count));
    placed(table, "from", [&] {
      for (std::size_t i = 0; i < count; ++i)
        builder.add_link(from[from.size() == 1 ? 0 : i], to[to.size() == 1 ? 0 : i], rate, cables,
                         named ? names[i] : "");
    });
  }
}

void read_limits(TableReader& root, Pod& pod) {
  const std::vector<TableReader> tables = root.tables("limits");
  if (tables.size() > 1) tables[1].refuse("[limits] is there once");
  for (TableReader table : tables) {
    PodLimits& limits = pod.limits;
    limits.share_of_rate = table.optional_number("share_of_rate", 0.01, 1).value_or(limits.share_of_rate);
    limits.distance_from_median =
        table.optional_number("distance_from_median", 0.001, 1).value_or(limits.distance_from_median);
    limits.latency_distance =
        table.optional_number("latency_distance", 0.001, 10).value_or(limits.latency_distance);
    limits.node_distance = table.optional_number("node_distance", 0.001, 10).value_or(limits.node_distance);
    limits.latency_s = table.optional_quantity("latency", Dimension::duration);
    limits.impact_p99 = table.optional_number("impact_p99", 1, 1e6);
    limits.share_of_ceiling = table.optional_number("share_of_ceiling", 0.01, 1);
    table.done();
  }
}

void read_pod(const toml::table& file, Pod& pod) {
  PodBuilder builder(pod);
  TableReader root(pod.source, file, "the pod file");
  pod.name = root.optional_text("name").value_or(pod.source);
  pod.spreading = root.choice("spreading", {"packets", "flows"}) == 0 ? Spreading::packets : Spreading::flows;
  const std::vector<NodePlace> places = read_nodes(root, builder);
  read_racks(root, builder);
  read_switches(root, builder);
  read_shapes(root, builder);
  read_links(root, builder);
  read_limits(root, pod);
  root.done();
  find_tiers(pod);
  const auto unjoined = find_unjoined(pod);
  if (!unjoined) return;
  const auto after = std::upper_bound(places.begin(), places.end(), unjoined->node,
                                      [](std::size_t node, const NodePlace& p) { return node < p.first; });
  refuse_at(pod.source, std::prev(after)->at, unjoined->what);
}

}  // namespace

Pod parse_pod(std::string_view text, const std::string& source) {
  if (text.size() > most_pod_file_bytes)
    throw RequestError(fmt::format("{}: too large for a pod file; at most 16 MiB", source));
  Pod pod;
  pod.source = source;
  try {
    read_pod(toml::parse(text, source), pod);
  } catch (const toml::parse_error& error) {
    refuse_at(source, error.source().begin, std::string(error.description()));
  }
  return pod;
}

Pod load_pod(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file) throw RequestError(fmt::format("{}: cannot be read; write the path of a pod file", path));
  std::string text(most_pod_file_bytes + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0)
    throw RequestError(fmt::format("{}: cannot be read; write the path of a pod file", path));
  return parse_pod(text, path);
}

}  // namespace podbench
