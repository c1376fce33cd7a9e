// Which send of a schedule meets which receive, and how the bytes get across where all ranks see each other's
// memory: the first half of compiling schedules into loads and stores (plan.hpp is the second).
//
// An edge is one message of a run. It goes in one of three ways:
//   - cell: up to cell_bytes travel together with the number that announces them, the shortest in one cache
//   line;
//   - pull: the receiver reads the sender's buffer in place, and says when it has;
//   - push: the sender's last reduction before the send writes its result into the receiver's buffer as well,
//     so that the receiver need not read it again (what NCCL's fused primitives do between GPUs).
// Every rank comes to the same decisions, since it looks at the schedules of all ranks.
// Thread-safety: pure.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "patterns/schedule.hpp"

namespace podbench::direct {

inline constexpr std::size_t cell_bytes = 504;
// Of one sender to one receiver, twice as many as one run may use: so a sender that waits for a cell waits
// for an earlier run only, which will end without it.
inline constexpr std::uint32_t cell_count = 32;

enum class Way : std::uint8_t { cell, pull, push };

struct Edge {
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  int from = 0, to = 0;                 // ranks
  std::uint32_t send = 0, receive = 0;  // indices of the two actions
  std::uint32_t send_step = 0, receive_step = 0;
  Way way = Way::pull;
  std::uint32_t producer = none;  // push: the sender's action that writes what is sent
  // The receive goes to scratch that only local actions of its step read: they read the source instead, and
  // this is the last of them.
  std::uint32_t last_reader = none;
  // pull: how many announcements of the sender to the receiver it takes until the source may be read.
  // push: of the receiver to the sender, until the target may be written.
  std::uint32_t announcement = 0;
  // cell: its number; pull: how many the receiver has taken of the sender with this one; push: how many the
  // sender has given with this one. Of this pair, in one run.
  std::uint32_t ordinal = 0;
};

// What a rank tells a peer at the beginning of a step: that the step's sources may be read.
struct Announcement {
  int to = 0;
  std::uint32_t step = 0;
  std::uint32_t number = 0;  // of this pair, in one run, from 1
};

struct Edges {
  std::vector<Edge> all;
  std::vector<std::vector<std::uint32_t>> of_action;  // by rank and action: index into `all`, or Edge::none
  std::vector<std::vector<Announcement>> announcements;  // by rank, in order of steps
};

// `schedules` are those of all ranks, proved (patterns/check.hpp) and without put and get.
[[nodiscard]] Edges find_edges(std::span<const Schedule> schedules, std::size_t element_bytes);

// By Buffer: whether a peer reads or writes there in place.
using SeenBuffers = std::array<bool, 3>;

// By rank.
[[nodiscard]] std::vector<SeenBuffers> seen_by_peers(std::span<const Schedule> schedules, const Edges& edges);

// Which step each action belongs to.
[[nodiscard]] std::vector<std::uint32_t> steps_of(const Schedule& schedule);

// What an action of a schedule without put and get touches.
[[nodiscard]] bool overlap(const Range& a, const Range& b) noexcept;
[[nodiscard]] bool reads(const Action& action, const Range& range) noexcept;
[[nodiscard]] bool writes(const Action& action, const Range& range) noexcept;

}  // namespace podbench::direct
