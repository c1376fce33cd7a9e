#include <fmt/format.h>

#include "bench/machine/record_parts.hpp"

namespace podbench {

void record_memory(const SystemRoot& root, NodeRecord& record) {
  const std::string info = root.read("/proc/meminfo", 16 * 1024).value_or("");
  record.texts["meminfo"] = info;
  // "16384 kB", where the kernel's kB is 1024 bytes.
  const auto note_bytes = [&](const char* name, const char* key) {
    const std::string_view value = value_of(info, key);
    if (const auto kib = whole_number(value.substr(0, value.find(' '))))
      record.attributes[name] = fmt::format("{}", *kib * 1024);
  };
  note_bytes("memory.total_bytes", "MemTotal");
  note_bytes("memory.available_bytes", "MemAvailable");
  note_bytes("memory.swap_total_bytes", "SwapTotal");
  note_bytes("memory.swap_free_bytes", "SwapFree");
  note_bytes("memory.hugepage_bytes", "Hugepagesize");
  note(record, "memory.hugepages_total", value_of(info, "HugePages_Total"));
  note(record, "memory.hugepages_free", value_of(info, "HugePages_Free"));
  const auto note_choice = [&](const char* name, const char* file) {
    if (const auto text = root.line(file)) note(record, name, chosen_word(*text));
  };
  note_choice("memory.thp", "/sys/kernel/mm/transparent_hugepage/enabled");
  note_choice("memory.thp_defrag", "/sys/kernel/mm/transparent_hugepage/defrag");
  // A row a NUMA node: what a load costs from it to each, where its own memory is 10.
  std::string distances;
  for (const std::string& name : root.list("/sys/devices/system/node"))
    if (const auto row = root.line(fmt::format("/sys/devices/system/node/{}/distance", name)))
      distances += (distances.empty() ? "" : "; ") + *row;
  note(record, "numa.distances", distances);
  note(record, "memory.swappiness", root.line("/proc/sys/vm/swappiness"));
}

}  // namespace podbench
