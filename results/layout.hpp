// The columns of a run file that are plain copies of a struct's field: written, read and handed over from one
// table each. Thread-safety: constants.
#pragma once

#include <array>

#include "results/summary.hpp"

namespace podbench::layout {

template <typename Owner, typename Number>
struct ColumnOf {
  const char* name;
  Number Owner::*field;
  const char* units;
  const char* long_name;
  const char* better;  // "lower", "higher" or "" where neither is
};

using SummaryCount = ColumnOf<CaseSummary, std::uint64_t>;
inline constexpr std::array<SummaryCount, 3> summary_counts = {{
    {"launches", &CaseSummary::launches, "1", "launches with at least one sample", ""},
    {"n", &CaseSummary::n, "1", "valid samples of all launches", ""},
    {"invalid", &CaseSummary::invalid, "1", "samples dropped because a rank arrived late", "lower"},
}};

using SummaryReal = ColumnOf<CaseSummary, double>;
inline constexpr std::array<SummaryReal, 17> summary_reals = {{
    {"min", &CaseSummary::min_ns, "ns", "fastest sample", "lower"},
    {"p50", &CaseSummary::p50_ns, "ns", "median of the launches' medians", "lower"},
    {"p90", &CaseSummary::p90_ns, "ns", "90th percentile of all samples", "lower"},
    {"p99", &CaseSummary::p99_ns, "ns", "99th percentile of all samples", "lower"},
    {"p999", &CaseSummary::p999_ns, "ns", "99.9th percentile of all samples", "lower"},
    {"max", &CaseSummary::max_ns, "ns", "slowest sample", "lower"},
    {"mean", &CaseSummary::mean_ns, "ns", "mean of all samples", "lower"},
    {"sd", &CaseSummary::sd_ns, "ns", "standard deviation of all samples", "lower"},
    {"ci_lo", &CaseSummary::ci_lo_ns, "ns", "lower end of the 95% interval of p50", "lower"},
    {"ci_hi", &CaseSummary::ci_hi_ns, "ns", "upper end of the 95% interval of p50", "lower"},
    {"algbw", &CaseSummary::algbw_gbps, "GB/s", "algorithm bandwidth at p50, decimal", "higher"},
    {"busbw", &CaseSummary::busbw_gbps, "GB/s", "bus bandwidth at p50, decimal", "higher"},
    {"clock_error", &CaseSummary::clock_error_ns, "ns", "residual of the clock model, worst launch", "lower"},
    {"impact_mean", &CaseSummary::impact_mean, "1", "mean under load over mean at rest", "lower"},
    {"impact_p99", &CaseSummary::impact_p99, "1", "99th percentile under load over at rest", "lower"},
    {"bound_rounds", &CaseSummary::bound_rounds, "1", "least number of rounds the pattern needs", ""},
    {"bound_bytes", &CaseSummary::bound_bytes, "B", "least bytes that some rank must send or receive", ""},
}};

using KeyText = ColumnOf<CaseKey, std::string>;
inline constexpr std::array<KeyText, 8> key_texts = {{
    {"transport", &CaseKey::transport, "", "transport and its provider or device", ""},
    {"pattern", &CaseKey::pattern, "", "what is communicated", ""},
    {"algorithm", &CaseKey::algorithm, "", "how", ""},
    {"datatype", &CaseKey::datatype, "", "element type", ""},
    {"op", &CaseKey::op, "", "reduction, empty where nothing is reduced", ""},
    {"cadence", &CaseKey::cadence, "", "isolated or streaming", ""},
    {"sync", &CaseKey::sync, "", "how starts were aligned: clock, barrier or none", ""},
    {"buffers", &CaseKey::buffers, "", "whose memory: transport or private", ""},
}};

// What turns a time into rates: equal in all launches of a case.
using RateReal = ColumnOf<CaseRecord, double>;
inline constexpr std::array<RateReal, 2> rate_reals = {{
    {"bus_factor", &CaseRecord::bus_factor, "1", "bus bandwidth over algorithm bandwidth, 0: none", ""},
    {"time_divisor", &CaseRecord::time_divisor, "1", "sample over reported time of one operation", ""},
}};

// Case × launch.
using LaunchReal = ColumnOf<CaseRecord, double>;
inline constexpr std::array<LaunchReal, 4> launch_reals = {{
    {"clock_error", &CaseRecord::clock_error_ns, "ns", "residual of the clock model", "lower"},
    {"seconds", &CaseRecord::seconds, "s", "wall time that the case took", ""},
    {"impact_mean", &CaseRecord::impact_mean, "1", "mean under load over mean at rest, 0: none", "lower"},
    {"impact_p99", &CaseRecord::impact_p99, "1", "99th percentile under load over at rest, 0: none", "lower"},
}};

// Case × launch, ns since 1970-01-01T00:00:00Z.
using LaunchMoment = ColumnOf<CaseRecord, std::int64_t>;
inline constexpr std::array<LaunchMoment, 2> launch_moments = {{
    {"started_ns", &CaseRecord::started_ns, "ns", "when the try that counts began, 0: not known", ""},
    {"ended_ns", &CaseRecord::ended_ns, "ns", "when it ended, 0: not known", ""},
}};

// One value a series of telemetry.
using TelemetryText = ColumnOf<TelemetrySeries, std::string>;
inline constexpr std::array<TelemetryText, 4> telemetry_texts = {{
    {"node", &TelemetrySeries::node, "", "node that it was read on", ""},
    {"name", &TelemetrySeries::name, "", "what was read", ""},
    {"unit", &TelemetrySeries::unit, "", "unit of the values, 1: none", ""},
    {"note", &TelemetrySeries::note, "", "why the series ended early", ""},
}};
using TelemetryReal = ColumnOf<TelemetrySeries, double>;
inline constexpr std::array<TelemetryReal, 2> telemetry_reals = {{
    {"limit", &TelemetrySeries::limit, "", "what the device calls its limit, NaN: none", ""},
    {"clock_error", &TelemetrySeries::clock_error_ns, "ns", "how far times may be from the lead's clock", ""},
}};

inline constexpr std::uint8_t no_record = 255;      // in /launches/status
inline constexpr std::size_t most_nodes = 100'000;  // groups in /env, and matrices
inline constexpr std::size_t most_attributes = 100'000;

}  // namespace podbench::layout
