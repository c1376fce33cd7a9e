// The parts of a node's record, one file each. Internal to bench/machine.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bench/machine/system_root.hpp"
#include "results/record.hpp"

namespace podbench {

// Adds an attribute where there is a value.
inline void note(NodeRecord& record, std::string name, std::string_view value) {
  if (!value.empty()) record.attributes[std::move(name)] = std::string(value);
}
inline void note(NodeRecord& record, std::string name, const std::string& value) {
  note(record, std::move(name), std::string_view(value));
}
inline void note(NodeRecord& record, std::string name, const std::optional<std::string>& value) {
  if (value) note(record, std::move(name), std::string_view(*value));
}

void record_processor(const SystemRoot& root, NodeRecord& record);
void record_kernel(const SystemRoot& root, NodeRecord& record);
void record_memory(const SystemRoot& root, NodeRecord& record);
void record_containment(const SystemRoot& root, NodeRecord& record);
void record_network(const SystemRoot& root, NodeRecord& record);

// The folder of this process's control group below /sys/fs/cgroup ("" for the root group); version 2 only.
[[nodiscard]] std::string cgroup_folder(const SystemRoot& root);

}  // namespace podbench
