#include "analysis/track/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/quantity.hpp"

namespace podbench::track {
namespace {

constexpr std::size_t date_length = 10, minute_length = 16;  // of ISO 8601

std::string date_of(const History& history, std::size_t night) {
  return history.nights[night].started_utc.substr(0, date_length);
}

}  // namespace

std::string series_name(const History& history, std::size_t series) {
  const SeriesKey& key = history.series[series];
  std::string name = key.key.name();
  if (history.environments.size() > 1) {
    const Environment& environment = history.environments[key.environment];
    name += fmt::format(" on {}{}{}", environment.pod, environment.pod.empty() ? "" : ":",
                        fmt::join(environment.hosts, ","));
  }
  return name;
}

std::string night_name(const History& history, std::size_t night) {
  const std::string date = date_of(history, night);
  const bool alone = (night == 0 || date_of(history, night - 1) != date) &&
                     (night + 1 >= history.nights.size() || date_of(history, night + 1) != date);
  return alone ? date : history.nights[night].started_utc.substr(0, minute_length);
}

std::string title_of(const History& history) {
  if (history.nights.empty()) return "no night that can be used";
  return fmt::format("{} nights, {} to {}, {} series", history.nights.size(), night_name(history, 0),
                     night_name(history, history.nights.size() - 1), history.series.size());
}

std::string percent(double ratio) {
  return fmt::format("{:+.1f}%", 100 * (ratio - 1));
}

std::string effect_text(const Effect& effect) {
  return fmt::format("{} ({} to {})", percent(effect.ratio), percent(effect.lo), percent(effect.hi));
}

std::string when_text(const History& history, const Change& change) {
  const std::string night = night_name(history, change.night);
  if (change.earliest == change.latest) return night;
  return fmt::format("{} ({} to {})", night, night_name(history, change.earliest),
                     night_name(history, change.latest));
}

std::string extent_text(const Judgement& judgement, const Alert& alert) {
  std::set<std::size_t> series;
  std::set<std::string_view> seen;
  for (const std::size_t at : alert.changes) {
    series.insert(judgement.changes[at].series);
    seen.insert(name_of(judgement.changes[at].metric));
  }
  return fmt::format("{} series ({})", series.size(), fmt::join(seen, " and "));
}

std::string movement_text(const History& history, const Judgement& judgement, const Alert& alert) {
  std::vector<double> ratios;
  for (const std::size_t at : alert.changes) ratios.push_back(judgement.changes[at].effect.ratio);
  const auto middle = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
  std::nth_element(ratios.begin(), middle, ratios.end());
  return fmt::format("{} by {:.1f}% since {}", alert.slower ? "slower" : "faster",
                     100 * std::abs(*middle - 1), night_name(history, alert.night));
}

std::string ground_text(const CommonGround& ground) {
  if (ground.moved == ground.measured && ground.measured > 1)
    return fmt::format("all {} series that were measured", ground.measured);
  std::vector<std::string> parts;
  for (const CommonFactor& factor : ground.factors) {
    const std::string value = factor.name == "bytes" ? format_bytes(std::stoull(factor.value)) : factor.value;
    parts.push_back(
        fmt::format("{} {}: {} of its {} series", factor.name, value, factor.moved, factor.with_value));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::string program_text(const History& history, std::size_t night) {
  if (night == 0) return "";
  const Night &before = history.nights[night - 1], &after = history.nights[night];
  if (before.program_version == after.program_version && before.git_revision == after.git_revision) return "";
  return fmt::format("podbench {} ({}) -> {} ({})", before.program_version, before.git_revision,
                     after.program_version, after.git_revision);
}

}  // namespace podbench::track
