// Stage 1: every node's parts and settings against the pod file and against the majority.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "analysis/accept/checks.hpp"
#include "analysis/accept/fingerprint.hpp"
#include "analysis/accept/stage_judges.hpp"

namespace podbench::accept {
namespace {

// What all nodes of a pod should have alike, as bench/machine names it; an entry that ends in a dot stands
// for all that begin so.
constexpr std::array<std::string_view, 22> alike = {"cpu.model",
                                                    "cpu.cores",
                                                    "cpu.threads",
                                                    "cpu.packages",
                                                    "cpu.microcode",
                                                    "cpu.governor",
                                                    "cpu.turbo",
                                                    "cpu.smt",
                                                    "cpu.idle_driver",
                                                    "numa.nodes",
                                                    "clock.source",
                                                    "kernel.release",
                                                    "kernel.numa_balancing",
                                                    "os.name",
                                                    "memory.total_bytes",
                                                    "memory.thp",
                                                    "limits.memlock",
                                                    "machine.product",
                                                    "library.",
                                                    "net.core.",
                                                    "net.ipv4.",
                                                    "module."};
// Of interfaces and RDMA devices.
constexpr std::array<std::string_view, 10> alike_endings = {
    ".mtu_bytes", ".rate_mbps", ".driver", ".driver_version", ".duplex",
    ".firmware",  ".board",     ".rate",   ".link_layer",     ".state"};
// Sizes of memory differ by what the firmware keeps.
constexpr double alike_numbers = 0.02;

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  return value;
}

bool same(std::string_view name, const std::string& a, const std::string& b) {
  if (a == b) return true;
  const auto x = number_of(a), y = number_of(b);
  return name.ends_with("total_bytes") && x && y && std::abs(*x - *y) <= alike_numbers * std::max(*x, *y);
}

// "mtu" of "nic.eth0.mtu_bytes": what a person calls the check.
std::string words_of(std::string_view attribute) {
  if (attribute.ends_with(".mtu_bytes")) return "mtu";
  if (attribute.ends_with(".rate_mbps")) return "NIC rate";
  return std::string(attribute);
}

using NodeRecords = std::vector<const NodeRecord*>;  // by node; null: none

// The value that more than half of those who have one have; null without one.
const std::string* majority(const NodeRecords& records, const std::string& name) {
  std::map<std::string, std::size_t> counts;
  std::size_t all = 0;
  for (const NodeRecord* record : records)
    if (record != nullptr)
      if (const auto found = record->attributes.find(name); found != record->attributes.end())
        ++counts[found->second], ++all;
  for (const NodeRecord* record : records)
    if (record != nullptr)
      if (const auto found = record->attributes.find(name); found != record->attributes.end()) {
        std::size_t alike_here = 0;
        for (const auto& [value, count] : counts)
          if (same(name, value, found->second)) alike_here += count;
        if (2 * alike_here > all) return &found->second;
      }
  return nullptr;
}

class Inventory {
 public:
  explicit Inventory(const RunView& view) : view_(view), records_(view.pod().nodes.size(), nullptr) {
    for (const NodeRecord& record : view.run().nodes) {
      const int node = view.node(record.node);
      if (node >= 0)
        records_[static_cast<std::size_t>(node)] = &record;
      else
        unknown_.push_back(record.node);
    }
  }

  StageReport report() {
    report_.stage = Stage::inventory;
    judge_presence();
    if (std::any_of(records_.begin(), records_.end(), [](const NodeRecord* record) { return record; })) {
      judge_attributes();
      judge_rates();
    }
    return std::move(report_);
  }

 private:
  [[nodiscard]] const std::string& name(std::size_t node) const { return view_.pod().nodes[node].name; }

  void fail(std::size_t node, std::string what, std::string limit_from, std::string evidence,
            double confidence = 1) {
    report_.culprits.push_back({blame_of_node(static_cast<int>(node), Way::both, no_number, confidence),
                                fmt::format("node {}: {}", name(node), evidence), confidence > 0.5});
    report_.checks.push_back(
        plain_check(name(node), std::move(what), Outcome::fail, std::move(limit_from), std::move(evidence)));
  }

  void judge_presence() {
    std::size_t present = 0;
    for (std::size_t node = 0; node < records_.size(); ++node) {
      if (records_[node] == nullptr) {
        fail(node, "present", "pod file", "declared in the pod file, but it did not report");
        continue;
      }
      ++present;
      report_.checks.push_back(plain_check(name(node), "present", Outcome::pass, "pod file", "reported"));
    }
    for (const std::string& host : unknown_)
      report_.checks.push_back(plain_check(host, "declared", Outcome::fail, "pod file",
                                           "took part, but the pod file does not have it"));
    report_.coverage.push_back({"nodes", present, records_.size()});
  }

  void judge_attributes() {
    std::set<std::string> names;
    for (const NodeRecord* record : records_)
      if (record != nullptr)
        for (const auto& [attribute, value] : record->attributes)
          if (is_inventory(attribute)) names.insert(attribute);
    for (const std::string& attribute : names) judge_attribute(attribute);
  }

