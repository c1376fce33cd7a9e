// What docs/adding-a-pattern.md tells the reader to write is found, proved and costs what it says.
#include <gtest/gtest.h>

#include "patterns/check.hpp"

namespace podbench {

namespace {

TEST(Guide, its_algorithm_is_in_the_catalogue_and_proved) {
  const Algorithm* star = find_algorithm("allreduce", "star");
  ASSERT_NE(star, nullptr);
  const std::vector<int> ranks{1, 2, 3, 4, 5, 7, 8, 9, 16, 31};
  const Proof proof = prove(*find_pattern("allreduce"), *star, ranks);
  EXPECT_FALSE(proof.fault) << proof.fault_problem << ": " << proof.fault->what;
  EXPECT_GT(proof.problems, ranks.size());
}

TEST(Guide, its_algorithm_costs_what_it_says) {
  const Algorithm* star = find_algorithm("allreduce", "star");
  ASSERT_NE(star, nullptr);
  const Problem problem{0, 6, 10, {}, {}};
  const Schedule root = star->generate(problem);
  EXPECT_EQ(static_cast<double>(root.steps()), star->cost(problem).rounds);
  double sent = 0;
  for (const Action& a : root.actions)
    sent += a.kind == ActionKind::send ? static_cast<double>(a.from.count) : 0;
  EXPECT_EQ(sent, star->cost(problem).sent_elements);
}

}  // namespace

}  // namespace podbench
