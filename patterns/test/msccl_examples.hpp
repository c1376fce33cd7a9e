// Schedules in the XML of MSCCL, written by hand: every collective, every type of step, in and out of place,
// with scratch, with waits between blocks, and such as count on buffered sends.
#pragma once

#include <string>
#include <vector>

namespace podbench {

struct MscclExample {
  std::string name;
  std::string xml;
  int root = 0;
};

[[nodiscard]] std::vector<MscclExample> msccl_examples();
[[nodiscard]] const MscclExample& msccl_example(const std::string& name);

}  // namespace podbench
