#include "bench/node_records.hpp"

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/affinity.hpp"
#include "base/error.hpp"
#include "bench/machine/record.hpp"
#include "bench/shared_text.hpp"

namespace podbench {
namespace {

using Json = nlohmann::json;

constexpr auto gathering_time = std::chrono::seconds(60);
constexpr auto noise_span = std::chrono::milliseconds(50);
// For the other ranks to fall asleep, as the same fence has just woken them, and for what the kernel still
// does for them. After 3 ms it disturbed a core by 0.4 ms with 2 ranks as with 16, after 20 ms by nothing.
constexpr auto settling_span = std::chrono::milliseconds(20);
constexpr const char* pinning_key = "pinning";

std::string to_text(const NodeRecord& record) {
  return Json{record.node, record.attributes, record.texts}.dump(-1, ' ', false,
                                                                 Json::error_handler_t::replace);
}

NodeRecord from_text(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    return {json.at(0), json.at(1), json.at(2)};
  } catch (const Json::exception& error) {
    throw RunError(std::string("a node's record cannot be read: ") + error.what());
  }
}

// What `make` gives each node's first rank, on the lead.
std::vector<NodeRecord> gather(Rendezvous& rendezvous, const LaunchShape& shape, const std::string& key,
                               Deadline deadline, const std::function<NodeRecord(const std::string&)>& make) {
  const int here = rendezvous.rank();
  if (shape.first_on_its_node(here)) publish_text(rendezvous, key, to_text(make(rendezvous.host(here))));
  rendezvous.fence(deadline);
  std::vector<NodeRecord> nodes;
  if (here != 0) return nodes;
  for (int rank = 0; rank < rendezvous.size(); ++rank)
    if (shape.first_on_its_node(rank))
      nodes.push_back(from_text(lookup_text(rendezvous, rank, key, deadline)));
  return nodes;
}

// On a node's first rank, once every other rank is on its way into a fence, where it sleeps.
NoiseReport noise_of_resting_node() {
  std::this_thread::sleep_for(settling_span);
  return measure_noise(noise_span);
}

// The CPUs of every rank on this node.
std::map<int, std::string> pinning_of_node(Rendezvous& rendezvous, const LaunchShape& shape,
                                           Deadline deadline) {
  const auto& nodes = shape.node_of_rank;
  std::map<int, std::string> cpus;
  for (int rank = 0; rank < rendezvous.size(); ++rank)
    if (nodes.at(static_cast<std::size_t>(rank)) == nodes.at(static_cast<std::size_t>(rendezvous.rank())))
      cpus[rank] = lookup_text(rendezvous, rank, pinning_key, deadline);
  return cpus;
}

}  // namespace

std::vector<NodeRecord> gather_nodes(Rendezvous& rendezvous, const LaunchShape& shape) {
  return gather(rendezvous, shape, "node", Deadline::after(gathering_time),
                [](const std::string& node) { return record_node(node); });
}

std::vector<NodeRecord> gather_nodes_before(Rendezvous& rendezvous, const LaunchShape& shape,
                                            const Binding& binding) {
  const Deadline deadline = Deadline::after(gathering_time);
  publish_text(rendezvous, pinning_key, format_cpus(current_affinity()));
  rendezvous.fence(deadline);
  return gather(rendezvous, shape, "node.before", deadline, [&](const std::string& node) {
    const NoiseReport noise = noise_of_resting_node();
    NodeRecord record = record_node(node);
    record_noise(noise, "before", record);
    record_pinning(pinning_of_node(rendezvous, shape, deadline), binding.why, record);
    return record;
  });
}

std::vector<NodeRecord> gather_nodes_after(Rendezvous& rendezvous, const LaunchShape& shape) {
  const Deadline deadline = Deadline::after(gathering_time);
  rendezvous.fence(deadline);
  return gather(rendezvous, shape, "node.after", deadline, [](const std::string& node) {
    NodeRecord record{node, {}, {}};
    record_counters(SystemRoot(), "after", record);
    record_noise(noise_of_resting_node(), "after", record);
    return record;
  });
}

}  // namespace podbench
