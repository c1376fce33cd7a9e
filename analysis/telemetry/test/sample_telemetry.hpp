// Runs with made-up telemetry: a reading a second, a case of eight seconds in each ten.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "results/record.hpp"

namespace podbench::test {

inline constexpr std::int64_t began_ns = 1'700'000'000'000'000'000, second_ns = 1'000'000'000;

inline Run run_of(int cases) {
  Run run;
  for (int i = 0; i < cases; ++i) {
    CaseRecord record;
    record.key.transport = "tcp";
    record.key.pattern = "allreduce";
    record.key.algorithm = "a" + std::to_string(i);
    record.key.ranks = 2;
    record.started_ns = began_ns + (10 * i + 1) * second_ns;
    record.ended_ns = began_ns + (10 * i + 9) * second_ns;
    run.cases.push_back(record);
  }
  return run;
}

// A series whose value at each second is what `value` says.
inline TelemetrySeries& add_series(Run& run, const std::string& node, const std::string& name,
                                   const std::string& unit, TelemetryKind kind, int seconds,
                                   const std::function<double(int)>& value) {
  TelemetrySeries series;
  series.node = node;
  series.name = name;
  series.unit = unit;
  series.kind = kind;
  for (int i = 0; i <= seconds; ++i) {
    series.times_ns.push_back(began_ns + i * second_ns);
    series.values.push_back(value(i));
  }
  run.telemetry.push_back(std::move(series));
  return run.telemetry.back();
}

}  // namespace podbench::test
