// Follows a program as data: which rank can go on, and what every element holds. Sends are synchronous: the
// program must not stop before its end, and then every output must hold what the contract says; so every send
// has met its receive, and of equal length.
//
// A step's transfers complete when both sides have reached them, which is the least that a transport grants
// (no buffering at all). Program has shown that a step's transfers do not disturb each other, so the order in
// which they are followed here cannot change what they leave: one order proves all of them. Thread-safety:
// one thread. Lifetime: a Follower keeps its memory from program to program.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "patterns/prover/accesses.hpp"
#include "patterns/prover/contents.hpp"
#include "patterns/prover/open_step.hpp"
#include "patterns/prover/program.hpp"

namespace podbench::prover {

class Follower {
 public:
  [[nodiscard]] MaybeFault follow(const Program& program);

 private:
  struct RankState {
    bool done = false;
    std::size_t step = 0;
    OpenStep open;                     // the transfers of the step
    std::size_t pending = 0;           // those whose other side is not there yet
    std::array<Contents, 2> contents;  // output and scratch; an input holds itself
    std::vector<const Move*> arrived;  // repeated transfers of the step that have been made
  };

  void begin(const Program& program);
  [[nodiscard]] RankState& state(int rank) { return ranks_[static_cast<std::size_t>(rank)]; }
  [[nodiscard]] Contents& contents(int rank, Buffer buffer) {
    return state(rank).contents[buffer == Buffer::output ? 0 : 1];
  }
  // The step that `rank` is in; empty when it has ended.
  [[nodiscard]] std::span<const Move> step_of(int rank) {
    const std::size_t step = state(rank).step;
    return step < program_->steps(rank) ? program_->step(rank, step) : std::span<const Move>();
  }
  template <class... Args>
  void fail(int rank, fmt::format_string<Args...> format, Args&&... args) {
    if (!fault_) fault_ = fault_at(rank, state(rank).step, format, std::forward<Args>(args)...);
  }

  // Progress.
  void post(int rank);
  void meet(int rank, const Move& first, OpenStep::Group& own);
  void finish_step(int rank);
  void find_blocked();
  void fail_blocked(int rank, const Move& a, const RankState& peer);

  // Movement of contents.
  void deliver(int sender, Range from, int receiver, const Move& receive);
  [[nodiscard]] bool load(int rank, Range range, std::vector<Content>& out, int reader);
  void store(int rank, Range into, const Move* repeated, int actor);
  void store_reduced(int rank, const Move& a);
  void compare(int rank, Range into, int actor);

  // One-sided access, and a rank's own for the sake of others' one-sided ones.
  void access(int rank, std::span<const Move> actions);
  void access_local(int rank, const Move& a);
  void one_sided(int rank, const Move& a);
  void note(int owner, int by, Range range, bool written, bool repeated);

  // The end.
  void check_contract(int rank);
  void check_synchronized(int rank);

  const Program* program_ = nullptr;
  std::optional<Contributors> sets_;
  std::vector<RankState> ranks_;
  std::vector<int> ready_;
  std::optional<Clocks> clocks_;
  std::optional<Accesses> accesses_;
  std::vector<Content> moving_, operand_, united_;
  MaybeFault fault_;
};

}  // namespace podbench::prover
