#include "results/spool.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "base/error.hpp"
#include "results/case_index.hpp"
#include "results/codec.hpp"
#include "results/spool_file.hpp"
#include "results/telemetry_merge.hpp"

namespace podbench {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view run_file_name = "run.spool";
constexpr std::string_view launch_prefix = "launch-";
constexpr std::string_view suffix = ".spool";
constexpr std::size_t most_launches = 100'000;

// The K of "launch-K.spool"; −1 for any other name.
int launch_of(std::string_view name) {
  if (!name.starts_with(launch_prefix) || !name.ends_with(suffix)) return -1;
  if (name.size() <= launch_prefix.size() + suffix.size()) return -1;
  const char* begin = name.data() + launch_prefix.size();
  const char* end = name.data() + name.size() - suffix.size();
  int launch = -1;
  const auto [stopped, error] = std::from_chars(begin, end, launch);
  return error == std::errc() && stopped == end && launch >= 0 ? launch : -1;
}

// The launch files of a spool by launch.
std::vector<std::pair<int, fs::path>> launch_files(const fs::path& folder) {
  std::vector<std::pair<int, fs::path>> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const int launch = launch_of(entry->path().filename().string());
    if (launch >= 0) files.emplace_back(launch, entry->path());
    if (files.size() > most_launches) {
      throw RequestError(fmt::format("{} holds more than {} launches", folder.string(), most_launches));
    }
  }
  if (error)
    throw RequestError(fmt::format("cannot read the folder {}: {}", folder.string(), error.message()));
  std::sort(files.begin(), files.end());
  return files;
}

// Whether an attribute is a reading of a network counter before or after a launch.
bool reads_counter(std::string_view name, std::string_view when) {
  if (!name.starts_with("nic.") && !name.starts_with("rdma.")) return false;
  return name.substr(0, name.rfind('.')).ends_with(when);
}

// Puts records together into a run.
class Merger {
 public:
  explicit Merger(Run& run) : run_(run) {}

  void add(RunRecord record) {
    run_.run = std::move(record);
    has_run_ = true;
  }
  void add(LaunchRecord record) {
    launch_ = record.launch;
    run_.launches.push_back(std::move(record));
  }
  void add(NodeRecord record) {
    const auto known = std::find_if(run_.nodes.begin(), run_.nodes.end(),
                                    [&](const NodeRecord& node) { return node.node == record.node; });
    if (known == run_.nodes.end()) {
      run_.nodes.push_back(std::move(record));
      return;
    }
    merge(known->attributes, std::move(record.attributes));
    // Whole files are kept as the first launch found them.
    known->texts.merge(record.texts);
  }
  void add(CaseRecord record) {
    const std::size_t row = index_.add(record.key);
    const auto [place, is_new] = places_.try_emplace({row, record.launch}, run_.cases.size());
    if (is_new) {
      run_.cases.push_back(std::move(record));
    } else {
      run_.cases[place->second] = std::move(record);
    }
  }
  void add(const TelemetryRecord& record) { telemetry_.add(record); }
  void add(const TelemetrySeries&) { throw std::runtime_error("a series is no record of a spool"); }
  void begin_launch(int launch) { launch_ = launch; }
  // Behind the last record; what could not be kept, in words.
  [[nodiscard]] std::string finish() {
    run_.telemetry = telemetry_.finish();
    if (telemetry_.left_out() == 0) return "";
    return fmt::format("{} points of telemetry beyond {} are left out", telemetry_.left_out(),
                       most_telemetry_points);
  }
  [[nodiscard]] bool has_run() const { return has_run_; }

 private:
  void merge(std::map<std::string, std::string>& into, std::map<std::string, std::string>&& from) const {
    for (auto& [name, value] : from) {
      const auto [known, is_new] = into.try_emplace(name, value);
      if (is_new || known->second == value || reads_counter(name, ".before")) continue;
      if (reads_counter(name, ".after"))
        known->second = std::move(value);
      else
        into[fmt::format("launch.{}.{}", launch_, name)] = std::move(value);
    }
  }

  Run& run_;
  CaseIndex index_;
  TelemetryMerger telemetry_;
  std::map<std::pair<std::size_t, int>, std::size_t> places_;  // (row, launch) -> index in run_.cases
  int launch_ = 0;
  bool has_run_ = false;
};

