// podbench_compare_rates [FAMILIES]: how often decide() is wrong about configurations that are the same, and
// how often it finds a slowdown that was planted, over simulated launches (default 2,000 families of 20 cases
// a line). Prints shares in percent; the same seed always gives the same figures.
#include <fmt/format.h>

#include <cstdlib>
#include <string>

#include "analysis/compare/contrast.hpp"
#include "analysis/compare/rates/launches.hpp"

namespace podbench::rates {
namespace {

constexpr std::uint64_t seed = 20'260'101;

struct Tally {
  std::size_t families = 0, cases = 0;
  std::size_t significant = 0;  // p ≤ 5%, by the t test alone
  std::size_t uncorrected =
      0;                   // and at least 1%, and not contradicted: what would be called without a family
  std::size_t called = 0;  // faster or slower
  std::size_t families_hit = 0;  // with at least one such case
  std::size_t equivalent = 0;
  std::size_t covered = 0;  // the interval holds the true ratio
};

bool is_called(const Decision& decision) {
  return decision.verdict == Verdict::faster || decision.verdict == Verdict::slower;
}

bool would_be_called(const Decision& decision, const DecisionRules& rules) {
  const double level = 1 - rules.confidence, least = 1 + rules.least_effect;
  return decision.p_value <= level && decision.sign_flip_p <= level &&
         (decision.ratio >= least || decision.ratio <= 1 / least);
}

// Only the first `counted` cases of each family count.
Tally run(const Scene& scene, std::size_t families, std::size_t counted) {
  const DecisionRules rules;
  Launches launches(seed);
  Tally tally;
  for (std::size_t i = 0; i < families; ++i) {
    const std::vector<Decision> decisions = decide(launches.family(scene), rules);
    std::size_t called = 0;
    for (std::size_t c = 0; c < counted; ++c) {
      const Decision& decision = decisions[c];
      const double truth = 1 + (c == 0 ? scene.planted : 0);
      tally.significant += decision.p_value <= 0.05 ? 1 : 0;
      tally.uncorrected += would_be_called(decision, rules) ? 1 : 0;
      tally.equivalent += decision.verdict == Verdict::equivalent ? 1 : 0;
      tally.covered += decision.lo <= truth && truth <= decision.hi ? 1 : 0;
      called += is_called(decision) ? 1 : 0;
    }
    tally.called += called;
    tally.families_hit += called > 0 ? 1 : 0;
    ++tally.families;
    tally.cases += counted;
  }
  return tally;
}

double percent(std::size_t part, std::size_t whole) {
  return 100 * static_cast<double>(part) / static_cast<double>(whole);
}

void print_null(const Scene& scene, std::size_t families) {
  const Tally tally = run(scene, families, scene.cases);
  fmt::print("{:<10} {:<8} {:>5.0f}% {:>9} {:>10.2f} {:>12.2f} {:>10.3f} {:>9.2f} {:>10.1f} {:>9.1f}\n",
             name_of(scene.shape), scene.paired ? "paired" : "unpaired", 100 * scene.drift, tally.families,
             percent(tally.significant, tally.cases), percent(tally.uncorrected, tally.cases),
             percent(tally.called, tally.cases), percent(tally.families_hit, tally.families),
             percent(tally.equivalent, tally.cases), percent(tally.covered, tally.cases));
}

void print_planted(Scene scene, double planted, std::size_t families) {
  scene.planted = planted;
  const Tally tally = run(scene, families, 1);
  fmt::print("{:<10} {:<8} {:>6.0f}% {:>9} {:>8.1f} {:>11.1f} {:>9.1f}\n", name_of(scene.shape),
             scene.paired ? "paired" : "unpaired", 100 * planted, tally.families,
             percent(tally.called, tally.cases), percent(tally.equivalent, tally.cases),
             percent(tally.covered, tally.cases));
}

// What pooling does: every sample of every launch counts as a replicate.
double pooled_false_share(Shape shape, std::size_t families) {
  constexpr std::size_t samples = 200;
  constexpr double within = 0.02;  // a sample around its launch's median
  Launches launches(seed);
  std::size_t called = 0;
  for (std::size_t i = 0; i < families; ++i) {
    Scene scene{.shape = shape, .paired = false};
    scene.cases = 1;
    const Sides sides = launches.family(scene).front();
    LogSides pooled;
    for (const auto& [medians, into] : {std::pair{&sides.base, &pooled.base}, {&sides.next, &pooled.next}})
      for (const double median : *medians)
        for (std::size_t s = 0; s < samples; ++s)
          into->push_back(std::log(median) + within * launches.normal());
    called += t_test_p(contrast(pooled)) <= 0.05 ? 1 : 0;
  }
  return percent(called, families);
}

}  // namespace
}  // namespace podbench::rates

int main(int argc, char** argv) {
  using namespace podbench::rates;
  const std::size_t families = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 2'000;
  if (families == 0) {
    fmt::print(stderr, "podbench_compare_rates [FAMILIES]: a number of families of 20 cases, at least 1\n");
    return 2;
  }
  fmt::print(
      "Identical configurations, 12 launches a side, 20 cases a family, launches spread by about 2%: shares "
      "in %\n");
  fmt::print("{:<10} {:<8} {:>6} {:>9} {:>10} {:>12} {:>10} {:>9} {:>10} {:>9}\n", "noise", "design", "drift",
             "families", "p <= 5%", "uncorrected", "called", "families", "equivalent", "covered");
  for (const Shape shape : all_shapes)
    for (const bool paired : {true, false}) print_null({.shape = shape, .paired = paired}, families);
  for (const Shape shape : {Shape::gaussian, Shape::wandering})
    print_null({.shape = shape, .paired = true, .drift = 0.1}, families);
  print_null({.shape = Shape::gaussian, .paired = false, .drift = 0.1}, families);

  fmt::print("\nOne of 20 cases made slower, 12 launches a side: shares in %\n");
  fmt::print("{:<10} {:<8} {:>7} {:>9} {:>8} {:>11} {:>9}\n", "noise", "design", "planted", "families",
             "found", "equivalent", "covered");
  for (const double planted : {0.05, 0.02})
    for (const Shape shape : all_shapes)
      for (const bool paired : {true, false})
        print_planted({.shape = shape, .paired = paired}, planted, families);

  fmt::print(
      "\nIdentical configurations, all samples pooled (200 a launch, spread by 2% around its median)\n");
  for (const Shape shape : all_shapes)
    fmt::print("{:<10} called different: {:.1f}%\n", name_of(shape), pooled_false_share(shape, families));
  return 0;
}
