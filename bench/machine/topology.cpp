#include "bench/machine/topology.hpp"

#include <fmt/format.h>
#include <hwloc.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/error.hpp"
#include "base/quantity.hpp"

namespace podbench {
namespace {

struct Destroy {
  void operator()(hwloc_topology* topology) const noexcept { hwloc_topology_destroy(topology); }
};
using Handle = std::unique_ptr<hwloc_topology, Destroy>;

Handle load(const std::string& synthetic) {
  hwloc_topology_t raw = nullptr;
  if (hwloc_topology_init(&raw) != 0) throw RunError("hwloc cannot describe this machine");
  Handle topology(raw);
  if (!synthetic.empty() && hwloc_topology_set_synthetic(raw, synthetic.c_str()) != 0)
    throw RunError("hwloc does not understand the topology \"" + synthetic + "\"");
  if (hwloc_topology_load(raw) != 0) throw RunError("hwloc cannot read this machine's topology");
  return topology;
}

int logical_index_of_ancestor(hwloc_topology_t topology, hwloc_obj_t object, hwloc_obj_type_t type) {
  const hwloc_obj_t ancestor = hwloc_get_ancestor_obj_by_type(topology, type, object);
  return ancestor == nullptr ? 0 : static_cast<int>(ancestor->logical_index);
}

// The NUMA node whose memory is nearest to the core; memory hangs beside the tree, not in it.
int numa_of(hwloc_topology_t topology, hwloc_obj_t core) {
  const int nodes = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_NUMANODE);
  for (int i = 0; i < nodes; ++i) {
    const hwloc_obj_t node = hwloc_get_obj_by_type(topology, HWLOC_OBJ_NUMANODE, static_cast<unsigned>(i));
    if (hwloc_bitmap_intersects(node->cpuset, core->cpuset) != 0) return i;
  }
  return 0;
}

std::vector<Core> cores_of(hwloc_topology_t topology) {
  std::vector<Core> cores;
  const int count = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_CORE);
  for (int i = 0; i < count; ++i) {
    const hwloc_obj_t object = hwloc_get_obj_by_type(topology, HWLOC_OBJ_CORE, static_cast<unsigned>(i));
    Core core{logical_index_of_ancestor(topology, object, HWLOC_OBJ_PACKAGE), numa_of(topology, object), {}};
    for (int cpu = hwloc_bitmap_first(object->cpuset); cpu >= 0; cpu = hwloc_bitmap_next(object->cpuset, cpu))
      core.cpus.push_back(cpu);
    if (!core.cpus.empty()) cores.push_back(std::move(core));
  }
  return cores;
}

std::vector<std::string> caches_of(hwloc_topology_t topology) {
  struct Level {
    hwloc_obj_type_t type;
    const char* name;
  };
  constexpr std::array<Level, 5> levels{{{HWLOC_OBJ_L1CACHE, "L1d"},
                                         {HWLOC_OBJ_L1ICACHE, "L1i"},
                                         {HWLOC_OBJ_L2CACHE, "L2"},
                                         {HWLOC_OBJ_L3CACHE, "L3"},
                                         {HWLOC_OBJ_L4CACHE, "L4"}}};
  std::vector<std::string> caches;
  for (const Level& level : levels) {
    const int count = hwloc_get_nbobjs_by_type(topology, level.type);
    if (count <= 0) continue;
    const hwloc_obj_t first = hwloc_get_obj_by_type(topology, level.type, 0);
    caches.push_back(fmt::format("{} {} x {}", level.name, format_bytes(first->attr->cache.size), count));
  }
  return caches;
}

std::string synthetic_of(hwloc_topology_t topology) {
  std::array<char, 1024> text{};
  const int length = hwloc_topology_export_synthetic(topology, text.data(), text.size(),
                                                     HWLOC_TOPOLOGY_EXPORT_SYNTHETIC_FLAG_IGNORE_MEMORY);
  // An asymmetric machine has no such description.
  return length < 0 ? std::string() : std::string(text.data());
}

}  // namespace

std::vector<int> Topology::cpus() const {
  std::vector<int> all;
  for (const Core& core : cores) all.insert(all.end(), core.cpus.begin(), core.cpus.end());
  std::sort(all.begin(), all.end());
  return all;
}

Topology read_topology(const std::string& synthetic) {
  const Handle handle = load(synthetic);
  hwloc_topology_t topology = handle.get();
  Topology result;
  result.cores = cores_of(topology);
  result.packages = std::max(hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PACKAGE), 1);
  result.numa_nodes = std::max(hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_NUMANODE), 1);
  result.caches = caches_of(topology);
  result.synthetic = synthetic_of(topology);
  const unsigned version = hwloc_get_api_version();
  result.hwloc_version = fmt::format("{}.{}.{}", version >> 16, version >> 8 & 0xff, version & 0xff);
  return result;
}

}  // namespace podbench
