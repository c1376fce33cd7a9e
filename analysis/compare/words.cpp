#include "analysis/compare/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/quantity.hpp"

namespace podbench::compare {

std::string ratio_text(double ratio) {
  if (!std::isfinite(ratio)) return "-";
  return ratio >= 100 ? fmt::format("{:.0f}", ratio) : fmt::format("{:.3f}", ratio);
}

std::string interval_text(double lo, double hi) {
  return std::isfinite(lo) && std::isfinite(hi) ? fmt::format("{} to {}", ratio_text(lo), ratio_text(hi))
                                                : "-";
}

Tone tone_of(Verdict verdict) {
  return verdict == Verdict::slower ? Tone::bad : verdict == Verdict::undecided ? Tone::warning : Tone::plain;
}

std::string verdict_text(const Decision& decision) {
  if (decision.verdict != Verdict::undecided) return std::string(name_of(decision.verdict));
  return decision.launches_needed == 0 ? "undecided"
                                       : fmt::format("undecided, needs {}", decision.launches_needed);
}

std::string about_bytes(double bytes) {
  static constexpr std::array<const char*, 4> units = {"B", "KiB", "MiB", "GiB"};
  std::size_t unit = 0;
  for (; bytes >= 1024 && unit + 1 < units.size(); ++unit) bytes /= 1024;
  return fmt::format("about {:.3g} {}", bytes, units[unit]);
}

std::string counts_text(const std::vector<Decision>& decisions) {
  std::string text;
  for (const Verdict verdict : {Verdict::slower, Verdict::faster, Verdict::equivalent, Verdict::undecided}) {
    const auto count = std::count_if(decisions.begin(), decisions.end(),
                                     [verdict](const Decision& one) { return one.verdict == verdict; });
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name_of(verdict));
  }
  return text.empty() ? "none" : text;
}

std::string mean_text(const GeometricMean& mean) {
  if (!std::isfinite(mean.lo)) return ratio_text(mean.ratio);
  return fmt::format("{} ({})", ratio_text(mean.ratio), interval_text(mean.lo, mean.hi));
}

std::string crossover_text(const Crossover& crossover, const Matching& matching) {
  const MatchedCase& smaller = matching.cases[crossover.smaller];
  return fmt::format("{}: the new side is {} from {} on (between {} and {})", smaller.name(),
                     crossover.next_wins_above ? "faster" : "slower", about_bytes(crossover.bytes),
                     format_bytes(smaller.base_key.bytes),
                     format_bytes(matching.cases[crossover.larger].base_key.bytes));
}

std::string difference_text(const EnvironmentDifference& difference) {
  return fmt::format("{}{}{}: {} -> {}", difference.name, difference.where.empty() ? "" : " on ",
                     difference.where, difference.base, difference.next);
}

std::string drift_text(const Drift& drift) {
  return fmt::format(
      "{} became {:.1f}% {} from its first launch to its last: what the sides differ by may be the machine's "
      "doing; "
      "`podbench ab` alternates them",
      drift.source, 100 * std::abs(drift.change), drift.change > 0 ? "slower" : "faster");
}

std::string source_text(const RunEnvironment& run) {
  return fmt::format("{}: {} launch{}, {}, podbench {} ({})", run.source, run.launches.size(),
                     run.launches.size() == 1 ? "" : "es", run.run.started_utc, run.run.program_version,
                     run.run.git_revision);
}

}  // namespace podbench::compare
