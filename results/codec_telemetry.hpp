// The part of the codec that telemetry needs. Internal to codec.cpp. Thread-safety: pure. Errors: as
// decode().
#pragma once

#include "results/codec_fields.hpp"
#include "results/telemetry.hpp"

namespace podbench {

[[nodiscard]] TelemetryRecord telemetry_from_json(const Fields& fields);
[[nodiscard]] TelemetrySeries telemetry_series_from_json(const Fields& fields);

}  // namespace podbench
