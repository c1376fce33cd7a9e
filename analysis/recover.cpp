#include "analysis/recover.hpp"

#include <fmt/format.h>

#include <set>

#include "analysis/statistics.hpp"
#include "results/spool.hpp"
#include "results/store.hpp"

namespace podbench {

StoredRun store_spool(const std::filesystem::path& spool_folder, const std::filesystem::path& run_file) {
  SpoolContents contents = read_spool(spool_folder);
  StoredRun stored{
      {run_file.string(), contents.run.run, summarise(contents.run)}, {}, std::move(contents.problems)};
  write_run(contents.run, stored.summary.cases, run_file);
  stored.nodes = std::move(contents.run.nodes);
  return stored;
}

std::string recover(const std::filesystem::path& spool_folder, std::filesystem::path run_file) {
  std::filesystem::path folder = spool_folder;
  if (!folder.has_filename()) folder = folder.parent_path();  // "a.spool/" as the shell completes it
  if (run_file.empty()) run_file = std::filesystem::path(folder).replace_extension(".h5");
  const StoredRun stored = store_spool(folder, run_file);
  std::set<int> launches;
  std::uint64_t samples = 0;
  for (const CaseSummary& summary : stored.summary.cases) {
    samples += summary.n;
    for (const LaunchPoint& point : summary.points) launches.insert(point.launch);
  }
  std::string text = fmt::format("{}: {} cases, {} launches, {} samples; the run was {}\n", run_file.string(),
                                 stored.summary.cases.size(), launches.size(), samples,
                                 stored.summary.run.complete ? "complete" : "interrupted");
  for (const std::string& problem : stored.problems) text += problem + "\n";
  text += fmt::format("the spool {} is kept; remove it when you do not need it\n", folder.string());
  return text;
}

}  // namespace podbench
