#include "analysis/track/retention.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <set>

#include "base/error.hpp"
#include "results/points.hpp"

namespace podbench::track {
namespace {

namespace fs = std::filesystem;

constexpr double seconds_per_day = 86'400;
// A series that was not measured for so long is not waited for.
constexpr std::size_t patience_nights = 30;

// The nights at which a series has a value.
std::vector<std::size_t> nights_of(const History& history, Metric metric, std::size_t series) {
  std::vector<std::size_t> nights;
  const double* const row = history.row(metric, series);
  for (std::size_t night = 0; night < history.nights.size(); ++night)
    if (row[night] > 0) nights.push_back(night);
  return nights;
}

// The first of the series' values that its judgements rest on: a window before now, and as long as a change
// lies in it, a window before the night at which that change was confirmed.
std::size_t first_needed(const std::vector<std::size_t>& nights,
                         const std::vector<const Change*>& newest_first) {
  const auto reach_before = [&](std::size_t count) { return count - std::min(count, reach_nights); };
  const auto index_of = [&](std::size_t night) {
    return static_cast<std::size_t>(std::lower_bound(nights.begin(), nights.end(), night) - nights.begin());
  };
  std::size_t first = reach_before(nights.size());
  for (const Change* change : newest_first) {
    if (index_of(change->night) < first) break;
    first = std::min(first, reach_before(index_of(change->confirmed) + 1));
  }
  return nights[first];
}

std::size_t oldest_needed(const History& history, const Judgement& judgement) {
  std::size_t needed = history.nights.size();
  for (const Metric metric : {Metric::p50, Metric::p99}) {
    std::vector<std::vector<const Change*>> changes(history.series.size());
    for (auto change = judgement.changes.rbegin(); change != judgement.changes.rend(); ++change)
      if (change->metric == metric) changes[change->series].push_back(&*change);
    for (std::size_t series = 0; series < history.series.size(); ++series) {
      const std::vector<std::size_t> nights = nights_of(history, metric, series);
      if (nights.empty() || nights.back() + patience_nights < history.nights.size()) continue;
      needed = std::min(needed, first_needed(nights, changes[series]));
    }
  }
  return needed;
}

// Whether the nights from `first` on leave every series where it stands now: the same nights in its window.
bool stands_the_same(const History& history, const Judgement& judgement, const Rules& rules,
                     std::size_t first) {
  const Judgement left = judge(nights_from(history, first), rules);
  for (std::size_t metric = 0; metric < metrics; ++metric) {
    const auto &now = judgement.standings[metric], &then = left.standings[metric];
    for (std::size_t series = 0; series < now.size(); ++series)
      if (now[series].tonight && now[series].window != then[series].window) return false;
  }
  return true;
}

void sync_folder_of(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return;
  ::fsync(handle);
  ::close(handle);
}

bool still_the_run(const Night& night) {
  bool same = false;
  const fs::path file = night.source;
  read_points({&file, 1}, 1, [&](std::size_t, RunPoints&& points) {
    same = points.problem.empty() && points.complete && points.run_id == night.run_id;
  });
  return same;
}

}  // namespace

Keep parse_keep(const std::string& text) {
  std::size_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  const bool days = rest + 1 == end && *rest == 'd';
  if (error != std::errc() || number == 0 || number > 1'000'000 || (rest != end && !days))
    throw RequestError(fmt::format("--keep {}: a number of nights (90) or of days (90d) is needed", text));
  return days ? Keep{0, static_cast<double>(number) * seconds_per_day} : Keep{number, 0};
}

Retention plan_retention(const History& history, const Judgement& judgement, const Rules& rules,
                         const Keep& keep) {
  Retention retention;
  if (history.nights.empty()) return retention;
  std::size_t needed = oldest_needed(history, judgement);
  while (needed > 0 && !stands_the_same(history, judgement, rules, needed))
    needed -= std::min(needed, longest_window / 4);
  const double oldest = history.nights.back().utc_seconds - keep.seconds;
  for (std::size_t night = 0; night < history.nights.size(); ++night) {
    const bool old = keep.nights > 0 ? night + keep.nights < history.nights.size()
                                     : history.nights[night].utc_seconds < oldest;
    if (!old || !history.nights[night].complete) continue;
    if (night < needed)
      retention.deletable.push_back(night);
    else
      ++retention.needed;
  }
  return retention;
}

std::vector<std::string> delete_runs(const History& history, const Retention& retention) {
  std::vector<std::string> lines;
  for (const std::size_t at : retention.deletable) {
    const Night& night = history.nights[at];
    if (!still_the_run(night)) {
      lines.push_back(fmt::format("kept: {} is no longer the run that was read", night.source));
      continue;
    }
    if (::unlink(night.source.c_str()) != 0) throw system_error("cannot delete " + night.source, errno);
    sync_folder_of(night.source);
    lines.push_back(fmt::format("deleted: {}", night.source));
  }
  return lines;
}

}  // namespace podbench::track
