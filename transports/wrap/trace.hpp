// Counting: an endpoint that keeps a tally of what goes through it, by peer.
// Thread-safety: as an endpoint's; the tally belongs to the same thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "transports/transport.hpp"

namespace podbench {

struct PeerTally {
  std::uint64_t sends = 0, sent_bytes = 0;         // puts included
  std::uint64_t receives = 0, received_bytes = 0;  // gets included
  std::uint64_t waits = 0;  // posts with this peer that were not complete at the first test
};

struct Tally {
  std::vector<PeerTally> peers;  // by rank
  std::uint64_t posts = 0;       // batches, native ones included
  std::uint64_t native_posts = 0;
  std::uint64_t idle_tests = 0;  // tests that found a batch not yet complete
  std::uint64_t blocks = 0;
};

// `tally` is emptied, sized for the endpoint and outlives it.
[[nodiscard]] std::unique_ptr<Endpoint> wrap_with_trace(std::unique_ptr<Endpoint> endpoint, Tally& tally);

}  // namespace podbench
