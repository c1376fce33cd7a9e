// A planned case: everything that all ranks must agree on before it can run, and nothing that only a result
// has. Thread-safety: values.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/datatype.hpp"
#include "bench/buffers.hpp"
#include "bench/telemetry_choice.hpp"
#include "patterns/pattern.hpp"
#include "results/record.hpp"

namespace podbench {

enum class Cadence : std::uint8_t { isolated, streaming };

struct PlannedCase {
  std::string transport;  // as Registry::find takes it
  std::string pattern, algorithm;
  DataType type = DataType::float32;
  Op op = Op::sum;
  std::uint64_t bytes = 0;  // per rank, a whole number of elements
  int ranks = 1;
  Cadence cadence = Cadence::isolated;
  BufferKind buffers = BufferKind::transport;
  Parameters parameters;
  // Further options of its identity that no pattern reads: of an acceptance its stage and part of the pod.
  std::map<std::string, std::string> labels;

  [[nodiscard]] std::uint64_t count() const { return bytes / size_of(type); }
};

// One rank's view of the case.
[[nodiscard]] Problem problem_of(const PlannedCase& planned, int rank, std::span<const int> node_of_rank);

// The identity under which its results are kept. `nodes` and `sync` are known once it runs.
[[nodiscard]] CaseKey key_of(const PlannedCase& planned, int nodes, const std::string& sync);

// Its name before it runs: `allreduce/ring/shm/float32/1MiB/ranks:4`.
[[nodiscard]] std::string name_of(const PlannedCase& planned);

// How the cases of a run are measured.
struct MeasureSettings {
  std::int64_t time_per_case_ns = 2'000'000'000;
  std::uint64_t least_samples = 30;
  std::uint32_t warm_up_samples = 5;  // at least, behind the very first operation
  double relative_interval = 0.02;    // of the median, each way
  bool check = true;
  bool try_again = true;  // a case beside which something else used the processors
  std::uint64_t seed = 0;
  std::int64_t patience_ns = 10'000'000'000;  // for one step; large messages get more
  std::string faults;                         // for the fault wrapper; empty: none
  std::string binding = "auto";
  // "clock": starts at a moment of synchronised clocks; "barrier": behind a barrier; "auto": clock where
  // every rank has a core to wait on.
  std::string sync = "auto";
  TelemetryChoice telemetry;
};

// One launch as it is planned: the cases of one transport at one rank count, in the order of running.
struct PlannedLaunch {
  int launch = 0;     // its number within the run
  int replicate = 0;  // 0 … launches-1
  std::string transport;
  int ranks = 1;
  std::vector<PlannedCase> cases;
  // Ranks of the whole launch that take part, in ascending order; the first of them leads. Empty: all.
  std::vector<int> members{};
  // Moves the messages within a node, where that is not `transport`.
  std::string within_nodes{};
};

// What the ranks of a launch are told: everything that the lead needs.
struct LaunchOrder {
  std::vector<PlannedLaunch> launches;  // one under a director; all of them under a user's own mpirun or srun
  MeasureSettings settings;
  std::string spool_folder;
  std::string launcher = "local";
  std::vector<std::string> benchmark_flags;  // Google Benchmark's own
  std::uint64_t first_case_number = 0;       // for progress: cases before this launch ...
  std::uint64_t planned_cases = 0;           // ... of so many in the run
  std::int64_t began_utc_ns = 0;             // when the run began, for the time left
  bool quiet = false;

  [[nodiscard]] std::string to_json() const;
  [[nodiscard]] static LaunchOrder from_json(const std::string& text);  // RequestError where it is none
};

}  // namespace podbench
