// How far apart two ranks' idea of one moment is, where the truth is known.
//
//   mpirun -n 2 clock_accuracy TRANSPORT [SECONDS]
//
// Both ranks run on one machine and read one clock; rank 1 wears a clock that is a minute ahead and runs
// 20 ppm too fast. They synchronise, look every 50 ms at what rank 1 takes for rank 0's time, and draw the
// line anew every second, as the engine does. Prints one JSON object: the quantiles of the error, ns.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "analysis/statistics.hpp"
#include "base/affinity.hpp"
#include "base/error.hpp"
#include "bench/clock/sync.hpp"
#include "bench/control.hpp"
#include "bench/rendezvous/join.hpp"
#include "transports/registry.hpp"

namespace podbench {
namespace {

constexpr std::int64_t wrong_by_ns = 60'000'000'000;
constexpr double drift = 20e-6;
constexpr auto look_every = std::chrono::milliseconds(50);
constexpr int looks_a_refresh = 20;

struct Errors {
  std::vector<double> sorted_ns;
  double stated_ns = 0;  // the largest residual
};

Errors watch(Endpoint& endpoint, int seconds) {
  const Waiter waiter(false, std::chrono::seconds(10));
  Control control(endpoint, waiter);
  const int rank = endpoint.rank();
  const LocalClock truth, mine = rank == 0 ? LocalClock() : LocalClock(wrong_by_ns, drift);
  ClockSync sync(endpoint, waiter, std::vector<int>{0, 1}, {}, mine);
  sync.synchronise();
  Errors errors;
  for (int second = 0; second < seconds; ++second) {
    for (int look = 0; look < looks_a_refresh; ++look) {
      std::this_thread::sleep_for(look_every);
      const std::int64_t moment = now_ns();
      errors.sorted_ns.push_back(
          std::abs(static_cast<double>(sync.to_root(mine.at(moment)) - truth.at(moment))));
    }
    errors.stated_ns = std::max(errors.stated_ns, sync.residual_ns());
    control.barrier();
    sync.refresh();
  }
  std::sort(errors.sorted_ns.begin(), errors.sorted_ns.end());
  return errors;
}

int run(const std::string& transport, int seconds) {
  constexpr auto patience = std::chrono::seconds(30);
  const std::unique_ptr<Rendezvous> rendezvous = join_launch(Deadline::after(patience));
  if (rendezvous->size() != 2) throw RequestError("two ranks are wanted: mpirun -n 2 clock_accuracy ...");
  const std::vector<int> cpus = current_affinity();
  const auto mine = static_cast<std::size_t>(rendezvous->rank()) % cpus.size();
  bind_thread(std::vector<int>{cpus[mine]}, "binding a rank");
  const Registry registry;
  const OpenRequest request{{}, Deadline::after(patience), false};
  const std::unique_ptr<Endpoint> endpoint = registry.open(transport, request, *rendezvous);
  const Errors errors = watch(*endpoint, seconds);
  if (rendezvous->rank() == 1)
    fmt::print(
        "{{\"transport\": \"{}\", \"looks\": {}, \"p50_ns\": {:.0f}, \"p95_ns\": {:.0f}, \"max_ns\": {:.0f}, "
        "\"stated_ns\": {:.0f}}}\n",
        transport, errors.sorted_ns.size(), quantile(errors.sorted_ns, 0.5), quantile(errors.sorted_ns, 0.95),
        errors.sorted_ns.back(), errors.stated_ns);
  endpoint->close(Deadline::after(patience));
  return 0;
}

}  // namespace
}  // namespace podbench

int main(int count, char** words) {
  const int seconds = count > 2 ? std::atoi(words[2]) : 20;
  if (count < 2 || count > 3 || seconds < 1 || seconds > 3600) {
    std::fputs("usage: mpirun -n 2 clock_accuracy TRANSPORT [SECONDS, 1 to 3600]\n", stderr);
    return 2;
  }
  try {
    return podbench::run(words[1], seconds);
  } catch (const std::exception& error) {
    fmt::print(stderr, "clock_accuracy: {}\n", error.what());
    return 4;
  }
}
