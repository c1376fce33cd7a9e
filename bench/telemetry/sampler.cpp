#include "bench/telemetry/sampler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "base/clock.hpp"
#include "bench/telemetry/find.hpp"

namespace podbench {
namespace {

// What takes longer than this holds up every case; several tries, since a core may be taken away meanwhile.
constexpr std::int64_t most_reading_ns = 20'000'000;
constexpr int tries = 3;

Sources sources_of(const SystemRoot& root, const std::string& nvml_library) {
  Sources sources;
  find_nics(root, sources);
  find_rdma(root, sources);
  find_energy(root, sources);
  find_processor(root, sources);
  if (!nvml_library.empty()) find_nvml(nvml_library, sources);
  find_thermal(root, sources);
  find_sensors(root, sources);
  return sources;
}

std::int64_t time_to_read_ns(Source& source, std::span<Reading> into) {
  std::int64_t least_ns = std::numeric_limits<std::int64_t>::max();
  for (int i = 0; i < tries && least_ns > most_reading_ns; ++i) {
    std::fill(into.begin(), into.end(), Reading{});
    const std::int64_t begin = now_ns();
    source.read(into);
    least_ns = std::min(least_ns, now_ns() - begin);
  }
  return least_ns;
}

}  // namespace

Sampler::Sampler(const SystemRoot& root, const std::string& nvml_library)
    : Sampler(sources_of(root, nvml_library)) {}

Sampler::Sampler(Sources sources) {
  adopt(std::move(sources));
}

// Takes the sources that fit, under names of their own, and leaves out those that are slow.
void Sampler::adopt(Sources sources) {
  std::multiset<std::string> names;
  for (std::unique_ptr<Source>& source : sources) {
    const std::vector<SensorQuantity>& quantities = source->quantities();
    if (quantities.empty() || lines_.size() + quantities.size() > most_telemetry_series) continue;
    const auto first = static_cast<std::uint32_t>(lines_.size());
    for (SensorQuantity quantity : quantities) {
      names.insert(quantity.name);
      if (const auto same = names.count(quantity.name); same > 1) quantity.name += fmt::format("#{}", same);
      pending_.described.push_back(std::move(quantity));
    }
    lines_.resize(lines_.size() + quantities.size());
    readings_.resize(std::max(readings_.size(), quantities.size()));
    sources_.push_back(std::move(source));
    first_line_.push_back(first);
    done_.push_back(false);
  }
  sample();
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const std::size_t count = sources_[i]->quantities().size();
    const std::int64_t took_ns = time_to_read_ns(*sources_[i], std::span(readings_).first(count));
    if (took_ns <= most_reading_ns) continue;
    for (std::size_t k = 0; k < count; ++k) {
      const auto number = first_line_[i] + static_cast<std::uint32_t>(k);
      pending_.changes.push_back({0, number, Reading{}.value});
      end(number, fmt::format("reading it takes {} ms", took_ns / 1'000'000));
    }
    done_[i] = true;
  }
}

void Sampler::end(std::uint32_t line, const std::string& why) {
  if (std::exchange(lines_[line].ended, true)) return;
  pending_.notes.push_back({line, "ended: " + why.substr(0, most_telemetry_text_bytes / 2)});
}

void Sampler::read(std::size_t source, std::uint32_t moment) {
  const std::span<Reading> readings = std::span(readings_).first(sources_[source]->quantities().size());
  std::fill(readings.begin(), readings.end(), Reading{});
  sources_[source]->read(readings);
  bool done = true;
  for (std::size_t i = 0; i < readings.size(); ++i) {
    const auto number = first_line_[source] + static_cast<std::uint32_t>(i);
    Line& line = lines_[number];
    if (line.ended) continue;
    const double value = readings[i].value;
    const bool same = value == line.value || (std::isnan(value) && std::isnan(line.value));
    if (!same) pending_.changes.push_back({moment, number, value});
    line.value = value;
    if (!readings[i].ended.empty()) end(number, readings[i].ended);
    done = done && line.ended;
  }
  done_[source] = done;
}

void Sampler::sample() {
  const auto moment = static_cast<std::uint32_t>(pending_.times_ns.size());
  const std::int64_t begin = now_ns();
  pending_.times_ns.push_back(begin);
  for (std::size_t i = 0; i < sources_.size(); ++i)
    if (!done_[i]) read(i, moment);
  latest_ns_ = now_ns();
  pending_.times_ns.back() = begin + (latest_ns_ - begin) / 2;
}

TelemetryRecord Sampler::take() {
  TelemetryRecord taken = std::move(pending_);
  pending_ = {};
  return taken;
}

}  // namespace podbench
