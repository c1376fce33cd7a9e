// Rendezvous through the director's TCP store (store_server.hpp): one authenticated connection a rank.
//
// A thread of its own sleeps on the connection, so that the end of the director ends the rank, and so that
// the store can tell a rank that waits from one that is stopped. It wakes only for messages: the store sends
// none while a measurement runs.
// Beyond the contract of rendezvous.hpp: lookup() of rank -1 gives the values that the director set.
// Destroying it tells the store that this rank has finished; a process that ends without doing so is lost.
// Thread-safety and errors: as transports/rendezvous.hpp says.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "bench/rendezvous/secret.hpp"
#include "transports/rendezvous.hpp"

namespace podbench {

inline constexpr int director_rank = -1;  // whose values lookup() finds under StoreServer::set

// Called on the connection's thread when the launch is over although this rank has not finished. `reason` is
// empty where the supervisor has stated it. The default ends the process with exit code 4.
using LaunchEnded = std::function<void(const std::string& reason)>;

// Collective: returns when all `size` ranks are there. `addresses` is "host:port", or several of them with
// commas between, tried in turn until one proves that it knows the secret. RunError when the deadline passes.
[[nodiscard]] std::unique_ptr<Rendezvous> join_store(std::string_view addresses, const Secret& secret,
                                                     int rank, int size, Deadline deadline,
                                                     LaunchEnded ended = {});

}  // namespace podbench
