#include "results/codec_telemetry.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "results/codec.hpp"

namespace podbench {
namespace {

using nlohmann::json;

TelemetryKind kind_of(std::uint64_t code) {
  if (code > static_cast<std::uint64_t>(TelemetryKind::errors))
    throw std::runtime_error("unknown kind of telemetry");
  return static_cast<TelemetryKind>(code);
}

void check_text(const std::string& text) {
  if (text.size() > most_telemetry_text_bytes) throw std::runtime_error("a series has too long a text");
}

json described_columns(const TelemetryRecord& record) {
  std::vector<std::string> names, units;
  std::vector<std::uint64_t> kinds;
  std::vector<double> limits;
  for (const TelemetryRecord::Described& series : record.described) {
    names.push_back(series.name);
    units.push_back(series.unit);
    kinds.push_back(static_cast<std::uint64_t>(series.kind));
    limits.push_back(series.limit);
  }
  return {{"names", names}, {"units", units}, {"kinds", pack(kinds)}, {"limits", pack(limits)}};
}

std::vector<TelemetryRecord::Described> described_from(const Fields& fields) {
  std::vector<std::string> names, units;
  std::vector<std::uint64_t> kinds;
  std::vector<double> limits;
  fields.read("names", names);
  fields.read("units", units);
  fields.read_packed("kinds", kinds);
  fields.read_packed("limits", limits);
  if (units.size() != names.size() || kinds.size() != names.size() || limits.size() != names.size())
    throw std::runtime_error("series are described in columns of different lengths");
  if (names.size() > most_telemetry_series) throw std::runtime_error("a node has too many series");
  std::vector<TelemetryRecord::Described> described;
  for (std::size_t i = 0; i < names.size(); ++i) {
    check_text(names[i]);
    check_text(units[i]);
    described.push_back({names[i], units[i], kind_of(kinds[i]), limits[i]});
  }
  return described;
}

// Moment and series in one number.
std::uint64_t joined(std::uint32_t moment, std::uint32_t series) {
  return std::uint64_t{moment} << 32U | series;
}

}  // namespace

std::vector<std::uint8_t> encode(const TelemetryRecord& record) {
  std::vector<std::uint64_t> where, noted;
  std::vector<double> values;
  std::vector<std::string> notes;
  for (const TelemetryRecord::Change& change : record.changes) {
    where.push_back(joined(change.moment, change.series));
    values.push_back(change.value);
  }
  for (const TelemetryRecord::Note& note : record.notes) {
    noted.push_back(note.series);
    notes.push_back(note.text);
  }
  json object = {{"record", "telemetry"},
                 {"launch", record.launch},
                 {"node", record.node},
                 {"clock_error_ns", record.clock_error_ns},
                 {"times_ns", pack(record.times_ns)},
                 {"where", pack(where)},
                 {"values", pack(values)},
                 {"noted", pack(noted)},
                 {"notes", notes}};
  if (!record.described.empty()) {
    object["first_described"] = record.first_described;
    object["described"] = described_columns(record);
  }
  return json::to_cbor(object);
}

TelemetryRecord telemetry_from_json(const Fields& fields) {
  TelemetryRecord record;
  std::vector<std::uint64_t> where, noted;
  std::vector<double> values;
  std::vector<std::string> notes;
  fields.read("launch", record.launch);
  fields.read("node", record.node);
  fields.read("clock_error_ns", record.clock_error_ns);
  fields.read("first_described", record.first_described);
  if (const json* described = fields.find("described")) record.described = described_from(Fields(*described));
  fields.read_packed("times_ns", record.times_ns);
  fields.read_packed("where", where);
  fields.read_packed("values", values);
  fields.read_packed("noted", noted);
  fields.read("notes", notes);
  if (where.size() != values.size() || noted.size() != notes.size())
    throw std::runtime_error("telemetry has columns of different lengths");
  for (std::size_t i = 0; i < where.size(); ++i)
    record.changes.push_back({static_cast<std::uint32_t>(where[i] >> 32U),
                              static_cast<std::uint32_t>(where[i] & 0xffff'ffffU), values[i]});
  for (std::size_t i = 0; i < noted.size(); ++i) {
    check_text(notes[i]);
    record.notes.push_back({static_cast<std::uint32_t>(noted[i] & 0xffff'ffffU), notes[i]});
  }
  return record;
}

std::vector<std::uint8_t> encode(const TelemetrySeries& series) {
  return json::to_cbor({{"record", "series"},
                        {"node", series.node},
                        {"name", series.name},
                        {"unit", series.unit},
                        {"kind", static_cast<unsigned>(series.kind)},
                        {"limit", series.limit},
                        {"clock_error_ns", series.clock_error_ns},
                        {"note", series.note},
                        {"times_ns", pack(series.times_ns)},
                        {"values", pack(series.values)}});
}

TelemetrySeries telemetry_series_from_json(const Fields& fields) {
  TelemetrySeries series;
  std::uint64_t kind = 0;
  fields.read("node", series.node);
  fields.read("name", series.name);
  fields.read("unit", series.unit);
  fields.read("kind", kind);
  series.kind = kind_of(kind);
  fields.read("limit", series.limit);
  fields.read("clock_error_ns", series.clock_error_ns);
  fields.read("note", series.note);
  fields.read_packed("times_ns", series.times_ns);
  fields.read_packed("values", series.values);
  if (series.times_ns.size() != series.values.size())
    throw std::runtime_error("a series has more times than values, or fewer");
  return series;
}

}  // namespace podbench
