// What transports over a network library share when they open and close: keys for the exchange of addresses,
// and a fence behind which the library still makes progress.
// Thread-safety: opening_key from any thread; the rest one thread a rank.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "transports/rendezvous.hpp"

namespace podbench {

// A rendezvous takes a key once, but a launch opens the same transport again and again: "ucx/0", "ucx/1", ...
// The number counts this rank's calls, so it is equal on all ranks that open the same transports in the same
// order, as open() being collective demands.
[[nodiscard]] std::string opening_key(const Rendezvous& rendezvous, std::string_view transport);

// rendezvous.fence(deadline) on a second thread while this one calls `progress`, which must not touch the
// rendezvous: for libraries in which a peer's last message arrives only while the sender makes progress.
void fence_progressing(Rendezvous& rendezvous, Deadline deadline, const std::function<void()>& progress);

}  // namespace podbench
