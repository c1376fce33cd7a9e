// Reads everything that this node's sensors and counters tell, all at one moment, and keeps what changed.
//
//   Sampler sampler;
//   sampler.sample();               // as often as it suits the measurement; never beside one
//   record = sampler.take();        // what was read since the last take()
//
// A reading of everything takes about a microsecond a file; it interrupts other cores where the kernel has to
// ask them (clocks, RAPL, core temperatures), so that it belongs between measurements.
// Thread-safety: one thread. Errors: none; a source that cannot be read any more ends with a note. Bounded:
// most_telemetry_series; a source that takes long to read is read once and left out, with a note.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/machine/system_root.hpp"
#include "bench/telemetry/source.hpp"

namespace podbench {

class Sampler {
 public:
  static constexpr const char* usual_nvml = "libnvidia-ml.so.1";

  // All sources of the machine below `root`, and what the NVML library tells (empty: none).
  explicit Sampler(const SystemRoot& root = SystemRoot(), const std::string& nvml_library = usual_nvml);
  // Other sources.
  explicit Sampler(Sources sources);

  void sample();
  // When the last sample() was, CLOCK_MONOTONIC; 0: there was none.
  [[nodiscard]] std::int64_t latest_ns() const noexcept { return latest_ns_; }
  [[nodiscard]] std::size_t series() const noexcept { return lines_.size(); }

  // Everything but launch, node and the clocks' error; times by CLOCK_MONOTONIC, in the middle of a reading.
  [[nodiscard]] TelemetryRecord take();

 private:
  struct Line {
    double value = Reading{}.value;
    bool ended = false;
  };
  void adopt(Sources sources);
  void read(std::size_t source, std::uint32_t moment);
  void end(std::uint32_t line, const std::string& why);

  Sources sources_;
  std::vector<std::uint32_t> first_line_;  // of each source
  std::vector<Line> lines_;
  std::vector<Reading> readings_;
  std::vector<bool> done_;  // all of a source's lines have ended
  TelemetryRecord pending_;
  std::int64_t latest_ns_ = 0;
};

}  // namespace podbench
