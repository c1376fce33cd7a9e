// Plants faults in thousands of simulated pods and counts whom find_blame names.
//   blame_bench [PODS] [SEED]
// Each pod has one fault with probability ¾. Prints a line a shape and one for all; exit 1 where a target is
// missed.
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>

#include "analysis/pod/test/sample_pods.hpp"
#include "analysis/pod/test/simulation.hpp"

namespace {

using namespace podbench;

constexpr int second_looks = 3, repeats = 3;
constexpr double right_target = 0.99, wrong_target = 0.01, healthy_target = 0.99;

struct Tally {
  std::size_t faults = 0, right = 0, wrong = 0, missed = 0, names = 0, healthy = 0, passed = 0;

  Tally& operator+=(const Tally& other) {
    faults += other.faults;
    right += other.right;
    wrong += other.wrong;
    missed += other.missed;
    names += other.names;
    healthy += other.healthy;
    passed += other.passed;
    return *this;
  }
};

double share(std::size_t part, std::size_t all) {
  return all == 0 ? 1 : static_cast<double>(part) / static_cast<double>(all);
}

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::pair<std::string, Pod> draw_pod(Random& random) {
  const auto from = [&](int least, int most) {
    return least + static_cast<int>(random.below(static_cast<std::uint64_t>(most - least + 1)));
  };
  switch (random.below(8)) {
    case 0:
      return {"leaf-spine",
              sample::leaf_spine(from(4, 24), from(2, 8), from(2, 4), "100 Gbit/s", "200 Gbit/s")};
    case 1:
      return {"oversubscribed",
              sample::leaf_spine(from(8, 24), from(4, 8), from(1, 2), "200 Gbit/s", "400 Gbit/s")};
    case 2:
      return {"three tiers", sample::three_tiers(8 * from(2, 3), 2, 2, 2, 4)};
    case 3:
      return {"rails", sample::rails(from(4, 8), from(2, 4), from(2, 8), from(1, 3))};
    case 4:
      return {"crossbar", sample::crossbar(from(4, 20), 1, from(1, 6))};
    case 5:
      return {"mesh", sample::grid("mesh", {from(3, 5), from(3, 5)})};
    case 6:
      return {"mesh of tiles", sample::grid("mesh", {2 * from(2, 3), 2 * from(2, 3)}, "tile = [2, 2]\n")};
    default:
      return {"torus", sample::grid("torus", {from(3, 4), from(3, 4), from(1, 2)})};
  }
}

// A fault that no measurement of the set can see is not planted: links that carry nothing, single parts that
// stand for the whole pod.
bool visible(const Pod& pod, const std::vector<std::vector<Flow>>& sets, const sample::Fault& fault) {
  Routes routes(pod);
  const std::vector<double> rates = sample::rates_with(pod, {fault});
  std::size_t slower = 0, all = 0;
  for (const auto& set : sets) {
    const auto expected = fair_rates(routes, set), real = fair_rates(routes, set, rates);
    for (std::size_t f = 0; f < set.size(); ++f, ++all) slower += real[f] < expected[f] * 0.95 ? 1u : 0u;
  }
  return slower >= 2 && slower < all;
}

// Whether the blames are the faults, one for one.
bool names_all(const BlameReport& report, const std::vector<sample::Fault>& faults) {
  if (report.blames.size() != faults.size()) return false;
  return std::all_of(faults.begin(), faults.end(), [&](const sample::Fault& fault) {
    return std::any_of(report.blames.begin(), report.blames.end(), [&](const Blame& blame) {
      return std::any_of(blame.suspects.begin(), blame.suspects.end(),
                         [&](const Candidate& c) { return c.suspect == fault.suspect; });
    });
  });
}

// As acceptance does: what the first solve cannot tell apart is measured again, alone, with a good partner.
BlameReport investigate(const Pod& pod, std::vector<FlowSet> measured,
                        const std::vector<sample::Fault>& faults, const sample::Noise& noise,
                        Random& random) {
  BlameReport report = find_blame(pod, measured, BlamedQuantity::rate);
  for (int look = 0; look < second_looks; ++look) {
    std::vector<std::vector<Flow>> more;
    for (const Blame& blame : report.blames)
      if (blame.next) more.insert(more.end(), repeats, {*blame.next});
    if (more.empty()) break;
    for (FlowSet& set : sample::measure(pod, more, faults, noise, random)) measured.push_back(std::move(set));
    report = find_blame(pod, measured, BlamedQuantity::rate);
  }
  return report;
}

void print_miss(const std::string& shape, const Pod& pod, const sample::Noise& noise,
                const std::vector<sample::Fault>& faults, const BlameReport& report) {
  fmt::print("  {} of {} nodes, sd {:.3f}; planted:", shape, pod.nodes.size(), noise.sd);
  for (const sample::Fault& fault : faults)
    fmt::print(" [{} at {:.2f}]", name_of(pod, fault.suspect), fault.left);
  fmt::print("; blamed:");
  for (const Blame& blame : report.blames)
    fmt::print(" [{} of {}, x{:.2f}, {:.3f}]", name_of(pod, blame.suspects[0].suspect), blame.suspects.size(),
               blame.suspects[0].effect, blame.confidence);
  fmt::print("\n");
}

// Two faults of one part are one.
bool apart(const Pod& pod, const std::vector<sample::Fault>& faults, const sample::Fault& more) {
  const std::vector<Arc> arcs = sample::arcs_of(pod, more.suspect);
  return std::none_of(faults.begin(), faults.end(), [&](const sample::Fault& fault) {
    const std::vector<Arc> others = sample::arcs_of(pod, fault.suspect);
    return std::any_of(others.begin(), others.end(),
                       [&](Arc arc) { return std::find(arcs.begin(), arcs.end(), arc) != arcs.end(); });
  });
}

Tally one_pod(const Pod& pod, Random& random, const std::string& shape, std::size_t most_faults) {
  const auto sets = sample::acceptance_flows(pod);
  sample::Noise noise;
  noise.sd = 0.005 + 0.015 * random.unit();
  noise.efficiency = 0.91 + 0.08 * random.unit();
  std::vector<sample::Fault> faults;
  for (int tries = 0; faults.size() < most_faults && tries < 1'000; ++tries) {
    const sample::Fault fault{sample::draw_suspect(pod, random), 0.3 + 0.55 * random.unit()};
    if (visible(pod, sets, fault) && apart(pod, faults, fault)) faults.push_back(fault);
  }
  const BlameReport report =
      investigate(pod, sample::measure(pod, sets, faults, noise, random), faults, noise, random);
  Tally tally;
  const bool named = names_all(report, faults);
  if (faults.empty()) {
    tally.healthy = 1;
    tally.passed = named ? 1 : 0;
  } else {
    tally.faults = 1;
    tally.right = named ? 1 : 0;
    tally.missed = !named && report.blames.size() < faults.size() ? 1 : 0;
    tally.wrong = !named && tally.missed == 0 ? 1 : 0;
    for (const Blame& blame : report.blames) tally.names += blame.suspects.size();
  }
  if (!named) print_miss(shape, pod, noise, faults, report);
  return tally;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t pods = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 2'000;
  Random random(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
  std::map<std::string, Tally> shapes;
  const double start = cpu_seconds();
  Tally all, two;
  for (std::size_t i = 0; i < pods; ++i) {
    const auto [shape, pod] = draw_pod(random);
    const std::uint64_t kind = random.below(10);
    const Tally tally = one_pod(pod, random, shape, kind < 3 ? 0 : kind < 9 ? 1 : 2);
    (kind == 9 ? two : shapes[shape]) += tally;
    if (kind != 9) all += tally;
  }
  shapes["ALL"] = all;
  shapes["two at once"] = two;
  fmt::print("{:<16}{:>8}{:>8}{:>8}{:>8}{:>7}{:>9}{:>8}\n", "shape", "faults", "right", "wrong", "missed",
             "names", "healthy", "passed");
  for (const auto& [shape, tally] : shapes)
    fmt::print("{:<16}{:>8}{:>7.2f}%{:>7.2f}%{:>7.2f}%{:>7.2f}{:>9}{:>7.2f}%\n", shape, tally.faults,
               100 * share(tally.right, tally.faults), 100 * share(tally.wrong, tally.faults),
               100 * share(tally.missed, tally.faults), share(tally.names, tally.faults), tally.healthy,
               100 * share(tally.passed, tally.healthy));
  fmt::print("CPU {:.1f} ms a pod\n", (cpu_seconds() - start) * 1e3 / static_cast<double>(pods));
  return share(all.right, all.faults) >= right_target && share(all.wrong, all.faults) <= wrong_target &&
                 share(all.passed, all.healthy) >= healthy_target
             ? 0
             : 1;
}
