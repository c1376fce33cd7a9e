// Rendezvous of ranks that a foreign launcher started: rank 0 hosts the store (store_server.hpp), the
// launcher introduces the others to it, and a thread of rank 0 takes the director's part: when a rank is
// lost, hangs or gives up, it says so in one line, naming rank and host, and ends the launch with exit
// code 4. Thread-safety and errors: as transports/rendezvous.hpp says.
#pragma once

#include <memory>

#include "bench/rendezvous/introduction.hpp"
#include "transports/rendezvous.hpp"

namespace podbench {

// Collective over the ranks of the introduction.
[[nodiscard]] std::unique_ptr<Rendezvous> join_introduced(std::unique_ptr<Introduction> introduction,
                                                          Deadline deadline);

}  // namespace podbench
