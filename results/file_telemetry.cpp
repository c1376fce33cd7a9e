// What schema 1.1 added: the moments of cases, and telemetry.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "results/file_reader.hpp"
#include "results/layout.hpp"

namespace podbench {
namespace {

using h5::Failure;
using h5::Id;
using h5::Shape;

constexpr std::size_t most_series = layout::most_nodes * 64;

TelemetryKind kind_named(const std::string& name) {
  for (unsigned i = 0; i <= static_cast<unsigned>(TelemetryKind::errors); ++i)
    if (name_of(static_cast<TelemetryKind>(i)) == name) return static_cast<TelemetryKind>(i);
  throw Failure("telemetry is of an unknown kind");
}

void check_points(const TelemetrySeries& series) {
  if (series.times_ns.front() < 0 || !std::is_sorted(series.times_ns.begin(), series.times_ns.end()))
    throw Failure("the times of a series are not ascending from 1970 on");
  if (!std::all_of(series.values.begin(), series.values.end(), [](double v) { return std::isfinite(v); }))
    throw Failure("a series holds a value that nobody can have read");
}

}  // namespace

void FileReader::add_moments(const Id& launches, std::vector<CaseRecord>& records) const {
  if (minor_ < 1) return;
  for (const auto& column : layout::launch_moments) {
    const auto values = h5::read_array<std::int64_t>(launches, column.name, {cases_, launches_.size()});
    for (std::size_t cell = 0; cell < values.size(); ++cell)
      if (record_at_[cell] != no_record) records[record_at_[cell]].*column.field = values[cell];
  }
  for (const CaseRecord& record : records)
    if (record.started_ns < 0 || record.ended_ns < record.started_ns)
      throw Failure("a case ended before it began");
}

std::vector<TelemetrySeries> FileReader::telemetry() {
  if (minor_ < 1) return {};
  const Id group = h5::open_group(file_, "telemetry");
  const Shape shape = h5::open_column(group, "count", h5::number_type<std::uint64_t>()).shape;
  if (shape.size() != 1 || shape[0] > most_series) throw Failure("telemetry claims absurdly many series");
  std::vector<TelemetrySeries> telemetry(shape[0]);
  for (const auto& column : layout::telemetry_texts) {
    const auto values = texts(group, column.name, shape);
    for (std::size_t i = 0; i < telemetry.size(); ++i) telemetry[i].*column.field = values[i];
  }
  for (const auto& column : layout::telemetry_reals) {
    const auto values = h5::read_array<double>(group, column.name, shape);
    for (std::size_t i = 0; i < telemetry.size(); ++i) {
      if (std::isinf(values[i])) throw Failure(fmt::format("{} of a series has no end", column.name));
      telemetry[i].*column.field = values[i];
    }
  }
  const auto kinds = texts(group, "kind", shape);
  for (std::size_t i = 0; i < telemetry.size(); ++i) telemetry[i].kind = kind_named(kinds[i]);
  add_points(group, telemetry);
  return telemetry;
}

void FileReader::add_points(const Id& group, std::vector<TelemetrySeries>& telemetry) {
  const Shape shape = {telemetry.size()};
  const auto offsets = h5::read_array<std::uint64_t>(group, "offset", shape);
  const auto counts = h5::read_array<std::uint64_t>(group, "count", shape);
  const auto time_type = h5::number_type<std::int64_t>();
  const auto value_type = h5::number_type<double>();
  const h5::Column t = h5::open_column(group, "t", time_type);
  const h5::Column value = h5::open_column(group, "value", value_type);
  if (t.shape.size() != 1 || value.shape != t.shape) throw Failure("telemetry has other times than values");
  const std::uint64_t total = t.shape[0];
  if (total > most_telemetry_points) throw Failure("telemetry claims absurdly many points");
  charge_numbers(2 * total);
  std::uint64_t left = total;
  for (std::size_t i = 0; i < telemetry.size(); ++i) {
    if (counts[i] == 0) continue;
    if (counts[i] > left || offsets[i] > total - counts[i])
      throw Failure("points of a series lie outside of their list, or are claimed twice");
    left -= counts[i];
    telemetry[i].times_ns.resize(counts[i]);
    telemetry[i].values.resize(counts[i]);
    h5::read_rows(t, time_type, {offsets[i]}, {counts[i]}, telemetry[i].times_ns.data());
    h5::read_rows(value, value_type, {offsets[i]}, {counts[i]}, telemetry[i].values.data());
    check_points(telemetry[i]);
  }
}

}  // namespace podbench
