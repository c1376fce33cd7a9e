// Joins the launch that this process belongs to, whatever started it.
// Thread-safety: call once, early, from the main thread (it takes the secret out of the environment).
#pragma once

#include <memory>

#include "transports/rendezvous.hpp"

namespace podbench {

// Collective over the launch: store, PMIx, PMI-1, or alone (one rank) as detect_launch_environment() says.
// RequestError where the launcher cannot serve (says what would), RunError where joining fails or `deadline`
// passes.
[[nodiscard]] std::unique_ptr<Rendezvous> join_launch(Deadline deadline);

}  // namespace podbench
