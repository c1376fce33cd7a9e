// What else ran on this node's processors while a case was measured: CPU time of processes that are not this
// launch's, and time that the hypervisor gave to other guests.
//
// Two readings of /proc around a case; the difference is judged, less what the counters' coarseness (one tick
// each) could fake. Ranks of the launch are found by themselves: processes with this one's parent that run
// the same program. Thread-safety: one LoadMeter a thread. Errors: none; where /proc says nothing, nothing is
// known.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench/machine/system_root.hpp"

namespace podbench {

struct LoadReading {
  std::int64_t at_ns = 0;
  int cpus = 0;
  std::uint64_t busy_ticks = 0;  // of all CPUs, with interrupts, without steal
  std::uint64_t steal_ticks = 0;
  std::uint64_t total_ticks = 0;
  std::uint64_t own_ticks = 0;  // of this launch's processes on this node
  int own_processes = 0;
  std::int64_t frequency_khz = 0;  // of CPU 0 now; 0 where unknown
};

// Shares of the CPU time that all CPUs had between two readings, less what rounding could have added.
struct LoadShares {
  double steal = 0;
  double foreign = 0;
  [[nodiscard]] bool contended() const noexcept { return steal > 0.05 || foreign > 0.10; }
};

class LoadMeter {
 public:
  explicit LoadMeter(SystemRoot root = SystemRoot());
  [[nodiscard]] LoadReading read() const;

 private:
  SystemRoot root_;
  std::vector<std::string> own_stat_files_;
};

// Nothing where a reading is missing, the counters went backwards or no time has passed.
[[nodiscard]] std::optional<LoadShares> load_between(const LoadReading& before, const LoadReading& after);

// For this machine, with a LoadMeter made at the first call (when all ranks of the launch are up).
[[nodiscard]] LoadReading read_load();

// The load beside each of many spans of time, one behind the other. The counters advance a hundred times a
// second: a span that is too short to be judged costs no reading.
class LoadWatch {
 public:
  void begin();
  // Since begin(), or a little before; nothing where that was too short or cannot be known.
  [[nodiscard]] std::optional<LoadShares> end();

 private:
  LoadReading latest_;
};

// A few words for a case's record: "foreign CPU 23%, steal 7%".
[[nodiscard]] std::string in_words(const LoadShares& shares);

}  // namespace podbench
