// What the measuring engine itself costs: a launch over a transport that does nothing.
//
//   engine_cost
//
// Prints one JSON object: what a case costs whose time is up at once (a warm-up of seven operations and one
// sample), through the engine alone and as a launch does it with Google Benchmark and the spool, in launches
// of 1,000 and of 10,000 cases; and what one operation of a batch costs.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <vector>

#include "base/clock.hpp"
#include "base/utc.hpp"
#include "base/uuid.hpp"
#include "bench/case_runner.hpp"
#include "bench/control.hpp"
#include "bench/engine.hpp"
#include "bench/lead.hpp"
#include "transports/host_memory.hpp"

namespace podbench {
namespace {

class NothingBatch final : public Batch {
 public:
  void post() override {}
  [[nodiscard]] bool test() override { return true; }
};

// Rank 0 of two: whatever it posts is complete, whatever it receives stays as it was.
class NothingEndpoint final : public Endpoint {
 public:
  [[nodiscard]] int rank() const noexcept override { return 0; }
  [[nodiscard]] int size() const noexcept override { return 2; }
  [[nodiscard]] const Capabilities& capabilities() const noexcept override { return capabilities_; }
  [[nodiscard]] std::unique_ptr<Memory> allocate(std::size_t bytes) override {
    return allocate_host_memory(bytes);
  }
  [[nodiscard]] std::unique_ptr<Memory> adopt(std::byte* data, std::size_t bytes) override {
    return adopt_host_memory(data, bytes);
  }
  [[nodiscard]] std::unique_ptr<Batch> prepare(std::span<const Transfer>) override {
    return std::make_unique<NothingBatch>();
  }
  void close(Deadline) override {}

 private:
  Capabilities capabilities_;
};

// One message from rank 0, back to back: one step an operation.
PlannedLaunch launch_of(std::size_t cases) {
  PlannedLaunch launch;
  launch.transport = "nothing";
  launch.ranks = 2;
  PlannedCase planned;
  planned.transport = "nothing";
  planned.pattern = "broadcast";
  planned.algorithm = "linear";
  planned.ranks = 2;
  planned.cadence = Cadence::streaming;
  for (std::size_t i = 0; i < cases; ++i) {
    planned.bytes = 8 * (1 + i % 64);
    launch.cases.push_back(planned);
  }
  return launch;
}

// Everything that a lead has.
class Bench {
 public:
  Bench(std::size_t cases, std::int64_t time_per_case_ns)
      : launch_(launch_of(cases)),
        settings_(settings_for(time_per_case_ns)),
        runner_(endpoint_, control_, shape_, {shape_.node_of_rank, {}}, settings_, launch_.cases),
        engine_(control_, runner_, shape_, settings_, launch_) {}

  // Through the engine alone: ns a case, and what it sampled.
  double measure(CaseRecord& latest) {
    const std::int64_t begin = now_ns();
    for (std::uint32_t i = 0; i < launch_.cases.size(); ++i) latest = engine_.measure(i);
    return static_cast<double>(now_ns() - begin) / static_cast<double>(launch_.cases.size());
  }

  // As a launch does it, with Google Benchmark and the spool: ns a case.
  double lead(const std::filesystem::path& folder) {
    RunRecord run;
    run.run_id = new_uuid();
    create_spool(folder, run);
    SpoolWriter spool(folder, 0);
    Progress progress(0, launch_.cases.size(), utc_now_ns(), true);
    const std::int64_t begin = now_ns();
    (void)Lead(engine_, spool, progress, launch_).run({});
    const std::int64_t took_ns = now_ns() - begin;
    std::filesystem::remove_all(folder);
    return static_cast<double>(took_ns) / static_cast<double>(launch_.cases.size());
  }

 private:
  static MeasureSettings settings_for(std::int64_t time_per_case_ns) {
    MeasureSettings settings;
    settings.check = false;
    settings.sync = "barrier";
    settings.time_per_case_ns = time_per_case_ns;
    return settings;
  }

  PlannedLaunch launch_;
  MeasureSettings settings_;
  LaunchShape shape_{{0, 0}, {"here", "here"}, false};
  NothingEndpoint endpoint_;
  Waiter waiter_{false, std::chrono::seconds(1)};
  Control control_{endpoint_, waiter_};
  CaseRunner runner_;
  Engine engine_;
};

int run() {
  constexpr std::size_t few = 1'000, many = 10'000;
  constexpr std::int64_t no_time_ns = 1, long_time_ns = 1'000'000'000;
  // Nothing of it is on a disk: what a disk takes to sync is not the engine's.
  const std::filesystem::path folder = fmt::format("/dev/shm/podbench-engine-cost-{}", getpid());
  CaseRecord record;
  const double of_few_ns = Bench(few, no_time_ns).measure(record);
  const double of_many_ns = Bench(many, no_time_ns).measure(record);
  const double led_few_ns = Bench(few, no_time_ns).lead(folder),
               led_many_ns = Bench(many, no_time_ns).lead(folder);
  Bench(1, long_time_ns).measure(record);
  std::sort(record.samples_ns.begin(), record.samples_ns.end());
  const double operation_ns =
      static_cast<double>(record.samples_ns[record.samples_ns.size() / 2]) / record.operations_per_sample;
  fmt::print(
      "{{\"case_us_of_1000\": {:.2f}, \"case_us_of_10000\": {:.2f}, \"led_case_us_of_1000\": {:.2f}, "
      "\"led_case_us_of_10000\": {:.2f}, \"operations_a_sample\": {}, \"operation_ns\": {:.2f}}}\n",
      of_few_ns / 1e3, of_many_ns / 1e3, led_few_ns / 1e3, led_many_ns / 1e3, record.operations_per_sample,
      operation_ns);
  return 0;
}

}  // namespace
}  // namespace podbench

int main() {
  try {
    return podbench::run();
  } catch (const std::exception& error) {
    fmt::print(stderr, "engine_cost: {}\n", error.what());
    return 4;
  }
}
