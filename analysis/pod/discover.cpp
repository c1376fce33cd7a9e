#include "analysis/pod/discover.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <map>

#include "analysis/pod/discover_ports.hpp"
#include "analysis/pod/host_ranges.hpp"
#include "base/error.hpp"

namespace podbench {
namespace {

constexpr std::size_t most_name_bytes = 255, most_remarks = 20, widest_remark = 150;

// A name that a pod file may have; anything else is refused there.
bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= most_name_bytes &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return (c < 0x80 && std::isalnum(c) != 0) || c == '.' || c == '_' || c == '-';
         });
}

std::string printable(std::string_view text) {
  std::string shown(text.substr(0, widest_remark));
  std::replace_if(
      shown.begin(), shown.end(), [](unsigned char c) { return c < 0x20 || c > 0x7e; }, '?');
  return shown;
}

std::string rate_text(double bits) {
  return bits >= 1e9 ? fmt::format("{:.4g} Gbit/s", bits * 1e-9) : fmt::format("{:.4g} Mbit/s", bits * 1e-6);
}

struct FoundNode {
  std::string name;
  std::vector<FoundPort> ports, counting;
};

// What is said of a number of nodes: "down: eth1" of n3 and n7.
class Remarks {
 public:
  void add(const std::string& what, const std::string& node) { nodes_of_[what].push_back(node); }
  [[nodiscard]] std::string text() const {
    std::string text;
    std::size_t count = 0;
    for (const auto& [what, nodes] : nodes_of_) {
      if (++count > most_remarks)
        return text + fmt::format("#   and {} more\n", nodes_of_.size() - most_remarks);
      text += fmt::format("#   {}: {}\n", printable(host_ranges(nodes)), printable(what));
    }
    return text;
  }

 private:
  std::map<std::string, std::vector<std::string>> nodes_of_;
};

class Discovery {
 public:
  Discovery(const std::vector<NodeRecord>& records, std::string name) : name_(std::move(name)) {
    for (const NodeRecord& record : records) {
      if (is_name(record.node))
        nodes_.push_back({record.node, found_ports(record), {}});
      else
        ++unnameable_;
    }
    std::sort(nodes_.begin(), nodes_.end(),
              [](const FoundNode& a, const FoundNode& b) { return before_in_list(a.name, b.name); });
    const auto same = [](const FoundNode& a, const FoundNode& b) { return a.name == b.name; };
    nodes_.erase(std::unique(nodes_.begin(), nodes_.end(), same), nodes_.end());
    if (nodes_.empty())
      throw RequestError(
          "no node recorded itself under a name that a pod file can have (letters, digits, . _ -)");
    std::vector<std::vector<FoundPort>> ports;
    for (const FoundNode& node : nodes_) ports.push_back(node.ports);
    class_ = port_class(ports);
    for (FoundNode& node : nodes_)
      for (const FoundPort& port : node.ports)
        if (class_.rate_bits > 0 && class_.has(port)) node.counting.push_back(port);
  }

  [[nodiscard]] std::string text() const {
    return head() + fmt::format("name = \"{}\"\n", is_name(name_) ? name_ : "pod") + node_tables() + racks() +
           links() + limits();
  }

 private:
  [[nodiscard]] static std::size_t ports_of(const FoundNode& node) {
    return std::clamp<std::size_t>(node.counting.size(), 1, 1'024);
  }
  [[nodiscard]] std::size_t most_ports() const {
    std::size_t most = 1;
    for (const FoundNode& node : nodes_) most = std::max(most, ports_of(node));
    return most;
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const FoundNode& node : nodes_) names.push_back(node.name);
    return names;
  }

  // Every node once with what counts, and all that is not as on most nodes.
  [[nodiscard]] Remarks seen() const {
    Remarks remarks;
    for (const FoundNode& node : nodes_) {
      for (const FoundPort& port : node.counting)
        remarks.add(
            fmt::format("{}, {}{}{}{}{}", port.name, rate_text(port.rate_bits),
                        port.driver.empty() ? "" : ", driver " + port.driver,
                        port.mtu_bytes.empty() ? "" : ", MTU " + port.mtu_bytes,
                        port.pci.empty() ? "" : ", PCI " + port.pci, port.has_route ? ", default route" : ""),
            node.name);
      if (node.counting.empty()) remarks.add("NO PORT OF THIS RATE IS UP", node.name);
    }
    return remarks;
  }
  [[nodiscard]] Remarks left_out() const {
    Remarks remarks;
    for (const FoundNode& node : nodes_)
      for (const FoundPort& port : node.ports)
        if (class_.rate_bits <= 0 || !class_.has(port))
          remarks.add(fmt::format("{}{}{}{}", port.name,
                                  port.rate_bits > 0 ? ", " + rate_text(port.rate_bits) : ", rate not told",
                                  port.up ? "" : ", down", port.hardware ? "" : ", virtual"),
                      node.name);
    return remarks;
  }

