#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>

#include "patterns/alltoallv/count_matrix.hpp"
#include "patterns/blocks.hpp"
#include "patterns/check.hpp"
#include "patterns/prover/trials.hpp"
#include "patterns/stress/tournament.hpp"

namespace podbench {

namespace {

const std::vector<int>& awkward_ranks() {
  static const std::vector<int> ranks{1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 16, 17, 24, 31, 32, 45, 64, 97};
  return ranks;
}

using StepOf = std::pair<std::size_t, std::size_t>;  // rank, step

// For each step of each rank, the steps that hold the other sides of its transfers.
std::vector<std::vector<std::vector<StepOf>>> partner_steps(const std::vector<Schedule>& schedules) {
  std::map<std::tuple<int, int, int>, std::vector<StepOf>> sends, receives;  // by channel, in order
  std::vector<std::vector<std::vector<StepOf>>> partners(schedules.size());
  for (std::size_t r = 0; r < schedules.size(); ++r) {
    partners[r].resize(schedules[r].steps());
    for (std::size_t s = 0; s < schedules[r].steps(); ++s)
      for (const Action& a : schedules[r].step(s)) {
        const int own = static_cast<int>(r);
        if (a.kind == ActionKind::send) sends[{own, a.peer, a.tag}].emplace_back(r, s);
        if (a.kind == ActionKind::receive || a.kind == ActionKind::receive_reduce)
          receives[{a.peer, own, a.tag}].emplace_back(r, s);
      }
  }
  for (const auto& [channel, from] : sends)
    for (std::size_t i = 0; i < from.size(); ++i) {
      const StepOf to = receives.at(channel).at(i);
      partners[from[i].first][from[i].second].push_back(to);
      partners[to.first][to.second].push_back(from[i]);
    }
  return partners;
}

// The longest chain of steps with a transfer: a step starts when the one before it is over, and is over one
// round after it and all its partners have started.
double longest_chain(const std::vector<Schedule>& schedules) {
  const auto partners = partner_steps(schedules);
  std::vector<std::vector<double>> started(schedules.size(), {0.0});  // of the steps reached so far
  const auto over = [&](std::size_t r) -> std::optional<double> {
    const std::size_t step = started[r].size() - 1;
    double latest = started[r][step];
    for (const auto& [rank, at] : partners[r][step]) {
      if (at >= started[rank].size()) return std::nullopt;
      latest = std::max(latest, started[rank][at]);
    }
    return is_local(schedules[r].step(step).front().kind) ? latest : latest + 1;
  };
  for (bool moved = true; moved;) {
    moved = false;
    for (std::size_t r = 0; r < schedules.size(); ++r)
      while (started[r].size() <= schedules[r].steps()) {
        const auto end = over(r);
        if (!end) break;
        started[r].push_back(*end);
        moved = true;
      }
  }
  double longest = 0;
  for (const auto& rank : started) longest = std::max(longest, rank.back());
  return longest;
}

Cost measured(const std::vector<Schedule>& schedules) {
  Cost most{longest_chain(schedules), 0};
  for (const Schedule& schedule : schedules) {
    double sent = 0;
    for (const Action& a : schedule.actions)
      if (a.kind == ActionKind::send || a.kind == ActionKind::put) sent += static_cast<double>(a.from.count);
    most.sent_elements = std::max(most.sent_elements, sent);
  }
  return most;
}

// A count that p, p - 1 and their powers of two divide.
std::uint64_t divisible_count(int ranks) {
  const auto p = static_cast<std::uint64_t>(ranks);
  return std::lcm<std::uint64_t>(std::lcm<std::uint64_t>(p, std::max<std::uint64_t>(p - 1, 1)), 256) * 6;
}

class Catalogue : public testing::TestWithParam<const Algorithm*> {
 protected:
  const Pattern& pattern() const { return *find_pattern(GetParam()->pattern); }
};

TEST(Patterns, are_named_once_and_found_by_name) {
  std::set<std::string_view> patterns;
  for (const Pattern* p : all_patterns()) {
    EXPECT_TRUE(patterns.insert(p->name).second) << p->name;
    EXPECT_EQ(find_pattern(p->name), p);
    EXPECT_FALSE(algorithms_of(p->name).empty()) << p->name;
  }
  std::set<std::string> algorithms;
  for (const Algorithm* a : all_algorithms()) {
    EXPECT_TRUE(patterns.contains(a->pattern)) << a->pattern;
    EXPECT_TRUE(algorithms.insert(fmt::format("{}/{}", a->pattern, a->name)).second) << a->name;
    EXPECT_EQ(find_algorithm(a->pattern, a->name), a);
    EXPECT_FALSE(a->source.empty()) << a->name;
    EXPECT_FALSE(a->summary.empty()) << a->name;
  }
  EXPECT_EQ(find_pattern("ring"), nullptr);
  EXPECT_EQ(find_algorithm("allreduce", "pairwise"), nullptr);
}

TEST_P(Catalogue, is_proved) {
  const Proof proof = prove(pattern(), *GetParam(), awkward_ranks());
  EXPECT_FALSE(proof.fault) << proof.fault_problem << ": " << proof.fault->what;
  EXPECT_GE(proof.problems, 100U);
}

TEST_P(Catalogue, costs_what_its_source_says) {
  if ((pattern().knobs & knob_workload) != 0) GTEST_SKIP() << "what its parts cost: training_step_test.cpp";
  // All-to-all-v has no formula of its own; with even blocks it is all-to-all.
  const bool uneven = GetParam()->pattern == "alltoallv";
  const Algorithm& formula = uneven ? *find_algorithm("alltoall", GetParam()->name) : *GetParam();
  ASSERT_NE(formula.cost, nullptr);
  for (const int ranks : awkward_ranks()) {
    const Problem problem{0, ranks, divisible_count(ranks), {}, {}};
    if (refusal(pattern(), *GetParam(), problem)) continue;
    const Cost found = measured(generate_all(*GetParam(), problem)), told = formula.cost(problem);
    EXPECT_EQ(found.rounds, told.rounds) << "p=" << ranks;
    EXPECT_NEAR(found.sent_elements, told.sent_elements, 1e-9 * told.sent_elements) << "p=" << ranks;
  }
}

TEST_P(Catalogue, generates_the_same_each_time) {
  const prover::Trial trial = prover::trials(pattern(), *GetParam(), 7).back();
  const Problem problem = trial.problem();
  EXPECT_EQ(GetParam()->generate(problem), GetParam()->generate(problem));
}

std::vector<const Algorithm*> planned() {
  std::vector<const Algorithm*> algorithms;
  for (const Algorithm* a : all_algorithms())
    if (a->generate != nullptr && (a->knobs & knob_schedule) == 0) algorithms.push_back(a);
  return algorithms;
}

INSTANTIATE_TEST_SUITE_P(all, Catalogue, testing::ValuesIn(planned()), [](const auto& given) {
  return std::string(given.param->pattern) + "_" + std::string(given.param->name);
});

// A rate is what one operation moves over the time of one operation: all of them together move no more than
// is sent.
TEST(Patterns, count_no_byte_for_more_than_one_operation) {
  int seen = 0;
  for (const Pattern* pattern : all_patterns()) {
    if (!pattern->operations || pattern->series) continue;
    const Problem problem{0, 2, 12, {}, {}};
    const Algorithm& algorithm = *algorithms_of(pattern->name).front();
    double sent = 0;
    for (int rank = 0; rank < 2; ++rank) {
      Problem own = problem;
      own.rank = rank;
      for (const Action& action : algorithm.generate(own).actions)
        if (action.kind == ActionKind::send) sent += static_cast<double>(action.from.count);
    }
    const std::uint64_t moved = pattern->moved_count ? pattern->moved_count(problem) : problem.count;
    EXPECT_LE(static_cast<double>(moved) * pattern->operations(problem), sent) << pattern->name;
    ++seen;
  }
  EXPECT_GE(seen, 2);  // pingpong, message_rate
}

TEST(Blocks, even_blocks_tile_the_count) {
  for (const int ranks : {1, 2, 5, 8})
    for (const std::uint64_t count : {0U, 1U, 7U, 8U, 103U}) {
      std::uint64_t next = 0;
      for (int r = 0; r < ranks; ++r) {
        const Block block = block_of(count, ranks, r);
        EXPECT_EQ(block.first, next);
        next += block.count;
      }
      EXPECT_EQ(next, count);
    }
}

TEST(Blocks, exchange_blocks_tile_rows_and_agree_across) {
  for (const int ranks : {1, 2, 3, 7, 8, 13})
    for (const std::uint64_t count : {0U, 1U, 6U, 7U, 8U, 103U})
      for (int mine = 0; mine < ranks; ++mine) {
        std::uint64_t next = 0;
        for (int theirs = 0; theirs < ranks; ++theirs) {
          const Block block = ExchangeBlocks(count, ranks).at(mine, theirs);
          EXPECT_EQ(block.first, next);
          EXPECT_EQ(block.count, ExchangeBlocks(count, ranks).at(theirs, mine).count);
          next += block.count;
        }
        EXPECT_EQ(next, count);
      }
}

TEST(Tournament, every_two_ranks_meet_once) {
  for (const int ranks : {2, 3, 4, 5, 8, 9, 17, 64}) {
    std::set<std::pair<int, int>> met;
    for (int round = 0; round < tournament_rounds(ranks); ++round)
      for (int r = 0; r < ranks; ++r) {
        const int partner = tournament_partner(ranks, round, r);
        if (partner < 0) continue;
        EXPECT_EQ(tournament_partner(ranks, round, partner), r);
        if (r < partner) {
          EXPECT_TRUE(met.emplace(r, partner).second);
        }
      }
    EXPECT_EQ(met.size(), static_cast<std::size_t>(ranks) * static_cast<std::size_t>(ranks - 1) / 2);
  }
}

// What flows say of a matrix of three ranks.
std::string complaint_about(const std::string& rows) {
  Problem problem{0, 3, 1, {}, {}};
  problem.parameters.matrix = parse_count_matrix({"flows", rows});
  return refusal(*find_pattern("flows"), *find_algorithm("flows", "direct"), problem).value_or("");
}

TEST(Flows, have_one_stream_a_rank_and_direction) {
  EXPECT_EQ(complaint_about("0 5 0\n0 0 7\n1 0 0\n"), "");
  EXPECT_EQ(complaint_about("0 0 0\n0 0 0\n0 0 0\n"), "");
  EXPECT_EQ(complaint_about("0 5 5\n0 0 0\n0 0 0\n"),
            "rank 0 sends to more than one rank; in flows it sends to one");
  EXPECT_EQ(complaint_about("0 5 0\n0 0 0\n0 5 0\n"),
            "rank 1 receives from more than one rank; in flows it receives from one");
  EXPECT_EQ(complaint_about("0 0 0\n0 0 0\n0 0 3\n"), "rank 2 streams to itself; flows lead to other ranks");
  EXPECT_EQ(complaint_about("0 1\n1 0\n"), "the count matrix flows is for 2 ranks, not 3");
}

TEST(Refusal, says_what_would_be_right) {
  const Pattern& pingpong = *find_pattern("pingpong");
  const Algorithm& direct = *find_algorithm("pingpong", "direct");
  EXPECT_EQ(refusal(pingpong, direct, {0, 1, 8, {}, {}}), "pingpong needs at least 2 ranks, not 1");
  EXPECT_EQ(refusal(pingpong, direct, {0, 2, 8, {}, {}}), std::nullopt);
  const Pattern& alltoall = *find_pattern("alltoall");
  Problem problem{0, 4, 8, {}, {}};
  problem.parameters.radix = 1;
  EXPECT_EQ(refusal(alltoall, *find_algorithm("alltoall", "bruck"), problem),
            "radix 1 is not between 2 and 65536");
  EXPECT_EQ(refusal(alltoall, *find_algorithm("alltoall", "pairwise"), problem), std::nullopt);
}

}  // namespace

}  // namespace podbench
