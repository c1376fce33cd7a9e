#include "transports/ucx/devices.hpp"

#include <fmt/format.h>
#include <uct/api/uct.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>

#include "base/error.hpp"
#include "base/names.hpp"
#include "transports/ucx/log.hpp"

namespace podbench::ucx {
namespace {

// A word that people know. UCX needs `self` for messages from a rank to itself; transports that only copy
// large messages need a companion that carries the small ones.
struct Word {
  const char* name;
  const char* transports;
  std::array<const char*, 4> needs;  // one of these UCT transports; none: always there
  const char* what;
  const char* mend;     // how to get it, after "not here: "
  bool copies = false;  // as in Setting
};

constexpr auto ib_mend = "no InfiniBand or RoCE device, or its user-space driver (rdma-core) is missing";
constexpr Word words[] = {
    {"auto", "", {}, "UCX chooses, as UCX_TLS and the other UCX_ variables say", ""},
    {"posix", "posix,self", {"posix"}, "shared memory in /dev/shm", "/dev/shm is missing or full", true},
    {"sysv",
     "sysv,self",
     {"sysv"},
     "System V shared memory",
     "the kernel has no System V shared memory",
     true},
    {"cma",
     "cma,posix,self",
     {"cma"},
     "large messages copied by the kernel between the ranks, small ones over posix",
     "process_vm_readv is not permitted (sysctl kernel.yama.ptrace_scope=0, or CAP_SYS_PTRACE)"},
    {"xpmem",
     "xpmem,self",
     {"xpmem"},
     "memory mapped between the ranks",
     "the xpmem kernel module is not loaded"},
    {"knem",
     "knem,posix,self",
     {"knem"},
     "large messages copied by the knem module, small ones over posix",
     "the knem kernel module is not loaded"},
    {"tcp", "tcp,self", {"tcp"}, "sockets", "no network interface is up", true},
    {"ib",
     "ib,self",
     {"rc_verbs", "rc_mlx5", "ud_verbs", "ud_mlx5"},
     "InfiniBand or RoCE, UCX's choice",
     ib_mend},
    {"rc", "rc,self", {"rc_verbs", "rc_mlx5"}, "InfiniBand reliable connections", ib_mend},
    {"dc", "dc,self", {"dc_mlx5"}, "InfiniBand dynamic connections", ib_mend},
    {"ud", "ud,self", {"ud_verbs", "ud_mlx5"}, "InfiniBand unreliable datagrams", ib_mend},
};

using Found = std::map<std::string, std::set<std::string>>;  // UCT transport -> its devices

void add_domain(uct_component_h component, const char* name, Found& found) {
  uct_md_config_t* config = nullptr;
  if (uct_md_config_read(component, nullptr, nullptr, &config) != UCS_OK) return;
  uct_md_h domain = nullptr;
  const ucs_status_t opened = uct_md_open(component, name, config, &domain);
  uct_config_release(config);
  if (opened != UCS_OK) return;
  uct_tl_resource_desc_t* resources = nullptr;
  unsigned count = 0;
  if (uct_md_query_tl_resources(domain, &resources, &count) == UCS_OK) {
    for (const uct_tl_resource_desc_t& resource : std::span(resources, count))
      if (resource.dev_type == UCT_DEVICE_TYPE_NET || resource.dev_type == UCT_DEVICE_TYPE_SHM)
        found[resource.tl_name].insert(resource.dev_name);
    uct_release_tl_resource_list(resources);
  }
  uct_md_close(domain);
}

void add_component(uct_component_h component, Found& found) {
  uct_component_attr_t attributes{};
  attributes.field_mask = UCT_COMPONENT_ATTR_FIELD_MD_RESOURCE_COUNT;
  if (uct_component_query(component, &attributes) != UCS_OK || attributes.md_resource_count == 0) return;
  std::vector<uct_md_resource_desc_t> domains(attributes.md_resource_count);
  attributes.field_mask = UCT_COMPONENT_ATTR_FIELD_MD_RESOURCES;
  attributes.md_resources = domains.data();
  if (uct_component_query(component, &attributes) != UCS_OK) return;
  for (const uct_md_resource_desc_t& domain : domains) add_domain(component, domain.md_name, found);
}

Found find_transports() {
  Found found;
  uct_component_h* components = nullptr;
  unsigned count = 0;
  if (uct_query_components(&components, &count) != UCS_OK) return found;
  for (uct_component_h component : std::span(components, count)) add_component(component, found);
  uct_release_component_list(components);
  return found;
}

bool is_here(const Word& word, const Found& found) {
  if (word.needs[0] == nullptr) return true;
  return std::ranges::any_of(
      word.needs, [&](const char* transport) { return transport != nullptr && found.contains(transport); });
}

// A transport that the words leave out has its own name as its word.
bool has_word(const std::string& transport) {
  return std::ranges::any_of(words, [&](const Word& word) {
    return std::ranges::any_of(word.needs,
                               [&](const char* needed) { return needed != nullptr && transport == needed; });
  });
}

Device device_of(const Word& word, const Found& found) {
  Device device;
  device.name = word.name;
  device.detail = word.what;
  if (*word.transports != '\0') device.detail += fmt::format(" (UCX_TLS={})", word.transports);
  if (!is_here(word, found)) device.unusable_reason = fmt::format("not here: {}", word.mend);
  return device;
}

}  // namespace

std::vector<Device> list_devices() {
  take_over_log();
  const Found found = find_transports();
  std::vector<Device> devices;
  for (const Word& word : words) devices.push_back(device_of(word, found));
  for (const auto& [transport, names] : found)
    if (!has_word(transport))
      devices.push_back(
          {transport, fmt::format("{} (UCX_TLS={},self)", fmt::join(names, ", "), transport), "", {}});
  std::ranges::stable_partition(devices, [](const Device& device) { return device.unusable_reason.empty(); });
  return devices;
}

Setting setting_of(std::string_view name) {
  for (const Word& word : words)
    if (name == word.name) return {word.transports, name == "tcp", word.copies};
  std::vector<std::string> known;
  for (const Device& device : list_devices()) known.push_back(device.name);
  if (std::ranges::find(known, name) == known.end())
    throw RequestError(unknown_name("ucx device", name, known));
  return {fmt::format("{},self", name), false, false};
}

}  // namespace podbench::ucx