  [[nodiscard]] std::string head() const {
    std::string text = fmt::format(
        "# A first pod file, from what {} nodes recorded of themselves. Look through it before you accept a\n"
        "# pod by it: what nobody declared cannot fail.\n#\n# Found, ports that count:\n",
        nodes_.size());
    text += seen().text();
    if (const std::string others = left_out().text(); !others.empty())
      text += "# Found, ports that do not count (another rate, down, or virtual):\n" + others;
    if (unnameable_ > 0)
      text += fmt::format("# Left out: {} nodes whose names a pod file cannot have.\n", unnameable_);
    text += "# Guessed: that the fastest rate which half of the nodes have is the pod's network";
    if (class_.is_virtual)
      text += ";\n# these ports are virtual, and their rate is what their driver makes up";
    text += ".\n# To fill in: switches and the links between them, racks' power and cooling, limits.\n\n";
    return text;
  }

  [[nodiscard]] std::string node_tables() const {
    std::map<std::size_t, std::vector<std::string>, std::greater<>> by_ports;
    for (const FoundNode& node : nodes_) by_ports[ports_of(node)].push_back(node.name);
    std::string text;
    for (const auto& [ports, names] : by_ports) {
      text += fmt::format("\n[[nodes]]\nnames = \"{}\"\n", host_ranges(names));
      if (ports > 1) text += fmt::format("ports = {}\n", ports);
      if (ports < most_ports())
        text += fmt::format("# fewer ports than the {} of other nodes: broken, or meant so?\n", most_ports());
    }
    return text;
  }

  [[nodiscard]] std::string racks() const {
    const auto racks = racks_by_name(names());
    if (racks.empty())
      return "\n# Racks cannot be told from the names.\n# [[racks]]\n# names = \"rack[1-2]\"\n# nodes = "
             "\"...\"    "
             "# dealt in order, as many to each\n# power = \"12 kW\"\n";
    std::string text = "\n# Guessed from the names; power, cooling and inlet are yours to fill in.\n";
    for (const auto& [rack, nodes] : racks)
      text += fmt::format("[[racks]]\nnames = \"{}\"\nnodes = \"{}\"\n", rack, host_ranges(nodes));
    return text;
  }

  [[nodiscard]] std::string links() const {
    const bool known = class_.rate_bits > 0;
    const std::string rate = known ? rate_text(class_.rate_bits) : "1 Gbit/s";
    std::string text =
        "\n# Nodes do not see switches: one switch without a limit of its own is assumed.\n[crossbar]\nrate "
        "= \"" +
        rate + "\"" + (known ? "\n" : "   # NOT KNOWN: no node tells the rate of a port\n");
    const char* shape = most_ports() > 1 ? "rails" : "leaf_spine";
    text += fmt::format(
        "# Where there are leaves and spines, put this in its place:\n# [{}]\n# nodes_per_leaf = {}\n"
        "# node_rate = \"{}\"\n# spines = 2\n# spine_rate = \"{}\"   # from each leaf to each spine, all "
        "cables "
        "together\n",
        shape, nodes_per_leaf(), rate, rate);
    return text;
  }

  // As many as a rack has; all, where racks are not known.
  [[nodiscard]] std::size_t nodes_per_leaf() const {
    std::size_t most = 0;
    for (const auto& [rack, nodes] : racks_by_name(names())) most = std::max(most, nodes.size());
    return most > 0 ? most : nodes_.size();
  }

  [[nodiscard]] static std::string limits() {
    return "\n[limits]\nshare_of_rate = 0.90          # of the declared rate that pairs and links reach\n"
           "distance_from_median = 0.05   # how far from the fleet's median a pair may be\n"
           "latency_distance = 0.25       # and its latency\n"
           "node_distance = 0.15          # and what a node does by itself\n"
           "# latency = \"5 us\"            # of a pair, one way\n"
           "# impact_p99 = 2.0            # by how much congestion may raise a victim's p99\n"
           "# share_of_ceiling = 0.85     # of the computed ceiling that collectives reach\n";
  }

  std::string name_;
  std::vector<FoundNode> nodes_;
  PortClass class_;
  std::size_t unnameable_ = 0;
};

}  // namespace

std::string discovered_pod(const std::vector<NodeRecord>& nodes, const std::string& name) {
  return Discovery(nodes, name).text();
}

}  // namespace podbench
