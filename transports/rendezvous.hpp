// Rendezvous: how the ranks of a launch find each other before any transport is open, and how they end
// together. Under a scheduler it is PMIx, without one a TCP store with a secret (bench/rendezvous/).
//
// A Rendezvous is out of band: nothing here is ever timed, and no transport's data passes through it.
// Thread-safety: one thread at a time, except abort(), which any thread may call.
// Errors: RunError or LostPeer when the launch is broken or a deadline passes.
// Lifetime: outlives every Endpoint of its launch.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace podbench {

using Blob = std::vector<std::byte>;

class Rendezvous {
 public:
  virtual ~Rendezvous() = default;

  [[nodiscard]] virtual int rank() const noexcept = 0;
  [[nodiscard]] virtual int size() const noexcept = 0;

  // Makes `value` (at most 64 KiB) visible to every rank under (this rank, key) after the next fence(). A key
  // is published at most once.
  virtual void publish(std::string_view key, std::span<const std::byte> value) = 0;

  // Collective: returns once every rank has called it as often as this one, and with it everything that was
  // published before is visible.
  virtual void fence(Deadline deadline) = 0;

  // What `rank` published under `key` before the last fence.
  [[nodiscard]] virtual Blob lookup(int rank, std::string_view key, Deadline deadline) = 0;

  // The node (host name, or the scheduler's name for it) on which `rank` runs, and a number that is equal for
  // ranks of one node: nodes are numbered in order of their lowest rank.
  [[nodiscard]] virtual const std::string& host(int rank) const = 0;
  [[nodiscard]] virtual int node(int rank) const = 0;

  // The numeric address by which other nodes reach this one ("10.0.3.2"); empty where nothing is known.
  // Transports that must choose an interface choose the one that has it.
  [[nodiscard]] virtual const std::string& address() const noexcept = 0;

  // Something unique to this launch, equal on all its ranks: for names of files and segments. 32 hex digits.
  [[nodiscard]] virtual const std::string& launch_id() const noexcept = 0;

  // Ends the launch on all ranks: whoever supervises it is told `reason` and which rank is to blame (-1: not
  // known). Does not return; the process exits with 4. Safe while another rank hangs.
  [[noreturn]] virtual void abort(int blamed_rank, std::string_view reason) noexcept = 0;

  // A wait for `peers` has passed its deadline. Every live rank that waits says so to the supervisor, which
  // after a short grace blames the ranks that said nothing: they hang. Does not return.
  [[noreturn]] virtual void report_stall(std::span<const int> peers, std::string_view doing) noexcept = 0;
};

// Collective over publish, fence and lookup: every rank's value under `key`, by rank.
[[nodiscard]] std::vector<Blob> all_gather(Rendezvous& rendezvous, std::string_view key,
                                           std::span<const std::byte> value, Deadline deadline);

}  // namespace podbench
