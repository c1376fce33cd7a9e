#include "analysis/track/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>

#include "base/error.hpp"
#include "base/utc.hpp"
#include "results/points.hpp"

namespace podbench::track {
namespace {

namespace fs = std::filesystem;

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

struct Files {
  std::vector<fs::path> paths;
  std::size_t named = 0;  // so many of the first were named themselves
};

std::vector<fs::path> run_files_of(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (entry->path().extension() != ".h5" || !entry->is_regular_file(ignored)) continue;
    found.push_back(entry->path());
    if (found.size() > most_nights)
      throw RequestError(fmt::format("{} holds more than {} run files; `--keep` lets old ones go",
                                     folder.string(), most_nights));
  }
  if (error) throw RequestError(fmt::format("cannot list {}: {}", folder.string(), error.message()));
  std::sort(found.begin(), found.end());
  return found;
}

Files files_of(const std::vector<std::string>& places) {
  Files files;
  std::vector<fs::path> in_folders;
  for (const std::string& place : places) {
    std::error_code ignored;
    const fs::file_status status = fs::status(place, ignored);
    if (status.type() == fs::file_type::not_found)
      throw RequestError(fmt::format("no folder {}: name one with run files in it", place));
    if (status.type() != fs::file_type::directory) {
      files.paths.emplace_back(place);
      continue;
    }
    const auto found = run_files_of(place);
    in_folders.insert(in_folders.end(), found.begin(), found.end());
  }
  files.named = files.paths.size();
  files.paths.insert(files.paths.end(), in_folders.begin(), in_folders.end());
  if (files.paths.empty())
    throw RequestError(fmt::format("no run file (*.h5) in {}; `podbench run --out {}/NAME.h5` makes one",
                                   fmt::join(places, ", "), places.front()));
  return files;
}

// Which series a file's cases are, by its rows; files of the same cases share it.
using Rows = std::shared_ptr<const std::vector<std::size_t>>;

// What a file has of its cases until the whole is put together: readers are forked meanwhile, and every page
// of a large table that is written while they live would be copied.
struct Columns {
  Rows series;
  std::vector<double> values[metrics];
};

// Puts the figures of files, in whatever order they come, into a history.
class Gatherer {
 public:
  explicit Gatherer(const Files& files)
      : files_(files), nights_(files.paths.size()), columns_(nights_.size()) {}

  void take(std::size_t file, RunPoints&& points) {
    Night& night = nights_[file];
    night.source = files_.paths[file].string();
    night.utc_seconds = points.problem.empty() ? utc_seconds(points.started_utc) : nothing;
    if (points.problem.empty() && std::isnan(night.utc_seconds))
      points.problem = fmt::format("cannot use {}: started_utc is no time", night.source);
    if (!points.problem.empty()) {
      if (file < files_.named) throw RequestError(points.problem);
      history_.notes.push_back("left out: " + points.problem);
      return;
    }
    night.run_id = std::move(points.run_id);
    night.started_utc = std::move(points.started_utc);
    night.program_version = std::move(points.program_version);
    night.git_revision = std::move(points.git_revision);
    night.complete = points.complete;
    night.environment = environment_of({std::move(points.pod), std::move(points.hosts)});
    columns_[file].series = rows_of(night.environment, std::move(points.series_id));
    columns_[file].values[0] = std::move(points.p50_ns);
    columns_[file].values[1] = std::move(points.p99_ns);
    usable_.push_back(file);
  }

  History finish() {
    order();
    fill();
    for (const std::size_t file : usable_) history_.nights.push_back(std::move(nights_[file]));
    name_series();
    return std::move(history_);
  }

 private:
  std::size_t environment_of(Environment&& environment) {
    const auto [entry, is_new] = environments_.try_emplace(environment, environments_.size());
    if (is_new) {
      history_.environments.push_back(std::move(environment));
      series_.emplace_back();
    }
    return entry->second;
  }

  Rows rows_of(std::size_t environment, std::vector<std::uint64_t>&& ids) {
    if (last_rows_ && environment == last_environment_ && ids == last_ids_) return last_rows_;
    std::vector<std::size_t> rows;
    rows.reserve(ids.size());
    auto& known = series_[environment];
    for (const std::uint64_t id : ids) {
      const auto [entry, is_new] = known.try_emplace(id, history_.series.size());
      if (is_new) history_.series.push_back({{}, id, environment});
      rows.push_back(entry->second);
    }
    last_rows_ = std::make_shared<const std::vector<std::size_t>>(std::move(rows));
    last_environment_ = environment;
    last_ids_ = std::move(ids);
    return last_rows_;
  }

