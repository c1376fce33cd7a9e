#include "analysis/pod/tournament.hpp"

#include <algorithm>
#include <cstdint>

namespace podbench {

int Tournament::rounds() const noexcept {
  if (players_ < 2) return 0;
  return players_ % 2 == 0 ? players_ - 1 : players_;
}

// With m places on the circle, i and j meet in the round r = i + j mod m. For odd n the one with 2 i = r
// rests; for even n it meets the player in the middle.
std::vector<std::pair<int, int>> Tournament::pairs(int round) const {
  std::vector<std::pair<int, int>> pairs;
  const int circle = rounds();
  pairs.reserve(static_cast<std::size_t>(players_ / 2));
  for (int i = 0; i < circle; ++i) {
    const int j = static_cast<int>((std::int64_t{round} - i + circle) % circle);
    if (i < j) pairs.emplace_back(i, j);
    if (i == j && players_ % 2 == 0) pairs.emplace_back(i, players_ - 1);
  }
  return pairs;
}

int Tournament::resting(int round) const noexcept {
  if (players_ % 2 == 0 || players_ < 2) return -1;
  return round % 2 == 0 ? round / 2 : (round + players_) / 2;
}

}  // namespace podbench
