// The schedules of all ranks in the form in which the prover follows them: checked one by one as they come
// in, and packed, so that a program of millions of actions stays near the processor. Thread-safety: one
// thread. Lifetime: begin() makes it new and keeps its memory.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "patterns/prover/fault.hpp"

namespace podbench::prover {

// An action whose ranges are known to be of one length.
class Move {
 public:
  explicit Move(const Action& action);

  ActionKind kind;
  bool repeated;
  std::uint16_t tag;
  int peer;
  std::uint64_t count;

  [[nodiscard]] Range into() const { return {into_buffer_, into_, count}; }
  [[nodiscard]] Range from() const { return {from_buffer_, from_, count}; }
  [[nodiscard]] Range operand() const { return {operand_buffer_, operand_, count}; }

 private:
  std::uint64_t into_, from_, operand_;
  Buffer into_buffer_, from_buffer_, operand_buffer_;
};

class Program {
 public:
  void begin(const Pattern& pattern, const Problem& problem);

  // The next rank's schedule. Looks at every action by itself and at the actions of a step among themselves:
  // ranges inside their buffers, nothing written to an input, no two transfers of a step in each other's way.
  // (Ranges in a peer's buffers are checked when they are used.)
  [[nodiscard]] MaybeFault add(const Schedule& schedule);

  [[nodiscard]] const Pattern& pattern() const { return *pattern_; }
  [[nodiscard]] int ranks() const { return problem_.ranks; }
  [[nodiscard]] Problem seen_by(int rank) const {
    Problem own = problem_;
    own.rank = rank;
    return own;
  }
  [[nodiscard]] bool one_sided() const { return one_sided_; }  // some rank puts or gets
  [[nodiscard]] std::size_t total_steps() const { return first_move_.size() - 1; }
  [[nodiscard]] std::size_t steps(int rank) const {
    return first_step_[static_cast<std::size_t>(rank) + 1] - first_step_[static_cast<std::size_t>(rank)];
  }
  [[nodiscard]] std::span<const Move> step(int rank, std::size_t step) const {
    const std::size_t s = first_step_[static_cast<std::size_t>(rank)] + step;
    return std::span(moves_).subspan(first_move_[s], first_move_[s + 1] - first_move_[s]);
  }
  [[nodiscard]] std::uint64_t buffer_count(int rank, Buffer buffer) const {
    return buffer_counts_[static_cast<std::size_t>(rank)][static_cast<std::size_t>(buffer)];
  }

 private:
  const Pattern* pattern_ = nullptr;
  Problem problem_;
  bool one_sided_ = false;
  std::vector<std::array<std::uint64_t, 3>> buffer_counts_;  // by rank and Buffer
  std::vector<Move> moves_;
  std::vector<std::size_t> first_move_;  // of each step of all ranks, and the end
  std::vector<std::size_t> first_step_;  // of each rank, and the end
};

}  // namespace podbench::prover
