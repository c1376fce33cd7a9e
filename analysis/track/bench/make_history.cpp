// Makes a history of run files to measure `podbench track` with: make_history FOLDER NIGHTS CASES [LAUNCHES
// [SEED]]
//
// A night is a run file as `podbench run` leaves it, with a few samples a case; levels of the cases differ,
// 2% noise, and every hundredth case is 5% slower from a night of its own on. Deterministic for a seed.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>

#include "analysis/statistics.hpp"
#include "analysis/track/bench/noise.hpp"
#include "base/random.hpp"
#include "base/utc.hpp"
#include "results/store.hpp"

namespace podbench::track {
namespace {

constexpr std::int64_t first_night_ns = 1'767'232'800'000'000'000, day_ns = 86'400'000'000'000;
constexpr std::size_t samples_a_launch = 5;

CaseKey key_of(std::size_t number) {
  constexpr const char* transports[] = {"alpha", "beta", "gamma", "delta"};
  constexpr const char* patterns[] = {"allreduce", "alltoall", "broadcast", "allgather", "pingpong"};
  CaseKey key;
  key.transport = transports[number % 4];
  key.pattern = patterns[number / 4 % 5];
  key.algorithm = "ring";
  key.datatype = "float32";
  key.ranks = 2 + static_cast<int>(number / 20 % 10);
  key.bytes = 8 * (number / 200 + 1);
  key.sync = "clock";
  return key;
}

double level_of(std::size_t number, std::size_t night, std::size_t nights) {
  const double level = 2'000 + 997 * static_cast<double>(number % 1'000);
  const bool stepped = number % 100 == 0 && night >= mix64(number) % nights;
  return stepped ? 1.05 * level : level;
}

Run night_run(std::size_t night, std::size_t nights, std::size_t cases, int launches, std::uint64_t seed) {
  Random random(seed + night);
  Run run;
  run.run.run_id = fmt::format("00000000-0000-4000-8000-{:012}", night);
  run.run.started_utc = format_utc(first_night_ns + static_cast<std::int64_t>(night) * day_ns);
  run.run.pod = "bench";
  run.run.program_version = "0.1.0";
  run.run.complete = true;
  run.run.planned_cases = cases * static_cast<std::size_t>(launches);
  for (int launch = 0; launch < launches; ++launch)
    run.launches.push_back({launch, "local", {"node1", "node2"}, {0, 1}, {}});
  for (std::size_t number = 0; number < cases; ++number) {
    const double tonight = level_of(number, night, nights) * (1 + 0.02 * standard_normal(random));
    for (int launch = 0; launch < launches; ++launch) {
      CaseRecord record;
      record.key = key_of(number);
      record.launch = launch;
      for (std::size_t i = 0; i < samples_a_launch; ++i)
        record.samples_ns.push_back(static_cast<std::uint64_t>(tonight * (1 + 0.01 * random.unit())));
      record.started_utc = run.run.started_utc;
      run.cases.push_back(std::move(record));
    }
  }
  return run;
}

}  // namespace
}  // namespace podbench::track

int main(int argc, char** argv) {
  if (argc < 4) {
    fmt::print(stderr, "usage: make_history FOLDER NIGHTS CASES [LAUNCHES [SEED]]\n");
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  const auto nights = std::strtoull(argv[2], nullptr, 10), cases = std::strtoull(argv[3], nullptr, 10);
  const int launches = argc > 4 ? std::atoi(argv[4]) : 4;
  const auto seed = argc > 5 ? std::strtoull(argv[5], nullptr, 10) : 1;
  try {
    std::filesystem::create_directories(folder);
    for (std::size_t night = 0; night < nights; ++night) {
      const podbench::Run run = podbench::track::night_run(night, nights, cases, launches, seed);
      podbench::write_run(run, podbench::summarise(run), folder / fmt::format("night-{:05}.h5", night));
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
