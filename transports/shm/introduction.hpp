// How the ranks of a launch get to know each other's mailboxes.
#pragma once

#include <memory>
#include <vector>

#include "transports/rendezvous.hpp"
#include "transports/shm/peer.hpp"

namespace podbench::shm {

struct Introduction {
  std::vector<std::unique_ptr<Peer>> peers;  // by rank, this one included
  bool fences_registered = false;            // on all ranks
  bool all_cross = false;                    // this rank reads every peer's private memory
};

// Collective. `mailbox` is this rank's, mapped from file descriptor `file`. RunError where a rank is not on
// this node.
[[nodiscard]] Introduction introduce(Rendezvous& rendezvous, int file, Mailbox& mailbox, Deadline deadline);

}  // namespace podbench::shm
