// A round-robin tournament: every two ranks meet once, in rounds of disjoint pairs (the circle method, after
// E. de Werra, "Scheduling in sports", 1981). p-1 rounds, or p with an odd number of ranks, of whom one is
// then idle in each. Thread-safety: pure.
#pragma once

namespace podbench {

[[nodiscard]] constexpr int tournament_rounds(int ranks) {
  return ranks % 2 == 0 ? ranks - 1 : ranks;
}

// Whom `rank` meets in a round; -1: nobody.
[[nodiscard]] constexpr int tournament_partner(int ranks, int round, int rank) {
  const int circle =
      tournament_rounds(ranks);  // odd; with an even number of ranks, the last one stands outside
  if (rank == circle) {
    // Whoever would meet itself, since 2 · that is the round.
    return static_cast<int>(static_cast<long long>(round) * ((circle + 1) / 2) % circle);
  }
  const int partner = ((round - rank) % circle + circle) % circle;
  if (partner != rank) return partner;
  return ranks % 2 == 0 ? circle : -1;
}

}  // namespace podbench
