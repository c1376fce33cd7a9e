#include "analysis/compare/decide.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>

#include "analysis/compare/contrast.hpp"
#include "analysis/compare/false_discovery.hpp"
#include "analysis/compare/hodges_lehmann.hpp"
#include "analysis/compare/launches_needed.hpp"
#include "analysis/compare/resampling.hpp"

namespace podbench {
namespace {

constexpr std::array<std::string_view, 4> verdict_names = {"faster", "slower", "equivalent", "undecided"};
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// The rules at this look, on the scale of logarithms, where ×1.02 and ÷1.02 lie equally far from 1.
struct Levels {
  double difference;  // of the family
  double single;      // of one case by itself: its cross-check, its equivalence, its interval
  double least_effect, equivalence;
};

Levels levels_of(const DecisionRules& rules) {
  return {rules.false_discovery * rules.share, (1 - rules.confidence) * rules.share,
          std::log1p(rules.least_effect), std::log1p(rules.equivalence)};
}

// One case before its family is known.
struct Tested {
  LogSides sides;
  Contrast contrast;
  Shift shift;
  double p = 1, sign_flip_p = 1, least_sign_flip_p = 1, equivalence_p = 1;
};

std::vector<double> logs(const std::vector<double>& values) {
  std::vector<double> result;
  result.reserve(values.size());
  for (const double value : values) {
    assert(value > 0);
    result.push_back(std::log(value));
  }
  return result;
}

LogSides log_sides(const Sides& sides) {
  LogSides result{logs(sides.base), logs(sides.next), {}};
  if (!sides.paired) return result;
  assert(sides.base.size() == sides.next.size());
  for (std::size_t i = 0; i < result.base.size(); ++i)
    result.differences.push_back(result.next[i] - result.base[i]);
  return result;
}

// Without any spread a t test would be sure after two launches: what the relabellings can say stands in.
void test_without_spread(Tested& tested, const Levels& levels) {
  tested.p = tested.sign_flip_p;
  const double one_sided = tested.least_sign_flip_p / (tested.sides.paired() ? 2 : 1);
  tested.equivalence_p = std::abs(tested.contrast.difference) < levels.equivalence ? one_sided : 1;
}

Tested test(const Sides& given, const Levels& levels, WilcoxonRanks& ranks) {
  Tested tested;
  tested.sides = log_sides(given);
  const LogSides& sides = tested.sides;
  tested.contrast = contrast(sides);
  tested.shift = given.paired && given.base.empty() ? Shift{nan, nan, nan} : hodges_lehmann(sides, ranks);
  if (!tested.contrast.usable) return tested;
  tested.sign_flip_p = given.paired ? sign_flip_p(sides.differences) : permutation_p(sides.base, sides.next);
  tested.least_sign_flip_p = given.paired ? least_sign_flip_p(sides.differences.size())
                                          : least_permutation_p(sides.base.size(), sides.next.size());
  if (tested.contrast.has_no_spread()) {
    test_without_spread(tested, levels);
  } else {
    tested.p = t_test_p(tested.contrast);
    tested.equivalence_p = equivalence_p(tested.contrast, levels.equivalence);
  }
  return tested;
}

// Where there are launches enough for it to speak, the cross-check must not contradict.
bool cross_check_agrees(const Tested& tested, const Levels& levels) {
  return tested.least_sign_flip_p > levels.single || tested.sign_flip_p <= levels.single;
}

Verdict verdict(const Tested& tested, double q, const Levels& levels) {
  if (!tested.contrast.usable) return Verdict::undecided;
  const double effect = tested.shift.estimate;
  const bool one_direction = std::signbit(effect) == std::signbit(tested.contrast.difference);
  if (q <= levels.difference && std::abs(effect) >= levels.least_effect && one_direction &&
      cross_check_agrees(tested, levels))
    return effect > 0 ? Verdict::slower : Verdict::faster;
  return tested.equivalence_p <= levels.single ? Verdict::equivalent : Verdict::undecided;
}

// The q-values of the cases that could be tested; the others ask nothing and are not counted.
std::vector<double> family_q(const std::vector<Tested>& family) {
  std::vector<double> p;
  for (const Tested& tested : family)
    if (tested.contrast.usable) p.push_back(tested.p);
  const std::vector<double> adjusted = false_discovery_q(p);
  std::vector<double> q(family.size(), 1.0);
  for (std::size_t i = 0, used = 0; i < family.size(); ++i)
    if (family[i].contrast.usable) q[i] = adjusted[used++];
  return q;
}

// The p-value at which one more case of the family would be called different.
double next_level(const std::vector<double>& q, const Levels& levels) {
  const auto called = std::count_if(q.begin(), q.end(), [&](double one) { return one <= levels.difference; });
  const auto all = static_cast<double>(q.size());
  return levels.difference * std::min(static_cast<double>(called + 1), all) / all;
}

Demands demands(const Tested& tested, double difference_level, const Levels& levels) {
  // Without spread the cross-check is the test itself.
  const double cross_check = tested.contrast.usable && tested.contrast.has_no_spread()
                                 ? std::min(difference_level, levels.single)
                                 : levels.single;
  return {difference_level,    cross_check,        levels.single,
          levels.least_effect, levels.equivalence, tested.sides.paired()};
}

// An undecided case needs at least one more than it has.
std::size_t more_launches(const Tested& tested, const Demands& demanded) {
  const std::size_t needed = launches_needed(tested.contrast, tested.shift.estimate, demanded);
  return needed == 0 ? 0 : std::max(needed, std::min(tested.sides.base.size(), tested.sides.next.size()) + 1);
}

}  // namespace

std::string_view name_of(Verdict verdict) {
  return verdict_names[static_cast<std::size_t>(verdict)];
}

std::vector<Decision> decide(std::span<const Sides> family, const DecisionRules& rules) {
  const Levels levels = levels_of(rules);
  WilcoxonRanks ranks(1 - levels.single);
  std::vector<Tested> tested;
  for (const Sides& sides : family) tested.push_back(test(sides, levels, ranks));
  const std::vector<double> q = family_q(tested);
  const double level = next_level(q, levels);
  std::vector<Decision> decisions;
  for (std::size_t i = 0; i < tested.size(); ++i) {
    const Tested& one = tested[i];
    Decision decision{verdict(one, q[i], levels),
                      std::exp(one.shift.estimate),
                      std::exp(one.shift.lo),
                      std::exp(one.shift.hi),
                      one.p,
                      q[i],
                      one.sign_flip_p,
                      0};
    if (decision.verdict == Verdict::undecided && std::isfinite(one.shift.estimate))
      decision.launches_needed = more_launches(one, demands(one, level, levels));
    decisions.push_back(decision);
  }
  return decisions;
}

}  // namespace podbench
