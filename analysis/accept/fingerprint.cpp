#include "analysis/accept/fingerprint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace podbench::accept {
namespace {

class Fnv1a {
 public:
  Fnv1a& add(std::string_view text) {
    for (const char c : text) mix(static_cast<unsigned char>(c));
    mix(0);
    return *this;
  }
  // As text, so that the digits of the file decide and not the last bit of a sum.
  Fnv1a& add(double value) { return add(fmt::format("{:.9g}", value)); }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  void mix(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3ULL; }
  std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

void add_pod(const Pod& pod, Fnv1a& hash) {
  hash.add(pod.name);
  for (const PodNode& node : pod.nodes) hash.add(node.name).add(static_cast<double>(node.rack));
  for (const PodVertex& vertex : pod.vertices) hash.add(vertex.name);
  for (const PodLink& link : pod.links)
    hash.add(link.name).add(link.a).add(link.b).add(link.rate_bits_per_second).add(link.cables);
  const PodLimits& limits = pod.limits;
  hash.add(limits.share_of_rate).add(limits.distance_from_median);
  hash.add(limits.latency_distance).add(limits.node_distance);
  for (const auto& limit : {limits.latency_s, limits.impact_p99, limits.share_of_ceiling})
    hash.add(limit.value_or(-1));
}

}  // namespace

std::string fingerprint_of(const Pod& pod, const Run& run) {
  Fnv1a hash;
  add_pod(pod, hash);
  std::vector<const NodeRecord*> nodes;
  for (const NodeRecord& node : run.nodes) nodes.push_back(&node);
  std::sort(nodes.begin(), nodes.end(),
            [](const NodeRecord* a, const NodeRecord* b) { return a->node < b->node; });
  for (const NodeRecord* node : nodes) {
    hash.add(node->node);
    for (const auto& [name, value] : node->attributes)
      if (is_inventory(name)) hash.add(name).add(value);
  }
  return fmt::format("{:016x}", hash.value());
}

}  // namespace podbench::accept
