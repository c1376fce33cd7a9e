#include "bench/clock/tree.hpp"

#include <algorithm>
#include <bit>
#include <map>

namespace podbench {
namespace {

// Appends the pairs of members[place] in a tree over `members`: in round k, places below 2^k answer the one
// 2^k further on.
void append_tree(const std::vector<int>& members, std::size_t place, bool measures, int first_round,
                 std::vector<ClockPair>& pairs) {
  int round = first_round;
  for (std::size_t reach = 1; reach < members.size(); reach *= 2, ++round) {
    if (place < reach && place + reach < members.size())
      pairs.push_back({members[place + reach], false, measures, round});
    if (place >= reach && place < 2 * reach) pairs.push_back({members[place - reach], true, measures, round});
  }
}

}  // namespace

std::vector<ClockPair> clock_pairs(int rank, std::span<const int> clock_of_rank) {
  std::map<int, std::vector<int>> ranks_by_clock;
  for (std::size_t r = 0; r < clock_of_rank.size(); ++r)
    ranks_by_clock[clock_of_rank[r]].push_back(static_cast<int>(r));
  std::vector<int> leaders;
  for (const auto& [clock, ranks] : ranks_by_clock) leaders.push_back(ranks.front());
  std::sort(leaders.begin(), leaders.end());

  const std::vector<int>& mine = ranks_by_clock.at(clock_of_rank[static_cast<std::size_t>(rank)]);
  const auto place_in = [rank](const std::vector<int>& members) {
    return static_cast<std::size_t>(std::lower_bound(members.begin(), members.end(), rank) - members.begin());
  };
  std::vector<ClockPair> pairs;
  if (mine.front() == rank) append_tree(leaders, place_in(leaders), true, 0, pairs);
  append_tree(mine, place_in(mine), false, static_cast<int>(std::bit_width(leaders.size() - 1)), pairs);
  return pairs;
}

}  // namespace podbench
