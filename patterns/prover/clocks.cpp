#include "patterns/prover/clocks.hpp"

#include <algorithm>

namespace podbench::prover {

Clocks::Clocks(int ranks)
    : ranks_(static_cast<std::size_t>(ranks)), now_(ranks_ * ranks_, 0), heard_(ranks_ * ranks_, 0) {
  for (int r = 0; r < ranks; ++r) now_[at(r, r)] = 1;
}

void Clocks::hear(int receiver, int sender) {
  for (std::size_t column = 0; column < ranks_; ++column) {
    std::uint32_t& known = heard_[static_cast<std::size_t>(receiver) * ranks_ + column];
    known = std::max(known, now_[static_cast<std::size_t>(sender) * ranks_ + column]);
  }
}

void Clocks::learn(int rank) {
  for (std::size_t column = 0; column < ranks_; ++column) {
    const std::size_t cell = static_cast<std::size_t>(rank) * ranks_ + column;
    now_[cell] = std::max(now_[cell], heard_[cell]);
  }
}

void Clocks::advance(int rank) {
  ++now_[at(rank, rank)];
}

}  // namespace podbench::prover
