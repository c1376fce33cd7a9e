// What the nodes' sensors and counters said during a run, on the clock on which its cases lie.
//
// Times are nanoseconds since 1970-01-01T00:00:00Z as the lead of a launch read UTC at the launch's start,
// and from there on by the lead's monotonic clock, to which other nodes' readings are converted: within a
// launch no step of anybody's wall clock shows. CaseRecord::started_ns and ended_ns are on the same axis.
// Thread-safety: values. Units: of each series its own, without prefixes (J, W, C, Hz, B, 1).
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace podbench {

enum class TelemetryKind : std::uint8_t {
  gauge,    // what is now: a temperature
  counter,  // what has been since some moment; it only grows: bytes
  errors,   // a counter that stands still where all is well
};
[[nodiscard]] std::string_view name_of(TelemetryKind kind);

// What bounds telemetry wherever it comes from.
inline constexpr std::size_t most_telemetry_series = 1024;      // of a node
inline constexpr std::size_t most_telemetry_points = 1U << 26;  // of a run
inline constexpr std::size_t most_telemetry_text_bytes = 512;   // of a name or a note

// One quantity of one node. Between two points of equal value nothing else was read: where a value did not
// change, only the first and the last reading of it are kept.
struct TelemetrySeries {
  std::string node;
  std::string name;  // "nic.eth0.rx_bytes"
  std::string unit;
  TelemetryKind kind = TelemetryKind::gauge;
  // What the device itself calls its limit, in the series' unit (of energy: of its growth, W); NaN: none.
  double limit = std::numeric_limits<double>::quiet_NaN();
  double clock_error_ns = 0;             // how far its times may be from the lead's clock
  std::string note{};                    // why it ended early
  std::vector<std::int64_t> times_ns{};  // ascending
  std::vector<double> values{};          // finite; as many as times
};

// What a node's readings are journaled as: a table of moments by series, of which only what changed is kept.
struct TelemetryRecord {
  struct Described {
    std::string name, unit;
    TelemetryKind kind = TelemetryKind::gauge;
    double limit = std::numeric_limits<double>::quiet_NaN();
  };
  struct Change {
    std::uint32_t moment = 0;  // index into times_ns
    std::uint32_t series = 0;
    double value = 0;  // NaN: nothing could be read
  };
  struct Note {
    std::uint32_t series = 0;
    std::string text;
  };
  int launch = 0;
  std::string node;
  double clock_error_ns = 0;
  // Series are numbered in the order in which a launch's records describe them, a node each for itself.
  std::uint32_t first_described = 0;
  std::vector<Described> described;
  std::vector<std::int64_t> times_ns{};  // ascending
  // By moment; a series without a change keeps its last value.
  std::vector<Change> changes;
  std::vector<Note> notes;
};

}  // namespace podbench
