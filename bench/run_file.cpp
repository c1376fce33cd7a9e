#include "bench/run_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/error.hpp"
#include "base/folder.hpp"
#include "base/utc.hpp"
#include "results/spool.hpp"

namespace podbench {
namespace {

namespace fs = std::filesystem;

fs::path new_name(const std::string& suite) {
  const fs::path folder = "results/runs";
  const std::string stem = fmt::format("{}-{}", format_utc_file(utc_now_ns()), suite);
  fs::path path = folder / (stem + ".h5");
  for (int i = 2; fs::exists(path) || fs::exists(spool_folder_of(path)); ++i)
    path = folder / fmt::format("{}-{}.h5", stem, i);
  return path;
}

void make_writable_folder(const fs::path& folder) {
  make_folders(folder);
  if (access(folder.c_str(), W_OK | X_OK) != 0)
    throw system_error(folder.string() + ": the folder cannot be written", errno);
}

}  // namespace

RunFile::RunFile(const std::string& out, const std::string& suite, const RunRecord& run) {
  path_ = out.empty() ? new_name(suite) : fs::path(out);
  if (path_.extension() != ".h5")
    throw RequestError(fmt::format("--out {}: the name of a run file ends in .h5", out));
  path_ = fs::absolute(path_);
  if (fs::exists(path_))
    throw RequestError(fmt::format("--out {}: this file is there already; choose another name", out));
  spool_ = spool_folder_of(path_);
  if (fs::exists(spool_))
    throw RequestError(fmt::format("{}: another run's spool; `podbench recover` it or choose another --out",
                                   spool_.string()));
  make_writable_folder(path_.parent_path());
  create_spool(spool_, run);
}

StoredRun RunFile::finish() {
  StoredRun stored = store_spool(spool_, path_);
  for (const std::string& problem : stored.problems) fmt::print(stderr, "podbench: {}\n", problem);
  if (stored.problems.empty())
    remove_spool(spool_);
  else
    fmt::print(stderr, "podbench: the spool is kept: {}\n", spool_.string());
  return stored;
}

}  // namespace podbench