  // Oldest first, every run once.
  void order() {
    std::sort(usable_.begin(), usable_.end(), [&](std::size_t a, std::size_t b) {
      return std::tie(nights_[a].utc_seconds, nights_[a].source) <
             std::tie(nights_[b].utc_seconds, nights_[b].source);
    });
    std::map<std::string, std::size_t> seen;
    std::erase_if(usable_, [&](std::size_t file) {
      const auto [entry, is_new] = seen.try_emplace(nights_[file].run_id, file);
      if (!is_new)
        history_.notes.push_back(fmt::format("left out: {} is the same run as {}", nights_[file].source,
                                             nights_[entry->second].source));
      return !is_new;
    });
  }

  // Some files at a time, so that what is written next to each other is written together.
  void fill() {
    constexpr std::size_t together = 8;
    const std::size_t nights = usable_.size();
    for (std::size_t metric = 0; metric < metrics; ++metric) {
      auto& values = history_.values_ns[metric];
      values.assign(history_.series.size() * nights, nothing);
      for (std::size_t first = 0; first < nights; first += together) {
        const std::size_t end = std::min(first + together, nights);
        const std::size_t rows = most_rows(first, end);
        for (std::size_t row = 0; row < rows; ++row)
          for (std::size_t night = first; night < end; ++night) put(values, metric, night, row);
        for (std::size_t night = first; night < end; ++night) columns_[usable_[night]].values[metric] = {};
      }
    }
  }

  std::size_t most_rows(std::size_t first, std::size_t end) const {
    std::size_t most = 0;
    for (std::size_t night = first; night < end; ++night)
      most = std::max(most, columns_[usable_[night]].series->size());
    return most;
  }

  void put(std::vector<double>& values, std::size_t metric, std::size_t night, std::size_t row) const {
    const Columns& columns = columns_[usable_[night]];
    if (row >= columns.series->size()) return;
    const double value = columns.values[metric][row];
    if (value > 0 && std::isfinite(value)) values[(*columns.series)[row] * usable_.size() + night] = value;
  }

  // Which cases the series are: of each from the newest file that has it.
  void name_series() {
    std::vector<bool> named(history_.series.size());
    std::size_t left = named.size();
    for (std::size_t night = history_.nights.size(); night-- > 0 && left > 0;) {
      if (!has_unnamed(night, named)) continue;
      std::unordered_map<std::uint64_t, CaseKey> keys;
      try {
        for (CaseKey& key : read_keys(history_.nights[night].source))
          keys.try_emplace(key.series_id(), std::move(key));
      } catch (const RequestError& error) {
        history_.notes.push_back(fmt::format("not asked for names: {}", error.what()));
      }
      for (std::size_t series = 0; series < named.size(); ++series) {
        const auto key = keys.find(history_.series[series].id);
        if (named[series] || key == keys.end()) continue;
        history_.series[series].key = key->second;
        named[series] = true;
        --left;
      }
    }
    if (left > 0) drop_unnamed(named, left);
  }

  bool has_unnamed(std::size_t night, const std::vector<bool>& named) const {
    for (std::size_t series = 0; series < named.size(); ++series)
      if (!named[series] && history_.row(Metric::p50, series)[night] > 0) return true;
    return false;
  }

  void drop_unnamed(const std::vector<bool>& named, std::size_t count) {
    history_.notes.push_back(fmt::format("left out: {} series that no file names", count));
    const std::size_t nights = history_.nights.size();
    std::size_t into = 0;
    for (std::size_t series = 0; series < named.size(); ++series) {
      if (!named[series]) continue;
      for (auto& values : history_.values_ns)
        std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(series * nights), nights,
                    values.begin() + static_cast<std::ptrdiff_t>(into * nights));
      if (into != series) history_.series[into] = std::move(history_.series[series]);
      ++into;
    }
    history_.series.resize(into);
    for (auto& values : history_.values_ns) values.resize(into * nights);
  }

  const Files& files_;
  std::vector<Night> nights_;        // by file
  std::vector<Columns> columns_;     // by file
  std::vector<std::size_t> usable_;  // files
  std::map<Environment, std::size_t> environments_;
  std::vector<std::unordered_map<std::uint64_t, std::size_t>> series_;  // by environment: id -> series
  Rows last_rows_;  // of the last file, with what it was made of
  std::size_t last_environment_ = 0;
  std::vector<std::uint64_t> last_ids_;
  History history_;
};

}  // namespace

History load_history(const std::vector<std::string>& places, unsigned at_once) {
  const Files files = files_of(places);
  Gatherer gatherer(files);
  read_points(files.paths, at_once,
              [&](std::size_t file, RunPoints&& points) { gatherer.take(file, std::move(points)); });
  return gatherer.finish();
}

}  // namespace podbench::track
