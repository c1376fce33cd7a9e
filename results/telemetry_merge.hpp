// Puts the journaled readings of a run's nodes together into one series a quantity.
// Records of a node arrive in the order in which they were journaled, launch by launch.
// Thread-safety: one thread. Errors: std::runtime_error for a record that cannot be right; what was added
// before stays.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "results/telemetry.hpp"

namespace podbench {

class TelemetryMerger {
 public:
  void add(const TelemetryRecord& record);
  // All series that have a point, by node and name. Once, at the end.
  [[nodiscard]] std::vector<TelemetrySeries> finish();
  // Points that are not among them, since there were too many.
  [[nodiscard]] std::size_t left_out() const noexcept { return left_out_; }

 private:
  struct Line {
    TelemetrySeries series;
    bool reads = false;  // the last moment gave a value
  };
  // A node in its latest launch: which line a number means.
  struct Source {
    int launch = -1;
    std::vector<std::size_t> lines;
    std::int64_t last_moment_ns = 0;
  };
  void describe(Source& source, const TelemetryRecord& record);
  void put(Line& line, std::int64_t at_ns, double value);
  void close(Source& source);

  std::vector<Line> lines_;
  std::map<std::pair<std::string, std::string>, std::size_t> line_of_;  // node, name
  std::map<std::string, Source> sources_;                               // by node
  std::size_t points_ = 0, left_out_ = 0;
};

}  // namespace podbench
