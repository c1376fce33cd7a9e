#include "analysis/pod/finish.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace podbench {
namespace {

// Sets of vertices that are joined; union by path halving (Tarjan & van Leeuwen, JACM 31(2), 1984).
class Joined {
 public:
  explicit Joined(std::size_t vertices) : parent_(vertices) { std::iota(parent_.begin(), parent_.end(), 0); }
  int root(int vertex) {
    while (parent(vertex) != vertex) vertex = parent(vertex) = parent(parent(vertex));
    return vertex;
  }
  void join(int a, int b) { parent(root(a)) = root(b); }

 private:
  int& parent(int vertex) { return parent_[static_cast<std::size_t>(vertex)]; }
  std::vector<int> parent_;
};

}  // namespace

void find_tiers(Pod& pod) {
  std::vector<int> distance(pod.vertices.size(), static_cast<int>(pod.vertices.size()));
  for (std::size_t v = 0; v < pod.vertices.size(); ++v)
    if (pod.vertices[v].kind == VertexKind::port) distance[v] = 0;
  if (std::none_of(pod.vertices.begin(), pod.vertices.end(),
                   [](const PodVertex& v) { return v.kind == VertexKind::network_switch && v.tier == 0; }))
    return;
  std::vector<std::vector<int>> neighbours(pod.vertices.size());
  for (const PodLink& link : pod.links) {
    neighbours[static_cast<std::size_t>(link.a)].push_back(link.b);
    neighbours[static_cast<std::size_t>(link.b)].push_back(link.a);
  }
  std::vector<int> queue;
  for (std::size_t v = 0; v < distance.size(); ++v)
    if (distance[v] == 0) queue.push_back(static_cast<int>(v));
  for (std::size_t at = 0; at < queue.size(); ++at)
    for (const int other : neighbours[static_cast<std::size_t>(queue[at])]) {
      const int further = distance[static_cast<std::size_t>(queue[at])] + 1;
      if (distance[static_cast<std::size_t>(other)] <= further) continue;
      distance[static_cast<std::size_t>(other)] = further;
      queue.push_back(other);
    }
  for (std::size_t v = 0; v < pod.vertices.size(); ++v)
    if (PodVertex& vertex = pod.vertices[v]; vertex.kind == VertexKind::network_switch && vertex.tier == 0)
      vertex.tier = distance[v];
}

std::optional<Unjoined> find_unjoined(const Pod& pod) {
  Joined joined(pod.vertices.size());
  std::vector<bool> linked(pod.vertices.size());
  for (const PodLink& link : pod.links) {
    joined.join(link.a, link.b);
    linked[static_cast<std::size_t>(link.a)] = linked[static_cast<std::size_t>(link.b)] = true;
  }
  std::size_t fewest = 0;  // the node with the fewest ports: the others' are compared with its
  for (std::size_t n = 0; n < pod.nodes.size(); ++n) {
    if (pod.nodes[n].ports.size() < pod.nodes[fewest].ports.size()) fewest = n;
    for (const int port : pod.nodes[n].ports)
      if (!linked[static_cast<std::size_t>(port)])
        return Unjoined{n, fmt::format("{} has no link; a shape ([leaf_spine], [rails], [crossbar], [mesh], "
                                       "[torus]) or [[links]] gives it one",
                                       pod.vertices[static_cast<std::size_t>(port)].name)};
  }
  for (std::size_t n = 0; n < pod.nodes.size(); ++n)
    for (std::size_t rail = 0; rail < pod.nodes[n].ports.size(); ++rail) {
      const int first = port_of(pod, static_cast<int>(fewest), static_cast<int>(rail));
      const int port = pod.nodes[n].ports[rail];
      if (joined.root(first) != joined.root(port))
        return Unjoined{n, fmt::format("{} and {} are not connected; links have to lead from every node to "
                                       "every other",
                                       pod.vertices[static_cast<std::size_t>(port)].name,
                                       pod.vertices[static_cast<std::size_t>(first)].name)};
    }
  return std::nullopt;
}

std::string name_of_link(const Pod& pod, int link) {
  const PodLink& of = pod.links[static_cast<std::size_t>(link)];
  if (!of.name.empty()) return of.name;
  return fmt::format("{}-{}", pod.vertices[static_cast<std::size_t>(of.a)].name,
                     pod.vertices[static_cast<std::size_t>(of.b)].name);
}

}  // namespace podbench
