#include "bench/ab/schedule.hpp"

#include "base/random.hpp"

namespace podbench {

std::vector<PairPlan> plan_pairs(std::uint64_t seed, int pairs) {
  Random random(seed);
  std::vector<PairPlan> plan;
  bool a_first = false;
  for (int pair = 0; pair < pairs; ++pair) {
    a_first = pair % 2 == 0 ? random.below(2) == 0 : !a_first;
    plan.push_back({a_first, random.next()});
  }
  return plan;
}

std::vector<int> plan_looks(int least, int most) {
  std::vector<int> looks;
  for (int pairs = least; pairs < most; pairs *= 2) looks.push_back(pairs);
  looks.push_back(most);
  return looks;
}

double share_of_look(int before, int pairs, int most) {
  return static_cast<double>(pairs - before) / static_cast<double>(most);
}

}  // namespace podbench
