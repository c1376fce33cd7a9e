#include "results/telemetry_merge.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace podbench {
namespace {

constexpr std::array<std::string_view, 3> kind_names = {"gauge", "counter", "errors"};

void check(const TelemetryRecord& record) {
  const auto later = [](std::int64_t a, std::int64_t b) { return a > b; };
  if (std::adjacent_find(record.times_ns.begin(), record.times_ns.end(), later) != record.times_ns.end())
    throw std::runtime_error("its moments are not ascending");
  std::uint32_t moment = 0;
  for (const TelemetryRecord::Change& change : record.changes) {
    if (change.moment >= record.times_ns.size() || change.moment < moment)
      throw std::runtime_error("a reading is of no moment");
    moment = change.moment;
  }
}

}  // namespace

std::string_view name_of(TelemetryKind kind) {
  return kind_names[static_cast<std::size_t>(kind)];
}

void TelemetryMerger::describe(Source& source, const TelemetryRecord& record) {
  if (record.first_described != source.lines.size() ||
      source.lines.size() + record.described.size() > most_telemetry_series)
    throw std::runtime_error("it describes series that nobody counted, or too many");
  for (const TelemetryRecord::Described& described : record.described) {
    const auto [known, is_new] = line_of_.try_emplace({record.node, described.name}, lines_.size());
    if (is_new) {
      Line line;
      line.series.node = record.node;
      line.series.name = described.name;
      line.series.unit = described.unit;
      line.series.kind = described.kind;
      line.series.limit = described.limit;
      lines_.push_back(std::move(line));
    }
    source.lines.push_back(known->second);
  }
}

void TelemetryMerger::put(Line& line, std::int64_t at_ns, double value) {
  TelemetrySeries& series = line.series;
  if (!series.times_ns.empty() && at_ns < series.times_ns.back()) return;  // a launch's clock was set back
  if (points_ == most_telemetry_points) {
    ++left_out_;
    return;
  }
  ++points_;
  series.times_ns.push_back(at_ns);
  series.values.push_back(value);
}

// A value that held until the last moment is there at that moment too.
void TelemetryMerger::close(Source& source) {
  for (const std::size_t at : source.lines) {
    Line& line = lines_[at];
    if (line.reads && line.series.times_ns.back() < source.last_moment_ns)
      put(line, source.last_moment_ns, line.series.values.back());
    line.reads = false;
  }
}

void TelemetryMerger::add(const TelemetryRecord& record) {
  check(record);
  Source& source = sources_[record.node];
  if (source.launch != record.launch) {
    close(source);
    source = Source{record.launch, {}, 0};
  }
  if (!record.described.empty()) describe(source, record);
  const auto line_at = [&](std::uint32_t number) -> Line& {
    if (number >= source.lines.size()) throw std::runtime_error("it tells of a series that is not described");
    return lines_[source.lines[number]];
  };
  for (const TelemetryRecord::Change& change : record.changes) {
    Line& line = line_at(change.series);
    const std::int64_t before_ns =
        change.moment == 0 ? source.last_moment_ns : record.times_ns[change.moment - 1];
    if (line.reads && line.series.times_ns.back() < before_ns)
      put(line, before_ns, line.series.values.back());
    const bool reads = std::isfinite(change.value);
    if (reads) put(line, record.times_ns[change.moment], change.value);
    line.reads = reads && !line.series.times_ns.empty();
    line.series.clock_error_ns = std::max(line.series.clock_error_ns, record.clock_error_ns);
  }
  for (const TelemetryRecord::Note& note : record.notes) line_at(note.series).series.note = note.text;
  if (!record.times_ns.empty()) source.last_moment_ns = record.times_ns.back();
}

std::vector<TelemetrySeries> TelemetryMerger::finish() {
  for (auto& [node, source] : sources_) close(source);
  std::vector<TelemetrySeries> series;
  for (const auto& [name, at] : line_of_)
    if (!lines_[at].series.times_ns.empty()) series.push_back(std::move(lines_[at].series));
  return series;
}

}  // namespace podbench
