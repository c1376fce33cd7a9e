#include "bench/node_records.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "bench/machine/record.hpp"
#include "bench/shared_text.hpp"

namespace podbench {
namespace {

using Json = nlohmann::json;

constexpr auto gathering_time = std::chrono::seconds(60);
constexpr const char* key = "node";

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

}  // namespace

std::vector<NodeRecord> gather_nodes(Rendezvous& rendezvous, const LaunchShape& shape) {
  const Deadline deadline = Deadline::after(gathering_time);
  if (shape.first_on_its_node(rendezvous.rank()))
    publish_text(rendezvous, key, to_text(record_node(rendezvous.host(rendezvous.rank()))));
  rendezvous.fence(deadline);
  std::vector<NodeRecord> nodes;
  if (rendezvous.rank() != 0) return nodes;
  for (int rank = 0; rank < rendezvous.size(); ++rank)
    if (shape.first_on_its_node(rank))
      nodes.push_back(from_text(lookup_text(rendezvous, rank, key, deadline)));
  return nodes;
}

}  // namespace podbench
