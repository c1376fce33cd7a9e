#include "bench/ab/experiment.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>
#include <tuple>

#include "base/error.hpp"
#include "bench/ab/words.hpp"

namespace podbench {
namespace {

// What one spool can hold (results/spool.hpp) bounds how many launches a side may have.
constexpr std::int64_t most_launches_a_side = 100'000;

// As tables list them, whatever order a plan was shuffled into.
void sort_cases(std::vector<CaseKey>& cases) {
  const auto rank = [](const CaseKey& key) {
    return std::tie(key.pattern, key.datatype, key.op, key.ranks, key.transport, key.algorithm, key.cadence,
                    key.buffers, key.options, key.bytes);
  };
  std::sort(cases.begin(), cases.end(),
            [&](const CaseKey& x, const CaseKey& y) { return rank(x) < rank(y); });
}

}  // namespace

std::int64_t Experiment::expected_ns() const {
  return (a.run.expected_ns + b.run.expected_ns) * most_pairs();
}

Experiment design(PlannedSide a, PlannedSide b, std::uint64_t seed, int least, int most) {
  Experiment experiment{std::move(a), std::move(b), {}, seed, {}, {}};
  for (const PlannedSide* side : {&experiment.a, &experiment.b})
    if (static_cast<std::int64_t>(side->run.launches) * most > most_launches_a_side)
      throw RequestError(fmt::format("{} pairs of {} launches a side are more than {}; ask for fewer", most,
                                     side->run.launches, most_launches_a_side));
  sort_cases(experiment.a.run.cases);
  sort_cases(experiment.b.run.cases);
  experiment.matching = match_cases(experiment.a.run.cases, experiment.b.run.cases);
  experiment.pairs = plan_pairs(seed, most);
  experiment.looks = plan_looks(least, most);
  return experiment;
}

std::string configuration_of(const Experiment& experiment, char letter) {
  toml::array order;
  for (const PairPlan& pair : experiment.pairs) order.push_back(pair.a_first ? "ab" : "ba");
  toml::table ab;
  ab.insert("side", std::string(1, letter));
  // TOML has no integers above 63 bits.
  ab.insert("seed", std::to_string(experiment.seed));
  ab.insert("launches_a_pair", experiment.side(letter).run.launches);
  ab.insert("most_pairs", experiment.most_pairs());
  ab.insert("order", order);
  ab.insert("a", join_words(experiment.a.side.words()));
  ab.insert("b", join_words(experiment.b.side.words()));
  ab.insert("a_program", experiment.a.side.program);
  ab.insert("b_program", experiment.b.side.program);
  std::ostringstream text;
  text << "# One side of `podbench ab`: pair k is the launches k * launches_a_pair and following.\n"
       << toml::table{{"ab", ab}} << "\n";
  return text.str();
}

}  // namespace podbench
