// What a run leaves behind, as structs: the schema of results/SCHEMA.md with units in the names.
//
// The lead fills a CaseRecord a case and launch and appends it to the spool (spool.hpp); the spools of a run
// become one HDF5 file (store.hpp), and reader.hpp gives the same structs back.
// Thread-safety: values. Units: integer nanoseconds and bytes; rates in bytes per second.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "results/telemetry.hpp"

namespace podbench {

inline constexpr int schema_major = 1;
inline constexpr int schema_minor = 1;

// What makes a case the case it is: numbers are compared only where all of this is equal.
struct CaseKey {
  std::string transport;  // "libfabric:tcp"
  std::string pattern, algorithm;
  std::string datatype, op;  // op is empty where nothing is reduced
  std::uint64_t bytes = 0;
  int ranks = 0;
  int nodes = 1;
  std::string cadence = "isolated";            // or "streaming"
  std::string sync;                            // "clock", "barrier" or "none": how starts were aligned
  std::string buffers = "transport";           // or "private"
  std::map<std::string, std::string> options;  // window, radix, root, ... where not the default
  // `allreduce/ring/libfabric:tcp/float32/1MiB/ranks:4`; options that are not the default follow.
  [[nodiscard]] std::string name() const;
  // 64-bit FNV-1a over every field above: the identity of a nightly series.
  [[nodiscard]] std::uint64_t series_id() const;
  friend bool operator==(const CaseKey&, const CaseKey&) = default;
};

enum class CaseStatus : std::uint8_t { good, not_converged, contended, wrong_data, skipped, failed };
[[nodiscard]] std::string_view name_of(CaseStatus status);

// The first wrong element that a data check met.
struct WrongData {
  int rank = -1;
  std::uint64_t element = 0;
  std::string expected, found;       // as the datatype prints
  std::uint64_t wrong_elements = 0;  // on that rank
};

// One case in one launch.
struct CaseRecord {
  CaseKey key;
  int launch = 0;
  CaseStatus status = CaseStatus::good;
  std::string note;                         // why it was skipped or failed; flags in words
  std::vector<std::string> flags;           // "trend", "autocorrelated", "contended", "tail", ...
  std::vector<std::uint64_t> samples_ns;    // every valid sample, in the order taken; per operation batch
  std::uint32_t operations_per_sample = 1;  // a sample times this many back-to-back operations
  std::uint64_t invalid_samples = 0;        // rounds dropped because a rank arrived late
  double clock_error_ns = 0;                // residual of the clock model; 0 where clocks are not used
  std::vector<std::uint64_t> entry_ns, exit_ns;  // by rank: medians relative to the common start
  // What turns a time into rates.
  std::uint64_t moved_bytes = 0;             // per operation
  double bus_factor = 0;                     // 0: no bus bandwidth
  double time_divisor = 1;                   // reported time = sample / operations_per_sample / time_divisor
  double bound_rounds = 0, bound_bytes = 0;  // lower bounds of the pattern
  std::optional<WrongData> wrong;
  // Under load over at rest, of the mean and of the 99th percentile; 0: the pattern has no such thing.
  double impact_mean = 0, impact_p99 = 0;
  // Rank × rank medians, ns of one operation, row = the rank whose time it is; NaN where two never met; empty
  // where the pattern has none.
  std::vector<double> matrix;
  std::vector<double> matrix_p99;  // the same with each rank's 99th percentile; empty in files of schema 1.0
  std::string started_utc;  // ISO 8601
  double seconds = 0;       // wall time that the case took
  // When the try that counts began and ended, on the axis of telemetry; 0: not known.
  std::int64_t started_ns = 0, ended_ns = 0;

  void remark(const std::string& words);  // adds to the note
};

// One launch: fresh processes and connections.
struct LaunchRecord {
  int launch = 0;
  std::string launcher;                         // "local", "mpirun", "srun", "ssh"
  std::vector<std::string> hosts;               // by rank
  std::vector<int> nodes;                       // by rank
  std::map<std::string, std::string> versions;  // libraries and providers in use
};

// One node: what can change its numbers. Free-form names so that a new finding needs no new schema.
struct NodeRecord {
  std::string node;
  std::map<std::string, std::string> attributes;  // "cpu.model", "kernel", "nic.eth0.mtu", "env.UCX_TLS", ...
  std::map<std::string, std::string> texts;       // raw files worth keeping
};

// The run as a whole.
struct RunRecord {
  std::string run_id;       // UUID
  std::string started_utc;  // ISO 8601
  std::string pod;
  std::string program_version, git_revision;
  std::string command_line;
  std::string config;  // the suite as given, TOML
  std::uint64_t seed = 0;
  bool complete = false;            // every planned case is in it
  std::uint64_t planned_cases = 0;  // case × launch records that the plan promised
};

// A whole run in memory.
struct Run {
  RunRecord run;
  std::vector<NodeRecord> nodes;
  std::vector<LaunchRecord> launches;
  std::vector<CaseRecord> cases;  // one a case and launch
  std::vector<TelemetrySeries> telemetry;
};

}  // namespace podbench
