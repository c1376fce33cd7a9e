#include "bench/ab/pair_files.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <map>

#include "analysis/statistics.hpp"
#include "base/error.hpp"
#include "base/folder.hpp"
#include "base/utc.hpp"
#include "base/uuid.hpp"
#include "results/reader.hpp"
#include "results/spool.hpp"
#include "results/spool_file.hpp"
#include "results/store.hpp"

namespace podbench {
namespace {

namespace fs = std::filesystem;

// NAME without the ending of a run file.
fs::path stem_of(const std::string& out) {
  if (out.empty()) return fs::path("results/runs") / (format_utc_file(utc_now_ns()) + "-ab");
  fs::path stem = out;
  if (stem.extension() == ".h5") stem.replace_extension();
  if (!stem.has_filename())
    throw RequestError(fmt::format("--out {}: name the run files, as in {}/fabrics", out, out));
  return stem;
}

// The attributes that a launch found, out of a record in which several launches were put together: what a
// later one found otherwise stands there as "launch.K.NAME".
NodeRecord as_launch_found(const NodeRecord& node, int launch) {
  constexpr std::string_view prefix = "launch.";
  NodeRecord found{node.node, {}, node.texts};
  for (const auto& [name, value] : node.attributes)
    if (!name.starts_with(prefix)) found.attributes[name] = value;
  const std::string own = fmt::format("{}{}.", prefix, launch);
  for (const auto& [name, value] : node.attributes)
    if (name.starts_with(own)) found.attributes[name.substr(own.size())] = value;
  return found;
}

void write_launch(const fs::path& folder, const Run& run, const LaunchRecord& launch, int number) {
  SpoolWriter spool(folder, number);
  LaunchRecord renumbered = launch;
  renumbered.launch = number;
  spool.append(renumbered);
  for (const NodeRecord& node : run.nodes) spool.append(as_launch_found(node, launch.launch));
  for (const CaseRecord& record : run.cases) {
    if (record.launch != launch.launch) continue;
    CaseRecord moved = record;
    moved.launch = number;
    spool.append(moved);
  }
}

// What a launch that did not end well left behind, then the folder.
void remove_folder(const fs::path& folder) {
  std::error_code ignored;
  std::vector<fs::path> left;
  for (fs::directory_iterator entry(folder, ignored), end; !ignored && entry != end; entry.increment(ignored))
    left.push_back(entry->path());
  for (const fs::path& path : left) {
    if (path.extension() == ".spool")
      remove_spool(path);
    else
      fs::remove(path, ignored);
  }
  fs::remove(folder, ignored);
}

}  // namespace

PairFiles::PairFiles(const std::string& out) {
  const fs::path stem = fs::absolute(stem_of(out));
  const auto name_all = [this](const fs::path& base) {
    folder_ = base.string() + ".ab";
    for (auto [side, ending] : {std::pair{&a_, "-a"}, std::pair{&b_, "-b"}}) {
      side->file = base.string() + ending + ".h5";
      side->spool = spool_folder_of(side->file);
    }
  };
  name_all(stem);
  for (int i = 2; out.empty() && (fs::exists(a_.file) || fs::exists(a_.spool)); ++i)
    name_all(fmt::format("{}-{}", stem.string(), i));
  check_free();
}

void PairFiles::check_free() const {
  for (const fs::path* path : {&a_.file, &b_.file, &a_.spool, &b_.spool, &folder_})
    if (fs::exists(*path))
      throw RequestError(fmt::format(
          "{} is there already; choose another --out, or `podbench recover` a spool first", path->string()));
  // The nearest folder that is there says whether the others can be made.
  fs::path above = a_.file.parent_path();
  while (!fs::exists(above) && above.has_relative_path()) above = above.parent_path();
  if (!fs::is_directory(above) || ::access(above.c_str(), W_OK | X_OK) != 0)
    throw RequestError(fmt::format("{} cannot be written to; choose another --out", above.string()));
}

void PairFiles::create(const Experiment& experiment, const RunRecord& run) {
  make_folders(folder_.parent_path());
  for (const char letter : {'a', 'b'}) {
    RunRecord record = run;
    record.run_id = new_uuid();
    record.config = configuration_of(experiment, letter);
    record.seed = experiment.seed;
    record.planned_cases =
        experiment.side(letter).run.cases.size() * static_cast<std::uint64_t>(experiment.most_pairs());
    create_spool(spool(letter), record);
  }
  if (::mkdir(folder_.c_str(), 0755) != 0)
    throw system_error("cannot create the folder " + folder_.string(), errno);
}

fs::path PairFiles::fresh_half(int pair, char side) const {
  fs::path half = folder_ / fmt::format("pair-{}-{}.h5", pair, side);
  remove_spool(spool_folder_of(half));
  std::error_code ignored;
  fs::remove(half, ignored);
  return half;
}

std::vector<CaseSummary> PairFiles::take(const fs::path& half, int pair, const PlannedSide& side) {
  const Run run = read_run(half);
  const int each = side.run.launches;
  if (static_cast<int>(run.launches.size()) != each)
    throw RunError(fmt::format("it made {} launches, not {} as planned", run.launches.size(), each));
  std::map<int, fs::path> written;
  for (const LaunchRecord& launch : run.launches) {
    if (launch.launch < 0 || launch.launch >= each)
      throw RunError(fmt::format("it made a launch {} beyond its plan", launch.launch));
    const int number = pair * each + launch.launch;
    write_launch(folder_, run, launch, number);
    written[number] = folder_ / fmt::format("launch-{}.spool", number);
  }
  const fs::path& into = spool(side.side.letter);
  for (const auto& [number, file] : written) fs::rename(file, into / file.filename());
  sync_folder(into);
  fs::remove(half);
  return summarise(run);
}

void PairFiles::finish_side(SideFiles& side, bool all_done, std::vector<std::string>& problems) {
  SpoolContents contents = read_spool(side.spool);
  if (contents.run.cases.empty() && contents.problems.empty()) {
    side.file.clear();
    return remove_spool(side.spool);
  }
  if (all_done && contents.problems.empty()) {
    contents.run.run.planned_cases = contents.run.cases.size();
    contents.run.run.complete = true;
  }
  write_run(contents.run, summarise(contents.run), side.file);
  if (contents.problems.empty()) return remove_spool(side.spool);
  problems.insert(problems.end(), contents.problems.begin(), contents.problems.end());
  problems.push_back(fmt::format("the spool is kept: {}", side.spool.string()));
}

std::vector<std::string> PairFiles::finish(bool all_done) {
  std::vector<std::string> problems;
  finish_side(a_, all_done, problems);
  finish_side(b_, all_done, problems);
  remove_folder(folder_);
  return problems;
}

}  // namespace podbench
