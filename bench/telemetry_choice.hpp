// When a run reads sensors and counters: `--telemetry off|cases|1s`. Always between measurements, never
// beside one. Thread-safety: values.
#pragma once

#include <cstdint>
#include <string>

namespace podbench {

struct TelemetryChoice {
  bool on = true;
  // Within a case too, whenever so long has passed and no operation is being timed; 0: only where cases begin
  // and end.
  std::int64_t period_ns = 0;
};

inline constexpr std::int64_t least_telemetry_period_ns = 100'000'000;

// RequestError for anything but "off", "cases" or a duration from 100 ms on.
[[nodiscard]] TelemetryChoice parse_telemetry(const std::string& text);

}  // namespace podbench
