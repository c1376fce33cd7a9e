// A training step is its parts, each in a region of its own, whatever they are.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "patterns/check.hpp"
#include "patterns/prover/trial_workload.hpp"
#include "patterns/training_step/regions.hpp"

namespace podbench {
namespace {

const Pattern& step_pattern() {
  return *find_pattern("training_step");
}
const Algorithm& by_parts() {
  return *find_algorithm("training_step", "by_parts");
}

Problem step_of(const std::string& text, int ranks, double scale = 1) {
  Problem problem{0, ranks, 0, {}, {}};
  problem.parameters.workload = parse_workload({"step.toml", text});
  problem.parameters.scale = scale;
  return problem;
}

std::string part(std::string_view pattern, std::string_view algorithm, std::uint64_t elements,
                 const std::string& more = "") {
  return fmt::format("[[part]]\npattern = \"{}\"\nalgorithm = \"{}\"\nelements = {}\n{}\n", pattern,
                     algorithm, elements, more);
}

std::uint64_t sent(const Schedule& schedule) {
  std::uint64_t elements = 0;
  for (const Action& a : schedule.actions)
    if (a.kind == ActionKind::send) elements += a.from.count;
  return elements;
}

// Whether a description with it is accepted, which says that it can be a part.
bool fits(const Algorithm& algorithm) {
  const Pattern& pattern = *find_pattern(algorithm.pattern);
  return algorithm.generate != nullptr && (algorithm.knobs & knob_schedule) == 0 && pattern.sized &&
         !pattern.one_sided && !pattern.self_timed && pattern.timed == nullptr && pattern.series == nullptr &&
         (pattern.knobs & knob_workload) == 0;
}

TEST(TrainingStep, takes_every_schedule_that_has_a_size) {
  int parts = 0;
  for (const Algorithm* algorithm : all_algorithms()) {
    if (!fits(*algorithm)) continue;
    const std::string text = part("shift", "direct", 11) +
                             part(algorithm->pattern, algorithm->name, 23, "repeat = 2") +
                             part("allreduce", "ring", 17);
    for (const int ranks : {4, 5}) {
      const Problem problem = step_of(text, ranks);
      ASSERT_EQ(refusal(step_pattern(), by_parts(), problem), std::nullopt) << text;
      const auto fault = check(step_pattern(), by_parts(), problem);
      EXPECT_FALSE(fault) << text << fault->what;
    }
    ++parts;
  }
  EXPECT_GT(parts, 40);
}

TEST(TrainingStep, sends_what_its_parts_send_as_often_as_they_repeat) {
  const std::string text = part("allreduce", "recursive_doubling", 64, "repeat = 3") +
                           part("allgather", "ring", 80) + part("shift", "direct", 7, "repeat = 2");
  const Problem problem = step_of(text, 8);
  const Schedule plan = by_parts().generate(problem);
  double told = 0;
  std::size_t steps = 0;
  for (const WorkloadPart& each : problem.parameters.workload->parts) {
    const Problem own = part_problem(problem, each);
    told += static_cast<double>(each.repeat) * each.algorithm->cost(own).sent_elements;
    steps += each.repeat * each.algorithm->generate(own).steps();
  }
  EXPECT_EQ(told, 3 * 64 * 3 + 70 + 14);
  EXPECT_EQ(static_cast<double>(sent(plan)), told);
  EXPECT_EQ(plan.steps(), steps);
  EXPECT_EQ(step_pattern().moved_count(problem), 3 * 64 + 80 + 2 * 7U);
  const Cost bound = step_pattern().lower_bound(problem);
  EXPECT_EQ(bound.rounds, 3 * 3 + 3 + 2);
  EXPECT_EQ(bound.sent_elements, 3 * 2 * 56 + 70 + 14);
}

TEST(TrainingStep, gives_every_part_a_region_that_begins_alike_on_all_ranks) {
  const std::string text = part("allgather", "ring", 10) + part("allreduce", "ring", 6, "repeat = 9") +
                           part("gather", "linear", 9, "root = 2") +
                           part("alltoallv", "linear", 12, "skew = 2");
  Problem problem = step_of(text, 4);
  for (problem.rank = 0; problem.rank < 4; ++problem.rank) {
    const std::vector<Region> regions = regions_of(problem);
    ASSERT_EQ(regions.size(), 5U);
    // All-gather needs ceil(10/4) of the rank that has most, gather ceil(9/4).
    for (const auto& [place, first] : {std::pair{0, 0U}, {1, 3U}, {2, 9U}, {3, 12U}, {4, 24U}})
      EXPECT_EQ(regions[static_cast<std::size_t>(place)].input_first, first) << place;
    EXPECT_EQ(regions[1].output_first, 10U);
    EXPECT_EQ(regions[2].output_first, 16U);
    EXPECT_EQ(regions[3].output_first, problem.rank == 2 ? 25U : 16U);
    EXPECT_EQ(step_pattern().input_count(problem), 24U);
    EXPECT_EQ(step_pattern().output_count(problem), regions[4].output_first);
  }
}

TEST(TrainingStep, scales_all_sizes_and_keeps_what_there_is) {
  const std::string text = "scale = 0.5\n" + part("allreduce", "ring", 1000) + part("shift", "direct", 3);
  EXPECT_EQ(step_pattern().moved_count(step_of(text, 4)), 500 + 2U);
  EXPECT_EQ(step_pattern().moved_count(step_of(text, 4, 0.01)), 5 + 1U);
  EXPECT_EQ(step_pattern().moved_count(step_of(text, 4, 1e-12)), 1 + 1U);
  EXPECT_EQ(step_pattern().moved_count(step_of(text, 4, 4)), 2000 + 6U);
}

std::string reason(const Problem& problem) {
  return refusal(step_pattern(), by_parts(), problem).value_or("");
}

TEST(TrainingStep, says_what_it_cannot_serve_and_where_that_stands) {
  EXPECT_EQ(reason({0, 4, 0, {}, {}}), "it needs a workload; `podbench list workloads` has some");
  const std::string rooted = part("shift", "direct", 3) + part("reduce", "binomial", 8, "root = 4");
  EXPECT_EQ(reason(step_of(rooted, 5)), "");
  EXPECT_EQ(reason(step_of(rooted, 4)), "step.toml:6:1: reduce/binomial: root 4 is not a rank; 0 to 3 are");
  EXPECT_EQ(reason(step_of(part("bisection", "direct", 8), 1)),
            "step.toml:1:1: bisection/direct: bisection needs at least 2 ranks, not 1");
  EXPECT_EQ(reason(step_of(part("allreduce", "ring", 1'000'000'000'000), 4, 0.1)), "");
  EXPECT_EQ(reason(step_of(part("allreduce", "ring", 1'000'000'000'000), 4)),
            "step.toml:1:1: the step has more than 137438953472 elements here; a smaller scale would do");
  const std::string often = part("broadcast", "linear", 8, "root = 3\nrepeat = 1_000_000");
  EXPECT_EQ(reason(step_of(often, 4)), "");
  EXPECT_EQ(reason(step_of(often, 6)),
            "step.toml:1:1: the plan of a rank has more than 4194304 actions here; repeat less, or use fewer "
            "ranks");
}

TEST(TrainingStep, plans_one_of_very_many_ranks) {
  const std::string text = part("allreduce", "rabenseifner", 6'553'600, "repeat = 4") +
                           part("allgather", "bruck", 202'383'360) +
                           part("reduce_scatter", "recursive", 202'383'360) +
                           part("shift", "direct", 16'777'216) + part("broadcast", "binomial", 5'000'000);
  Problem problem = step_of(text, 100'003);
  ASSERT_EQ(reason(problem), "");
  for (const int rank : {0, 50'001, 100'002}) {
    problem.rank = rank;
    const Schedule plan = by_parts().generate(problem);
    EXPECT_EQ(plan.actions.capacity(), plan.actions.size());
    EXPECT_EQ(plan.step_ends.capacity(), plan.step_ends.size());
    EXPECT_GT(plan.actions.size(), 50U);
    EXPECT_LT(plan.actions.size(), 500U);
  }
}

TEST(TrainingStep, is_tried_with_a_workload_of_every_kind) {
  bool reduces = false, moves = false, rooted = false, uneven = false, nodes = false, repeats = false;
  for (const WorkloadPart& each : prover::trial_workload()->parts) {
    const std::uint32_t knobs = each.pattern->knobs | each.algorithm->knobs;
    (each.pattern->reduces ? reduces : moves) = true;
    rooted = rooted || (knobs & knob_root) != 0;
    uneven = uneven || each.parameters.skew > 0;
    nodes = nodes || (knobs & knob_nodes) != 0;
    repeats = repeats || each.repeat > 1;
  }
  EXPECT_TRUE(reduces && moves && rooted && uneven && nodes && repeats);
}

}  // namespace
}  // namespace podbench
