#include "results/store_telemetry.hpp"

#include "results/layout.hpp"
#include "results/store_columns.hpp"

namespace podbench {
namespace {

using h5::Id;

// All series' points behind one another, as /samples has the samples.
template <typename Number>
Id write_points(const Id& group, const char* name, const std::vector<TelemetrySeries>& telemetry,
                std::vector<Number> TelemetrySeries::*points, hsize_t total) {
  const auto type = h5::number_type<Number>();
  Id dataset = h5::create_dataset(group, name, type, {total});
  hsize_t at = 0;
  for (const TelemetrySeries& series : telemetry) {
    const std::vector<Number>& own = series.*points;
    if (!own.empty()) h5::write_rows(dataset, type, {at}, {own.size()}, own.data());
    at += own.size();
  }
  return dataset;
}

template <typename Value, typename Of>
std::vector<Value> per_series(const std::vector<TelemetrySeries>& telemetry, const Of& of) {
  std::vector<Value> values;
  values.reserve(telemetry.size());
  for (const TelemetrySeries& series : telemetry) values.push_back(of(series));
  return values;
}

}  // namespace

void write_telemetry(const Id& file, const std::vector<TelemetrySeries>& telemetry) {
  const Id group = h5::create_group(file, "telemetry");
  const h5::Shape shape = {telemetry.size()};
  for (const auto& column : layout::telemetry_texts)
    describe(write_codes(group, column.name, shape,
                         per_series<std::string>(
                             telemetry, [&](const TelemetrySeries& series) { return series.*column.field; })),
             column);
  write_codes(group, "kind", shape, per_series<std::string>(telemetry, [](const TelemetrySeries& series) {
                return std::string(name_of(series.kind));
              }));
  for (const auto& column : layout::telemetry_reals)
    describe(
        h5::write_array(group, column.name, shape,
                        per_series<double>(
                            telemetry, [&](const TelemetrySeries& series) { return series.*column.field; })),
        column);
  std::vector<std::uint64_t> offsets, counts;
  std::uint64_t total = 0;
  for (const TelemetrySeries& series : telemetry) {
    offsets.push_back(total);
    counts.push_back(series.times_ns.size());
    total += counts.back();
  }
  h5::write_array(group, "offset", shape, offsets);
  h5::write_array(group, "count", shape, counts);
  const Id t = write_points(group, "t", telemetry, &TelemetrySeries::times_ns, total);
  h5::set_attribute(t, "units", std::string("nanoseconds since 1970-01-01T00:00:00Z"));
  h5::set_attribute(t, "long_name", std::string("when each value was read, by the lead's clock"));
  const Id value = write_points(group, "value", telemetry, &TelemetrySeries::values, total);
  h5::set_attribute(value, "long_name", std::string("values of all series, in the unit of each"));
}

}  // namespace podbench
