// The prover must catch every planted fault. A mutant that it accepts must be a correct schedule all the
// same (another order of independent steps, another buffer that holds the same): a naive judge that shares no
// code with the prover has to agree, in several random orders. Nothing is passed over.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "patterns/imported/imported_schedule.hpp"
#include "patterns/prover/trials.hpp"
#include "patterns/test/msccl_examples.hpp"
#include "patterns/test/mutants.hpp"
#include "patterns/test/reference.hpp"

namespace podbench {

namespace {

struct Tally {
  std::array<std::uint64_t, mutant_kinds.size()> caught{}, equivalent{};
};

class Mutation : public testing::Test {
 protected:
  void try_all(const Algorithm& algorithm, const prover::Trial& trial) {
    const Pattern& pattern = *find_pattern(algorithm.pattern);
    const Problem problem = trial.problem();
    if (refusal(pattern, algorithm, problem)) return;
    std::vector<Schedule> schedules = generate_all(algorithm, problem);
    ASSERT_FALSE(check(pattern, problem, schedules)) << trial.name;
    ASSERT_EQ(reference_fault(pattern, problem, schedules, 1), "") << trial.name;
    for (std::size_t r = 0; r < schedules.size(); ++r) {
      const Schedule sound = schedules[r];
      for_each_mutant(sound, problem.ranks, [&](std::size_t kind, const Schedule& mutant) {
        schedules[r] = mutant;
        judge(kind, pattern, problem, schedules, trial.name);
      });
      schedules[r] = sound;
    }
  }

  void judge(std::size_t kind, const Pattern& pattern, const Problem& problem,
             const std::vector<Schedule>& schedules, const std::string& name) {
    const auto fault = check(pattern, problem, schedules);
    ++(fault ? tally_.caught : tally_.equivalent)[kind];
    // The other way round too, for a part of what is caught: the prover must not cry wolf.
    const bool compare = !fault || ++compared_ % 16 == 0;
    for (unsigned seed = 1; compare && seed <= (fault ? 1U : 3U); ++seed) {
      const std::string wrong = reference_fault(pattern, problem, schedules, seed);
      EXPECT_EQ(wrong.empty(), !fault) << name << ", " << mutant_kinds[kind] << ": "
                                       << (fault ? fault->what + ", but the naive judge finds it right"
                                                 : "not caught; the naive judge says " + wrong);
    }
  }

  void report(const std::string& name) const {
    std::string line;
    std::uint64_t caught = 0;
    for (std::size_t kind = 0; kind < mutant_kinds.size(); ++kind) {
      line += fmt::format("; {} {}+{}", mutant_kinds[kind], tally_.caught[kind], tally_.equivalent[kind]);
      caught += tally_.caught[kind];
      if (tally_.equivalent[kind] > 0) {
        EXPECT_GT(tally_.caught[kind], 0U) << mutant_kinds[kind];
      }
    }
    fmt::print("{}: {} caught (caught+equivalent{})\n", name, caught, line);
    EXPECT_GT(caught, 50U);
  }

  Tally tally_;
  std::uint64_t compared_ = 0;
};

class CatalogueMutation : public Mutation, public testing::WithParamInterface<const Algorithm*> {};

TEST_P(CatalogueMutation, every_planted_fault_is_caught) {
  const Pattern& pattern = *find_pattern(GetParam()->pattern);
  const auto small = [&](const prover::Trial& trial) {
    const bool few = (pattern.knobs & knob_window) == 0 || trial.parameters.window <= 3;
    return few && trial.count == 2 * static_cast<std::uint64_t>(trial.ranks) + 3;
  };
  for (const int ranks : {2, 3, 5, 8})
    for (const prover::Trial& trial : prover::trials(pattern, *GetParam(), ranks))
      if (small(trial)) try_all(*GetParam(), trial);
  report(fmt::format("{}/{}", GetParam()->pattern, GetParam()->name));
}

class ImportedMutation : public Mutation, public testing::WithParamInterface<MscclExample> {};

TEST_P(ImportedMutation, every_planted_fault_is_caught) {
  Parameters given;
  given.schedule = parse_msccl({GetParam().name, GetParam().xml});
  given.root = GetParam().root;
  const ImportedSchedule& schedule = *given.schedule;
  try_all(*find_algorithm(schedule.pattern, "imported"),
          {schedule.ranks(), std::uint64_t{2} * schedule.chunks, given, {}, GetParam().name});
  report(GetParam().name);
}

INSTANTIATE_TEST_SUITE_P(imported, ImportedMutation, testing::ValuesIn(msccl_examples()),
                         [](const auto& given) { return given.param.name; });

std::vector<const Algorithm*> planned() {
  std::vector<const Algorithm*> algorithms;
  for (const Algorithm* a : all_algorithms())
    if (a->generate != nullptr && (a->knobs & knob_schedule) == 0) algorithms.push_back(a);
  return algorithms;
}

INSTANTIATE_TEST_SUITE_P(catalogue, CatalogueMutation, testing::ValuesIn(planned()), [](const auto& given) {
  return std::string(given.param->pattern) + "_" + std::string(given.param->name);
});

}  // namespace

}  // namespace podbench
