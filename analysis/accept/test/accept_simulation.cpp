// Accepts thousands of simulated pods, most of them with a planted fault, and counts whom the acceptance
// blames.
//   accept_simulation [RUNS] [SEED] [NOISE]
// NOISE is the most that the medians of launches scatter by, relative (0.015).
// Prints a line a kind of fault and shape; exit 1 where a target is missed.
#include <fmt/format.h>
#include <time.h>

#include <cstdlib>
#include <map>

#include "analysis/accept/test/simulated_pods.hpp"
#include "analysis/accept/test/simulated_run.hpp"
#include "analysis/accept/words.hpp"

namespace {

using namespace podbench;
using accept::sample::Verdict;

constexpr double right_target = 0.99, wrong_target = 0.01, healthy_target = 0.99;

struct Tally {
  std::size_t runs = 0, right = 0, wrong = 0, missed = 0, failed = 0, inconclusive = 0, turns = 0;
  Tally& operator+=(const Tally& other) {
    runs += other.runs, right += other.right, wrong += other.wrong, missed += other.missed;
    failed += other.failed, inconclusive += other.inconclusive, turns += other.turns;
    return *this;
  }
};

double percent(std::size_t part, std::size_t all) {
  return all == 0 ? 100 : 100 * static_cast<double>(part) / static_cast<double>(all);
}

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

Tally one_run(const std::string& shape, const Pod& pod, const accept::sample::Scenario& scenario) {
  const accept::sample::Accepted accepted = accept::sample::accept(pod, scenario);
  const Verdict verdict = accept::sample::verdict_of(pod, scenario, accepted.acceptance);
  Tally tally{1,
              verdict == Verdict::right,
              verdict == Verdict::wrong,
              verdict == Verdict::missed,
              accepted.acceptance.outcome == Outcome::fail,
              accepted.acceptance.outcome == Outcome::inconclusive,
              accepted.turns};
  const bool healthy = scenario.faults.empty();
  const bool expected = healthy ? accepted.acceptance.outcome == Outcome::pass : verdict == Verdict::right;
  if (!expected) {
    fmt::print("  {}, {} nodes, noise {:.3f}, seed {}: planted [{}], {}\n", shape, pod.nodes.size(),
               scenario.noise, scenario.seed, healthy ? "nothing" : name_of(pod, scenario.faults.front()),
               accept::verdict_text(accepted.acceptance));
    for (const accept::Culprit& culprit : accept::culprits_of(accepted.acceptance))
      fmt::print("      {}{}\n", culprit.certain ? "" : "suspected: ", culprit.words);
  }
  return tally;
}

void print(const std::string& name, const Tally& tally) {
  fmt::print("{:<28}{:>6}{:>9.2f}%{:>8.2f}%{:>8.2f}%{:>8.2f}%{:>8.2f}%{:>7.2f}\n", name, tally.runs,
             percent(tally.right, tally.runs), percent(tally.wrong, tally.runs),
             percent(tally.missed, tally.runs), percent(tally.failed, tally.runs),
             percent(tally.inconclusive, tally.runs),
             tally.runs == 0 ? 0 : static_cast<double>(tally.turns) / static_cast<double>(tally.runs));
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t runs = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1'000;
  Random random(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
  const double noise = argc > 3 ? std::strtod(argv[3], nullptr) : 0.015;
  std::map<std::string, Tally> by_fault, by_shape;
  Tally faulty, healthy;
  const double start = cpu_seconds();
  for (std::size_t i = 0; i < runs; ++i) {
    const accept::sample::DrawnPod drawn = accept::sample::draw_pod(random);
    const accept::sample::Scenario scenario = accept::sample::draw_scenario(drawn, noise, random);
    const Tally tally = one_run(drawn.shape, drawn.pod, scenario);
    by_fault[scenario.faults.empty() ? "healthy" : std::string(name_of(scenario.faults.front().kind))] +=
        tally;
    by_shape[drawn.shape + (scenario.faults.empty() ? ", healthy" : ", faulty")] += tally;
    (scenario.faults.empty() ? healthy : faulty) += tally;
  }
  fmt::print("{:<28}{:>6}{:>10}{:>9}{:>9}{:>9}{:>9}{:>7}\n", "", "runs", "right", "wrong", "missed", "fail",
             "incl.", "turns");
  for (const auto& [name, tally] : by_fault) print(name, tally);
  for (const auto& [name, tally] : by_shape) print(name, tally);
  print("ALL faulty", faulty);
  print("ALL healthy", healthy);
  fmt::print("CPU {:.1f} ms a run\n",
             1e3 * (cpu_seconds() - start) / static_cast<double>(std::max<std::size_t>(runs, 1)));
  const std::size_t passed = healthy.runs - healthy.failed - healthy.inconclusive;
  return percent(faulty.right, faulty.runs) >= 100 * right_target &&
                 percent(faulty.wrong, faulty.runs) <= 100 * wrong_target &&
                 percent(passed, healthy.runs) >= 100 * healthy_target
             ? 0
             : 1;
}