  void judge_attribute(const std::string& attribute) {
    const std::string* usual = majority(records_, attribute);
    std::size_t have = 0, alike_count = 0;
    std::vector<std::size_t> without, unlike;
    for (std::size_t node = 0; node < records_.size(); ++node) {
      if (records_[node] == nullptr) continue;
      const auto found = records_[node]->attributes.find(attribute);
      if (found == records_[node]->attributes.end()) {
        without.push_back(node);
        continue;
      }
      ++have;
      const bool as_usual = usual != nullptr && same(attribute, found->second, *usual);
      alike_count += as_usual ? 1u : 0u;
      if (!as_usual) unlike.push_back(node);
    }
    // An interface of some nodes only is another network.
    if (2 * have <= have + without.size()) return;
    for (const std::size_t node : without)
      report_.notes.push_back(fmt::format("{} does not say {}", name(node), attribute));
    const std::string what = words_of(attribute);
    for (const std::size_t node : unlike) {
      const std::string& value = records_[node]->attributes.at(attribute);
      if (usual == nullptr)
        fail(node, what, "majority",
             fmt::format("{} is \"{}\"; nodes differ and no value has a majority", attribute, value),
             1 / static_cast<double>(unlike.size()));
      else
        fail(node, what, "majority",
             fmt::format("{} is \"{}\", \"{}\" on {} of {} nodes", attribute, value, *usual, alike_count,
                         have));
    }
    if (unlike.empty())
      report_.checks.push_back(plain_check("all nodes", what, Outcome::pass, "majority",
                                           fmt::format("{} is \"{}\" on {}", attribute, *usual, have)));
  }

  // Rates of interfaces that are up, bit/s, the fastest first; of RDMA ports where the node has them.
  static std::vector<double> rates_of(const NodeRecord& record) {
    std::vector<double> ethernet, rdma;
    for (const auto& [attribute, value] : record.attributes) {
      const std::string_view text = attribute;
      const auto rate = number_of(value);
      if (!rate) continue;
      if (text.starts_with("nic.") && text.ends_with(".rate_mbps")) {
        const auto state = record.attributes.find(
            attribute.substr(0, attribute.size() - std::string("rate_mbps").size()) + "state");
        if (state == record.attributes.end() || state->second != "down") ethernet.push_back(*rate * 1e6);
      }
      if (text.starts_with("rdma.") && text.ends_with(".rate"))
        rdma.push_back(*rate * 1e9);  // "100 Gb/sec (4X EDR)"
    }
    std::vector<double>& rates = rdma.empty() ? ethernet : rdma;
    std::sort(rates.rbegin(), rates.rend());
    return rates;
  }

  // What the links of a node's ports are declared with, the fastest first.
  [[nodiscard]] std::vector<double> declared_rates(std::size_t node) const {
    const std::vector<int>& ports = view_.pod().nodes[node].ports;
    std::vector<double> rates;
    for (const int port : ports) {
      double most = 0;
      for (const PodLink& link : view_.pod().links)
        if (link.a == port || link.b == port) most = std::max(most, link.rate_bits_per_second / link.cables);
      rates.push_back(most);
    }
    std::sort(rates.rbegin(), rates.rend());
    return rates;
  }

  void judge_rates() {
    std::size_t silent = 0;
    for (std::size_t node = 0; node < records_.size(); ++node) {
      if (records_[node] == nullptr) continue;
      const std::vector<double> found = rates_of(*records_[node]), declared = declared_rates(node);
      if (found.size() < declared.size()) {
        ++silent;
        continue;
      }
      for (std::size_t port = 0; port < declared.size(); ++port) {
        if (found[port] >= declared[port] * 0.999) continue;
        fail(node, "NIC rate", "pod file",
             fmt::format("its NIC negotiated {:.4g} Gbit/s, the pod file declares {:.4g} Gbit/s",
                         found[port] / 1e9, declared[port] / 1e9));
      }
    }
    if (silent > 0)
      report_.notes.push_back(
          fmt::format("{} of {} nodes do not say the rate of every NIC; the measurements judge it", silent,
                      records_.size()));
  }

  const RunView& view_;
  NodeRecords records_;
  std::vector<std::string> unknown_;
  StageReport report_;
};

}  // namespace

bool is_inventory(std::string_view name) {
  const bool device = name.starts_with("nic.") || name.starts_with("rdma.");
  if (device)
    return std::any_of(alike_endings.begin(), alike_endings.end(),
                       [&](std::string_view ending) { return name.ends_with(ending); });
  return std::any_of(alike.begin(), alike.end(), [&](std::string_view one) {
    return one.ends_with('.') ? name.starts_with(one) : name == one;
  });
}

StageReport judge_inventory(const RunView& view) {
  return view.run().nodes.empty() ? StageReport{} : Inventory(view).report();
}

}  // namespace podbench::accept
