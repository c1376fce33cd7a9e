#include "bench/direct/plan.hpp"

#include <gtest/gtest.h>

#include "patterns/check.hpp"

namespace podbench::direct {
namespace {

struct Compiled {
  Compiled(const char* pattern, const char* name, int ranks, std::uint64_t count) {
    Problem problem;
    problem.ranks = ranks;
    problem.count = count;
    schedules = generate_all(*find_algorithm(pattern, name), problem);
    edges = find_edges(schedules, sizeof(float));
  }
  [[nodiscard]] Plan plan(int rank) const { return make_plan(schedules, edges, rank); }
  std::vector<Schedule> schedules;
  Edges edges;
};

TEST(Plan, ShortMessagesGoInCellsAndNeedNothingElse) {
  const Compiled compiled("allreduce", "recursive_doubling", 2, 2);
  const Plan plan = compiled.plan(0);
  ASSERT_EQ(plan.steps.size(), 1U);
  const Step& step = plan.steps.front();
  EXPECT_EQ(step.cells.size(), 1U);
  ASSERT_EQ(step.arrivals.size(), 1U);
  EXPECT_NE(step.arrivals.front().sources.back().cell, Source::no_cell);
  EXPECT_TRUE(step.announcements.empty() && step.before.empty() && step.arrived.empty() && plan.end.empty());
}

TEST(Plan, AHalfIsReducedOnceIntoBothOutputs) {
  const std::uint64_t count = 1'000;
  const Compiled compiled("allreduce", "rabenseifner", 2, count);
  const Plan plan = compiled.plan(1);
  ASSERT_EQ(plan.steps.size(), 2U);
  ASSERT_EQ(plan.steps[0].arrivals.size(), 1U);
  const Combine& combine = plan.steps[0].arrivals.front();
  ASSERT_EQ(combine.targets.size(), 2U);
  EXPECT_EQ(combine.targets[0].rank, 1);
  EXPECT_EQ(combine.targets[1].rank, 0);
  for (const Target& target : combine.targets) {
    EXPECT_EQ(target.range, output(500, 500));
    EXPECT_FALSE(target.read_again);
  }
  EXPECT_TRUE(plan.steps[1].arrivals.empty());
  EXPECT_EQ(plan.steps[1].arrived, (std::vector{Wait{0, Counter::given, 1}}));
  EXPECT_EQ(plan.end, (std::vector{Wait{0, Counter::taken, 1}}));
}

TEST(Plan, OneOwnerReadsAllInputsInPlaceAndWritesAllOutputs) {
  const Compiled compiled("allreduce", "two_shot", 4, 4'000);
  const Plan plan = compiled.plan(2);
  ASSERT_EQ(plan.steps[0].locals.size(), 1U);
  const Combine& combine = plan.steps[0].locals.front();
  EXPECT_EQ(combine.sources.size(), 4U);
  EXPECT_EQ(combine.targets.size(), 4U);
  EXPECT_EQ(combine.waits.size(), 3U);
  EXPECT_EQ(combine.signals.size(), 6U);  // taken and given, for each peer
  for (const Source& source : combine.sources) EXPECT_EQ(source.range, input(2'000, 1'000));
  for (const Step& step : plan.steps) EXPECT_TRUE(step.arrivals.empty());
}

// The output that ring's first half fills with partial sums is in use: its blocks are pulled.
TEST(Plan, WhatTheReceiverUsesBeforeIsNotPushed) {
  const Compiled compiled("allreduce", "ring", 4, 4'000);
  for (const Edge& edge : compiled.edges.all)
    EXPECT_TRUE(edge.send_step <= 3 || edge.way == Way::pull) << edge.send_step;
}

TEST(Plan, AnInputIsAnnouncedOnceAndAwaitedAtTheEnd) {
  const Compiled compiled("alltoall", "pairwise", 4, 4'000);
  const Plan plan = compiled.plan(0);
  ASSERT_EQ(plan.steps.size(), 4U);  // three rounds and the own block
  EXPECT_EQ(plan.steps[0].announcements.size(), 3U);
  for (const Step& step : plan.steps) EXPECT_TRUE(step.before.empty());
  EXPECT_TRUE(plan.steps[1].announcements.empty() && plan.steps[2].announcements.empty());
  EXPECT_EQ(plan.end.size(), 3U);
}

// A buffer that is sent and then overwritten is waited for in between, not earlier.
TEST(Plan, ASourceIsAwaitedBeforeItIsWrittenAgain) {
  ScheduleBuilder first, second;
  first.copy(input(0, 1'000), output(0, 1'000)).end_step();
  first.send(1, output(0, 1'000)).end_step();
  first.send(1, input(0, 1'000)).end_step();
  first.receive(1, output(0, 1'000)).end_step();
  second.receive(0, scratch(0, 1'000)).end_step();
  second.receive(0, output(0, 1'000)).end_step();
  second.send(0, output(0, 1'000)).end_step();
  const std::vector<Schedule> schedules{first.take(), second.take()};
  const Edges edges = find_edges(schedules, sizeof(float));
  const Plan plan = make_plan(schedules, edges, 0);
  EXPECT_TRUE(plan.steps[2].before.empty());
  EXPECT_EQ(plan.steps[3].before, (std::vector{Wait{1, Counter::taken, 1}}));
}

TEST(Plan, PeersSeeWhatTheyReadOrWriteInPlaceAndNothingElse) {
  const auto seen = [](const char* pattern, const char* algorithm, std::uint64_t count) {
    const Compiled compiled(pattern, algorithm, 4, count);
    return seen_by_peers(compiled.schedules, compiled.edges).at(1);
  };
  EXPECT_EQ(seen("allreduce", "two_shot", 4'000), (SeenBuffers{true, true, false}));
  EXPECT_EQ(seen("allreduce", "one_shot", 4'000), (SeenBuffers{true, false, false}));
  EXPECT_EQ(seen("alltoall", "linear", 4'000), (SeenBuffers{true, false, false}));
  EXPECT_EQ(seen("alltoall", "linear", 2), (SeenBuffers{}));  // in cells
}

TEST(Plan, PutsAndGetsAreLeftToMessages) {
  ScheduleBuilder plan;
  plan.put(0, input(0, 1), output(0, 1));
  const std::vector<Schedule> schedules{plan.take()};
  EXPECT_FALSE(can_compile(schedules));
}

}  // namespace
}  // namespace podbench::direct
