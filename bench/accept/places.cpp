#include "bench/accept/places.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "base/error.hpp"

namespace podbench::accept {

Places::Places(const Pod& pod, std::span<const std::string> host_of_rank)
    : ranks_(static_cast<int>(host_of_rank.size())), by_node_(pod.nodes.size()) {
  std::unordered_map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < pod.nodes.size(); ++i) index[pod.nodes[i].name] = i;
  for (int rank = 0; rank < ranks_; ++rank) {
    const std::string& host = host_of_rank[static_cast<std::size_t>(rank)];
    const auto node = index.find(host);
    if (node == index.end())
      throw RequestError(fmt::format(
          "rank {} is on {}, which is no node of {}; the pod file names nodes as PODBENCH_NODE or "
          "their host names do",
          rank, host, pod.source));
    by_node_[node->second].push_back(rank);
  }
  for (std::size_t i = 0; i < pod.nodes.size(); ++i)
    if (by_node_[i].size() != pod.nodes[i].ports.size())
      throw RequestError(fmt::format(
          "{} has {} ranks, but {} in {}; an acceptance takes one rank a port on every node of the pod",
          pod.nodes[i].name, by_node_[i].size(),
          pod.nodes[i].ports.size() == 1 ? "one port" : fmt::format("{} ports", pod.nodes[i].ports.size()),
          pod.source));
}

std::vector<std::string> Places::wanted_hosts(const Pod& pod) {
  std::vector<std::string> hosts;
  for (const PodNode& node : pod.nodes) hosts.insert(hosts.end(), node.ports.size(), node.name);
  return hosts;
}

int Places::rank_of(int node, int rail) const {
  const std::vector<int>& ranks = by_node_.at(static_cast<std::size_t>(node));
  return ranks[static_cast<std::size_t>(rail) % ranks.size()];
}

std::vector<int> Places::ranks_of(std::span<const int> nodes) const {
  std::vector<int> ranks;
  for (const int node : nodes) {
    const std::vector<int>& theirs = by_node_.at(static_cast<std::size_t>(node));
    ranks.insert(ranks.end(), theirs.begin(), theirs.end());
  }
  std::sort(ranks.begin(), ranks.end());
  return ranks;
}

}  // namespace podbench::accept
