// What the patterns between two ranks share: rank 0 and rank p-1 talk, on a pod the two that are furthest
// apart; the others are idle. Thread-safety: pure.
#pragma once

#include "patterns/contracts.hpp"

namespace podbench::pair {

enum class Role : std::uint8_t { first, last, idle };
[[nodiscard]] constexpr Role role_of(const Problem& problem) {
  if (problem.rank == 0) return Role::first;
  return problem.rank == problem.ranks - 1 ? Role::last : Role::idle;
}
[[nodiscard]] constexpr int partner_of(const Problem& problem) {
  return problem.rank == 0 ? problem.ranks - 1 : 0;
}

// Both hold `count` elements and end with the other's.
[[nodiscard]] inline std::uint64_t both_count(const Problem& problem) {
  return role_of(problem) == Role::idle ? 0 : problem.count;
}
[[nodiscard]] inline std::vector<Piece> swapped(const Problem& problem) {
  if (role_of(problem) == Role::idle) return {};
  return {{0, problem.count, partner_of(problem), 0}};
}

// The last rank ends with what the first holds.
[[nodiscard]] inline std::uint64_t first_count(const Problem& problem) {
  return role_of(problem) == Role::first ? problem.count : 0;
}
[[nodiscard]] inline std::uint64_t last_count(const Problem& problem) {
  return role_of(problem) == Role::last ? problem.count : 0;
}
[[nodiscard]] inline std::vector<Piece> handed_over(const Problem& problem) {
  if (role_of(problem) != Role::last) return {};
  return {{0, problem.count, 0, 0}};
}

// An acknowledgement is one element, so that there is one for messages of no elements too. Whoever
// acknowledges needs an input to take it from.
inline constexpr std::uint64_t acknowledgement_count = 1;
inline constexpr std::uint16_t acknowledgement_tag = 1;

// The window: `problem.parameters.window` messages at once, of the same content.
inline void send_window(ScheduleBuilder& plan, const Problem& problem) {
  for (int i = 0; i < problem.parameters.window; ++i) plan.send(partner_of(problem), input(0, problem.count));
}
inline void receive_window(ScheduleBuilder& plan, const Problem& problem) {
  for (int i = 0; i < problem.parameters.window; ++i)
    plan.receive(partner_of(problem), output(0, problem.count)).repeated();
}

// The first rank's window to the last, and the acknowledgement back.
[[nodiscard]] Schedule one_way_window(const Problem& problem);
[[nodiscard]] std::uint64_t one_way_input_count(const Problem& problem);

}  // namespace podbench::pair
