// Some ranks of an endpoint as an endpoint of their own: member k is rank k there. For what runs on a part of
// a pod while all of it is connected; the others do nothing meanwhile and close the endpoint when they come
// to it. Thread-safety: as an endpoint's. Not forwarded: native collectives, which are the whole endpoint's.
#pragma once

#include <memory>
#include <vector>

#include "transports/transport.hpp"

namespace podbench {

// Caller guarantees: `members` are ranks of the endpoint in ascending order, this one among them.
[[nodiscard]] std::unique_ptr<Endpoint> subset_of(std::unique_ptr<Endpoint> endpoint,
                                                  std::vector<int> members);

}  // namespace podbench
