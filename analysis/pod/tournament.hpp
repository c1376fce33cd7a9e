// Everybody against everybody in the fewest rounds of disjoint pairs.
//
// The circle method (Kirkman, "On a problem in combinations", 1847; Lucas, "Récréations mathématiques" II,
// 1883): player n−1 stays, the others turn around a circle. n − 1 rounds of n/2 pairs for even n; n rounds of
// (n − 1)/2 pairs for odd n, where everybody rests once. Every pair meets exactly once. O(1) memory.
// Thread-safety: a value; pure.
#pragma once

#include <utility>
#include <vector>

namespace podbench {

class Tournament {
 public:
  explicit Tournament(int players) noexcept : players_(players) {}

  [[nodiscard]] int rounds() const noexcept;
  // The pairs of a round, the smaller number first; `round` is below rounds().
  [[nodiscard]] std::vector<std::pair<int, int>> pairs(int round) const;
  // Who rests in the round; -1: nobody.
  [[nodiscard]] int resting(int round) const noexcept;

 private:
  int players_;
};

}  // namespace podbench
