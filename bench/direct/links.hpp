// The lines of memory through which ranks that see each other's memory keep step.
//
// Every ordered pair of ranks has one: its writer alone stores there, its reader alone waits there. Counters
// only grow, over all runs of all programs of a launch; a program adds its own numbers to where they stood
// when a run began. A short message travels in a cell, together with its number, and the shortest of them in
// one cache line.
//
// Memory order: whatever a counter or a cell's number announces is stored before it with release and read
// after an acquire of it; stores that bypass the caches end with a fence (base/stream.hpp).
// Thread-safety: one thread a rank.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "bench/direct/edges.hpp"
#include "bench/direct/plan.hpp"

namespace podbench::direct {

struct alignas(64) Cell {
  std::atomic<std::uint64_t> number;  // of the message in it, from 1
  std::byte payload[cell_bytes];
};

struct alignas(64) Line {
  std::array<std::atomic<std::uint64_t>, 3> counters;  // by Counter
  std::atomic<std::uint64_t> emptied;                  // cells of the peer that may be written again
};

// One direction.
struct alignas(128) Lane {
  Line line;
  Cell cells[cell_count];
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

// Both directions between this rank and one peer, and how far they are. Memory that is zero is their first
// state.
struct Link {
  Lane* ours = nullptr;                                   // written here
  const Lane* theirs = nullptr;                           // written by the peer
  std::array<std::uint64_t, 3> our_base{}, their_base{};  // the counters when the run began
  std::uint64_t our_cells = 0, their_cells = 0;
  std::uint64_t emptied = 0;  // as last seen
};

// By peer, this rank included. Lifetime: outlives every Program over it.
using Links = std::vector<Link>;

// A rank's lines to all others, which its peers attach to.
[[nodiscard]] constexpr std::size_t lines_bytes(int ranks) {
  return static_cast<std::size_t>(ranks) * sizeof(Lane);
}

}  // namespace podbench::direct
