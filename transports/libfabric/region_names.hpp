// Names for the files in /dev/shm through which libfabric's shm provider talks. A rank that dies leaves its
// file behind, and a later rank with the same process number would stumble over it: the names here say whose
// they are, so that what the dead left can be told and removed.
// Thread-safety: pure but for the file system.
#pragma once

#include <string>

#include "transports/libfabric/handles.hpp"

namespace podbench::libfabric {

// Whether the offer's endpoints are named files in /dev/shm.
[[nodiscard]] bool has_region_name(const fi_info& offer);

// Gives the endpoint-to-be a name that no other has: `unique` within this process.
void set_region_name(fi_info& offer, const std::string& unique);

// Removes the files named by set_region_name() whose process is dead; a living one's go when it closes.
void remove_dead_regions();

}  // namespace podbench::libfabric
