// Prints what the pod's model costs and how few rounds its plans need.
//   model_bench [FILE.toml...]
// Rounds of the link groups of every sample shape and of the given pod files, and of the sets apart where a
// hash chose their paths; CPU time of routes, fair shares and ceilings on a Clos pod of 100,000 nodes. CPU
// time, so that other load on the machine counts little.
#include <fmt/format.h>
#include <time.h>

#include <algorithm>

#include "analysis/pod/apart_sets.hpp"
#include "analysis/pod/link_groups.hpp"
#include "analysis/pod/test/sample_pods.hpp"
#include "analysis/pod/tournament.hpp"

namespace {

using namespace podbench;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

template <class Action>
void timed(const char* what, Action action) {
  const double start = cpu_seconds();
  const std::string result = action();
  fmt::print("{:<62}{:>9.3f} s CPU   {}\n", what, cpu_seconds() - start, result);
}

void print_rounds(const std::string& name, Pod pod) {
  const double start = cpu_seconds();
  const LinkPlan plan = plan_links(pod);
  const double seconds = cpu_seconds() - start;
  pod.spreading = Spreading::flows;
  const std::size_t apart = plan_apart(pod, plan.groups).size();
  const double apart_seconds = cpu_seconds() - start - seconds;
  std::size_t planned = 0, filled = 0;
  for (std::size_t a = 0; a < 2 * pod.links.size(); ++a) {
    planned += plan.planned_bits_per_second[a] > 0 ? 1u : 0u;
    filled += exercised(plan, arc_of(a)) ? 1u : 0u;
  }
  fmt::print(
      "{:<44}{:>6} nodes{:>8} directions{:>8} filled{:>4} rounds{:>9.3f} s CPU{:>5} apart{:>9.3f} s CPU\n",
      name, pod.nodes.size(), planned, filled, plan.groups.size(), seconds, apart, apart_seconds);
}

}  // namespace

int main(int argc, char** argv) {
  for (const auto& [name, pod] : sample::all_shapes()) print_rounds(name, pod);
  for (int file = 1; file < argc; ++file) print_rounds(argv[file], load_pod(argv[file]));

  Pod pod;
  timed("100,000 nodes in three tiers: parse", [&] {
    pod = sample::three_tiers(100'000, 32, 16, 32, 256);
    return fmt::format("{} links", pod.links.size());
  });
  const Tournament tournament(static_cast<int>(pod.nodes.size()));
  timed("  Routes of one round of the tournament (50,000 pairs)", [&] {
    Routes routes(pod);
    std::size_t arcs = 0;
    for (const auto& [a, b] : tournament.pairs(12'345)) arcs += routes.of({a, b}).size();
    return fmt::format("{} arc loads", arcs);
  });
  timed("  least_seconds of that round", [&] {
    std::vector<Flow> flows;
    for (const auto& [a, b] : tournament.pairs(12'345)) flows.push_back({a, b, 0, 0, 1e9});
    return fmt::format("{:.4f} s at least", least_seconds(pod, flows));
  });
  timed("  the same with 10,000 pairs drawn at random", [&] {
    Routes routes(pod);
    std::size_t arcs = 0;
    for (std::size_t i = 0; i < 10'000; ++i)
      arcs +=
          routes.of({static_cast<int>(i * 7'919 % 100'000), static_cast<int>(i * 104'729 % 100'000)}).size();
    return fmt::format("{} arc loads", arcs);
  });
  return 0;
}
