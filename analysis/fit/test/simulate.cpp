// How well fits recover what was planted, over many made-up runs: fit_simulation [RUNS].
//
// Prints for every parameter the median and the 95th percentile of its relative error and how often its 95%
// interval holds the truth; for switch points how often one is found where it is, and how often one is found
// that is not there.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "analysis/fit/model.hpp"
#include "analysis/fit/test/planted.hpp"
#include "analysis/statistics.hpp"

namespace podbench::fit {
namespace {

struct Tally {
  std::string name;
  std::vector<double> errors{};
  int held = 0, intervals = 0;

  void add(const Estimate& estimate, double truth) {
    if (!estimate.known()) return;
    errors.push_back(std::abs(estimate.value / truth - 1));
    if (!estimate.has_interval()) return;
    ++intervals;
    held += estimate.lo <= truth && truth <= estimate.hi ? 1 : 0;
  }
  void print() {
    std::sort(errors.begin(), errors.end());
    const double coverage = intervals > 0 ? 100.0 * held / intervals : 0;
    fmt::print("| {} | {} | {:.2f}% | {:.2f}% | {:.1f}% |\n", name, errors.size(),
               100 * quantile(errors, 0.5), 100 * quantile(errors, 0.95), coverage);
  }
};

struct Scene {
  const char* name;
  test::Network network;
  test::Noise noise;
  int launches;
};

const FittedCurve& pingpong_of(const FittedRun& fitted) {
  const auto& curves = fitted.transports.front().curves;
  return *std::find_if(curves.begin(), curves.end(),
                       [](const FittedCurve& curve) { return curve.curve.key.pattern == "pingpong"; });
}

void simulate(const Scene& scene, int runs) {
  Tally small{"L + 2o"}, latency{"L"}, overhead{"o"}, gap{"g"}, per_byte{"G"}, start{"alpha, first piece"},
      slope{"beta, last piece"};
  int found = 0, invented = 0;
  const bool is_switched = scene.network.eager_bytes > 0;
  for (int run = 0; run < runs; ++run) {
    const test::Measurement measurement{test::sizes(8, 4U << 20, 2), scene.launches, 64};
    const FittedRun fitted =
        fit_run(planted_run(scene.network, scene.noise, measurement, static_cast<std::uint64_t>(run) + 1),
                "planted", {});
    const FittedCurve& curve = pingpong_of(fitted);
    const LogGp& loggp = *fitted.transports.front().loggp;
    const double truth = is_switched ? scene.network.long_gap_per_byte_ns : scene.network.gap_per_byte_ns;
    small.add(loggp.small_message_ns, scene.network.message_ns(1));
    latency.add(loggp.latency_ns, scene.network.latency_ns);
    overhead.add(loggp.overhead_ns, scene.network.overhead_ns);
    gap.add(loggp.gap_ns, scene.network.gap_ns);
    per_byte.add(loggp.gap_per_byte_ns, truth);
    start.add(curve.start_ns(), scene.network.message_ns(0));
    slope.add(curve.per_byte_ns(), truth);
    const auto right = [&](const Switch& change) { return change.after_bytes == scene.network.eager_bytes; };
    const auto hits = std::count_if(curve.switches.begin(), curve.switches.end(), right);
    found += hits > 0 ? 1 : 0;
    invented += static_cast<std::ptrdiff_t>(curve.switches.size()) > hits ? 1 : 0;
  }
  fmt::print(
      "\n{}, {} launches, {} runs\n| parameter | known | median error | 95% of errors below | interval holds "
      "|\n"
      "|---|---|---|---|---|\n",
      scene.name, scene.launches, runs);
  for (Tally* tally : {&start, &slope, &small, &latency, &overhead, &gap, &per_byte}) tally->print();
  if (is_switched) fmt::print("the switch is found in {:.1f}% of runs\n", 100.0 * found / runs);
  fmt::print("a switch that is not there is found in {:.1f}% of runs\n", 100.0 * invented / runs);
}

int main_of(int runs) {
  test::Network plain{}, switched{};
  switched.eager_bytes = 16U << 10;
  test::Noise quiet{}, wild{};
  wild.outliers = 0.1;
  const test::Noise loud{.launch = 0.05, .size = 0.03, .sample = 0.1, .outliers = 0.05};
  for (const Scene& scene :
       {Scene{"one protocol, quiet", plain, quiet, 6}, Scene{"two protocols, quiet", switched, quiet, 6},
        Scene{"two protocols, a tenth of the times two to four times too long", switched, wild, 6},
        Scene{"two protocols, loud", switched, loud, 12}, Scene{"one protocol, loud", plain, loud, 3},
        Scene{"one protocol, quiet", plain, quiet, 1}})
    simulate(scene, runs);
  return 0;
}

}  // namespace
}  // namespace podbench::fit

int main(int argc, char** argv) {
  const int runs = argc > 1 ? std::atoi(argv[1]) : 200;
  return podbench::fit::main_of(std::clamp(runs, 1, 100'000));
}
