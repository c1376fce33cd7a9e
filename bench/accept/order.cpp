#include "bench/accept/order.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace podbench::accept {

using Json = nlohmann::json;

// The settings travel as those of a launch without cases.
std::string AcceptOrder::to_json() const {
  LaunchOrder measuring;
  measuring.settings = settings;
  measuring.spool_folder = spool_folder;
  measuring.launcher = launcher;
  measuring.quiet = quiet;
  return Json{{"measuring", measuring.to_json()}, {"pod", pod_text},
              {"pod_source", pod_source},         {"stages", stages},
              {"transport", transport},           {"soak_ns", soak_ns},
              {"within_nodes", within_nodes},     {"most_launches", most_launches},
              {"node_of_host", node_of_host}}
      .dump();
}

AcceptOrder AcceptOrder::from_json(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    const LaunchOrder measuring = LaunchOrder::from_json(json.at("measuring").get<std::string>());
    AcceptOrder order;
    order.settings = measuring.settings;
    order.spool_folder = measuring.spool_folder;
    order.launcher = measuring.launcher;
    order.quiet = measuring.quiet;
    order.pod_text = json.at("pod");
    order.pod_source = json.at("pod_source");
    json.at("stages").get_to(order.stages);
    order.transport = json.at("transport");
    order.within_nodes = json.at("within_nodes");
    order.soak_ns = json.at("soak_ns");
    order.most_launches = json.at("most_launches");
    json.at("node_of_host").get_to(order.node_of_host);
    return order;
  } catch (const Json::exception& error) {
    throw RequestError(std::string("the order of this acceptance cannot be read: ") + error.what());
  }
}

}  // namespace podbench::accept