void read_file(const fs::path& path, Merger& merger, std::vector<std::string>& problems) {
  std::vector<std::string> undecodable;
  auto damaged = read_records(path, [&](std::span<const std::uint8_t> payload, std::uint64_t position) {
    try {
      std::visit([&](auto&& record) { merger.add(std::move(record)); }, decode(payload));
    } catch (const std::exception& error) {
      undecodable.push_back(
          fmt::format("{}: the record at byte {} is left out: {}", path.string(), position, error.what()));
    }
  });
  problems.insert(problems.end(), damaged.begin(), damaged.end());
  problems.insert(problems.end(), undecodable.begin(), undecodable.end());
}

}  // namespace

fs::path spool_folder_of(const fs::path& run_file) {
  fs::path folder = run_file;
  return folder.replace_extension(".spool");
}

void create_spool(const fs::path& folder, const RunRecord& run) {
  if (::mkdir(folder.c_str(), 0755) != 0) {
    const int error = errno;
    if (error == EEXIST) {
      throw RequestError(
          fmt::format("{0} exists: another run writes there, or was interrupted (then: podbench recover {0})",
                      folder.string()));
    }
    if (error == ENOENT || error == ENOTDIR) {
      throw RequestError(fmt::format("no folder {}: make it first", folder.parent_path().string()));
    }
    throw system_error("cannot create the folder " + folder.string(), error);
  }
  try {
    RecordFile(folder / run_file_name).append(encode(run));
    sync_folder(folder);
    sync_folder(folder.has_parent_path() ? folder.parent_path() : fs::path("."));
  } catch (...) {
    remove_spool(folder);
    throw;
  }
}

void amend_spool(const fs::path& folder, const RunRecord& run) {
  RecordFile(folder / run_file_name, Opening::again).append(encode(run));
}

void remove_spool(const fs::path& folder) noexcept {
  try {
    std::error_code ignored;
    for (const auto& [launch, file] : launch_files(folder)) fs::remove(file, ignored);
    fs::remove(folder / run_file_name, ignored);
    fs::remove(folder, ignored);
  } catch (const std::exception&) {
    // The folder is gone or unreadable: nothing of it can be removed.
  }
}

SpoolWriter::SpoolWriter(const fs::path& folder, int launch, Opening opening)
    : file_(std::make_unique<RecordFile>(folder / fmt::format("{}{}{}", launch_prefix, launch, suffix),
                                         opening)) {}
SpoolWriter::SpoolWriter(const fs::path& folder, int launch) : SpoolWriter(folder, launch, Opening::fresh) {
  sync_folder(folder);
}
SpoolWriter SpoolWriter::again(const fs::path& folder, int launch) {
  return {folder, launch, Opening::again};
}
SpoolWriter::~SpoolWriter() = default;

void SpoolWriter::append(const LaunchRecord& launch) {
  file_->append(encode(launch));
}
void SpoolWriter::append(const NodeRecord& node) {
  file_->append(encode(node));
}
void SpoolWriter::append(const CaseRecord& record) {
  file_->append(encode(record));
}
void SpoolWriter::append(const TelemetryRecord& telemetry) {
  file_->append(encode(telemetry), Durability::later);
}

SpoolContents read_spool(const fs::path& folder) {
  const fs::path run_file = folder / run_file_name;
  std::error_code ignored;
  if (!fs::exists(run_file, ignored)) {
    throw RequestError(fmt::format("{} is not a spool: it holds no {}", folder.string(), run_file_name));
  }
  SpoolContents contents;
  Merger merger(contents.run);
  read_file(run_file, merger, contents.problems);
  if (!merger.has_run()) {
    contents.problems.push_back(fmt::format(
        "{}: the run's own record is missing; its seed and configuration are lost", run_file.string()));
  }
  for (const auto& [launch, file] : launch_files(folder)) {
    merger.begin_launch(launch);
    read_file(file, merger, contents.problems);
  }
  if (const std::string problem = merger.finish(); !problem.empty())
    contents.problems.push_back(fmt::format("{}: {}", folder.string(), problem));
  RunRecord& run = contents.run.run;
  run.complete = run.planned_cases > 0 && contents.run.cases.size() >= run.planned_cases;
  return contents;
}

}  // namespace podbench
