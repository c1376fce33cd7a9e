// Who knows of whose steps: one vector clock a rank (C. Fidge, "Timestamps in message-passing systems that
// preserve the partial ordering", ACSC 1988; F. Mattern, "Virtual time and global states of distributed
// systems", 1989). Needed where order matters beyond what messages carry: barriers and one-sided access.
// Only a message's receiver learns; a sender learns nothing from its receiver, since a send may be buffered.
// Memory: p² numbers. Thread-safety: one thread.
#pragma once

#include <cstdint>
#include <vector>

namespace podbench::prover {

class Clocks {
 public:
  explicit Clocks(int ranks);

  // `receiver`'s present step gets a message from `sender`'s present step.
  void hear(int receiver, int sender);
  // The transfers of `rank`'s present step are over: what it heard is known now.
  void learn(int rank);
  // The step is over.
  void advance(int rank);

  // Whether `observer`, now, comes after the entry of `rank`; after the end of its step `step`.
  [[nodiscard]] bool knows_entry(int observer, int rank) const { return now_[at(observer, rank)] > 0; }
  [[nodiscard]] bool knows_end(int observer, int rank, std::size_t step) const {
    return now_[at(observer, rank)] > step + 1;
  }

 private:
  [[nodiscard]] std::size_t at(int row, int column) const {
    return static_cast<std::size_t>(row) * ranks_ + static_cast<std::size_t>(column);
  }
  std::size_t ranks_;
  std::vector<std::uint32_t> now_, heard_;  // 0: not even its entry; else 1 + steps that are over
};

}  // namespace podbench::prover
