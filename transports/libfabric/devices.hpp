// What may stand behind `libfabric:`. Thread-safety: pure.
#pragma once

#include <vector>

#include "transports/transport.hpp"

namespace podbench::libfabric {

// The words of info.hpp, and the providers that this libfabric has but that offer nothing here.
[[nodiscard]] std::vector<Device> list_devices();

}  // namespace podbench::libfabric
