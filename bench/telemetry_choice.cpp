#include "bench/telemetry_choice.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/quantity.hpp"

namespace podbench {

TelemetryChoice parse_telemetry(const std::string& text) {
  if (text == "off") return {false, 0};
  if (text == "cases") return {};
  const auto wrong = [&] {
    return RequestError(
        fmt::format("--telemetry {}: write off, cases, or a period from 100ms on, as in 1s", text));
  };
  std::int64_t period_ns = 0;
  try {
    period_ns = parse_duration_ns(text);
  } catch (const RequestError&) {
    throw wrong();
  }
  if (period_ns < least_telemetry_period_ns) throw wrong();
  return {true, period_ns};
}

}  // namespace podbench
