#include "analysis/pod/builder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/names.hpp"

namespace podbench {
namespace {

constexpr std::size_t most_names_shown = 12;

// For a complaint: the first names of a map in the order of what they stand for.
std::vector<std::string> some_names(const std::unordered_map<std::string, int>& map) {
  std::vector<std::pair<int, const std::string*>> order;
  order.reserve(map.size());
  for (const auto& [name, index] : map) order.emplace_back(index, &name);
  const auto shown = static_cast<std::ptrdiff_t>(std::min(order.size(), most_names_shown));
  std::partial_sort(order.begin(), order.begin() + shown, order.end());
  std::vector<std::string> names;
  for (auto at = order.begin(); at != order.begin() + shown; ++at) names.push_back(*at->second);
  if (order.size() > most_names_shown) names.push_back(fmt::format("... ({} in all)", order.size()));
  return names;
}

}  // namespace

void PodBuilder::take(const std::string& name) {
  if (nodes_.contains(name) || vertices_.contains(name))
    throw RequestError(fmt::format("the name {} is there twice; every node and switch has its own", name));
}

int PodBuilder::add_vertex(PodVertex vertex) {
  const int index = static_cast<int>(pod_.vertices.size());
  vertices_.emplace(vertex.name, index);
  pod_.vertices.push_back(std::move(vertex));
  return index;
}

void PodBuilder::expect_nodes(std::size_t count, std::size_t ports) const {
  if (count > most_pod_nodes - pod_.nodes.size())
    throw RequestError(fmt::format("more than {} nodes; a pod has fewer", most_pod_nodes));
  if (count * ports > most_pod_ports - pod_.vertices.size())
    throw RequestError(fmt::format("more than {} ports; a pod has fewer", most_pod_ports));
}

int PodBuilder::add_node(const std::string& name, int ports) {
  take(name);
  const int index = static_cast<int>(pod_.nodes.size());
  nodes_.emplace(name, index);
  PodNode node{name, -1, {}};
  for (int port = 0; port < ports; ++port)
    node.ports.push_back(
        add_vertex({VertexKind::port, ports == 1 ? name : fmt::format("{}:{}", name, port), index, 0}));
  pod_.nodes.push_back(std::move(node));
  return index;
}

int PodBuilder::add_rack(const std::string& name) {
  const int index = static_cast<int>(pod_.racks.size());
  if (!racks_.emplace(name, index).second)
    throw RequestError(fmt::format("the rack {} is there twice; every rack has its own name", name));
  pod_.racks.push_back({name, {}, {}, {}});
  return index;
}

int PodBuilder::add_switch(const std::string& name, int tier) {
  take(name);
  if (pod_.vertices.size() >= most_pod_ports + most_pod_nodes)
    throw RequestError("more switches than a pod has");
  return add_vertex({VertexKind::network_switch, name, -1, tier});
}

void PodBuilder::expect_links(double count) const {
  if (count > static_cast<double>(most_pod_links - pod_.links.size()))
    throw RequestError(fmt::format("more than {} links; a pod has fewer", most_pod_links));
}

int PodBuilder::add_link(int a, int b, double rate_bits_per_second, int cables, const std::string& name) {
  expect_links(1);
  if (a == b)
    throw RequestError(fmt::format("{} is linked with itself; a link has two ends",
                                   pod_.vertices[static_cast<std::size_t>(a)].name));
  pod_.links.push_back({name, a, b, rate_bits_per_second, cables});
  return static_cast<int>(pod_.links.size()) - 1;
}

int PodBuilder::node(std::string_view name) const {
  const auto at = nodes_.find(std::string(name));
  if (at == nodes_.end()) throw RequestError(unknown_name("node", name, some_names(nodes_)));
  return at->second;
}

int PodBuilder::vertex(const std::string& name) const {
  if (const auto at = vertices_.find(name); at != vertices_.end()) return at->second;
  if (const auto at = nodes_.find(name); at != nodes_.end())
    throw RequestError(fmt::format("{} has {} ports; say which one, as in {}:0", name,
                                   pod_.nodes[static_cast<std::size_t>(at->second)].ports.size(), name));
  throw RequestError(unknown_name("node or switch", name, some_names(vertices_)));
}

}  // namespace podbench
