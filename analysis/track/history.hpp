// The history of a pod: one run a night, one value a series and night.
//
// A series is a case on the same pod and hosts: other hosts are another machine. Thread-safety: values.
// Units: in the names; NaN where a night has no value of a series.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "results/record.hpp"

namespace podbench::track {

// One run file.
struct Night {
  std::string source;  // its path
  std::string run_id, started_utc, program_version, git_revision;
  double utc_seconds = 0;  // started_utc as seconds since 1970
  bool complete = false;   // every planned case is in it
  std::size_t environment = 0;
};

// What a series must share to be one.
struct Environment {
  std::string pod;
  std::vector<std::string> hosts;  // sorted, each once
  friend auto operator<=>(const Environment&, const Environment&) = default;
};

struct SeriesKey {
  CaseKey key;
  std::uint64_t id = 0;  // key.series_id()
  std::size_t environment = 0;
};

// What of a case is watched: each metric is a family of its own.
enum class Metric : std::uint8_t { p50, p99 };
inline constexpr std::size_t metrics = 2;
[[nodiscard]] std::string_view name_of(Metric metric);

struct History {
  std::vector<Night> nights;  // oldest first
  std::vector<Environment> environments;
  std::vector<SeriesKey> series;
  std::vector<double> values_ns[metrics];  // series × night; of lower is better
  std::vector<std::string> notes;          // files that are left out and why, a line each

  [[nodiscard]] const double* row(Metric metric, std::size_t at) const {
    return values_ns[static_cast<std::size_t>(metric)].data() + at * nights.size();
  }
};

// The nights from `night` on, with all series.
[[nodiscard]] History nights_from(const History& history, std::size_t night);

}  // namespace podbench::track
