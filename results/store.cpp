#include "results/store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "results/hdf5.hpp"
#include "results/isolated.hpp"
#include "results/spool_file.hpp"
#include "results/store_groups.hpp"

namespace podbench {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

void check_request(const fs::path& path) {
  std::error_code ignored;
  if (fs::exists(path, ignored)) {
    throw RequestError(fmt::format("{} exists and is not overwritten; choose another name", path.string()));
  }
  if (!fs::is_directory(folder_of(path), ignored)) {
    throw RequestError(fmt::format("no folder {}: make it first", folder_of(path).string()));
  }
}

void sync_file(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const int error = file < 0 || ::fsync(file) != 0 ? errno : 0;
  if (file >= 0) ::close(file);
  if (error != 0) throw system_error("cannot sync " + path.string(), error);
}

// Gives the finished file its name, and never to the cost of another that came meanwhile.
void publish(const fs::path& temporary, const fs::path& path) {
  if (::link(temporary.c_str(), path.c_str()) == 0) {
    ::unlink(temporary.c_str());
  } else if (errno == EEXIST) {
    throw RequestError(fmt::format("{} exists and is not overwritten; choose another name", path.string()));
  } else if (::rename(temporary.c_str(), path.c_str()) != 0) {  // a file system without hard links
    throw system_error("cannot name " + path.string(), errno);
  }
  sync_folder(folder_of(path));
}

RunError cannot_write(const fs::path& path, const std::string& why, int error) {
  const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  return RunError(fmt::format("{} {}: {}", full ? "disk full:" : "cannot write", path.string(),
                              full ? std::strerror(error) : why),
                  error);
}

// Far more than an honest file takes: HDF5's compression does tens of megabytes a second.
unsigned patience_s(const Run& run) {
  std::uint64_t numbers = 0;
  for (const CaseRecord& record : run.cases) numbers += record.samples_ns.size();
  return 600 + static_cast<unsigned>(std::min<std::uint64_t>(numbers / 100'000, 36'000));
}

void write_isolated(const Run& run, const std::vector<CaseSummary>& summaries, const fs::path& path) {
  const auto write = [&](const FrameSink&) {
    try {
      const h5::Quiet quiet;
      h5::Id file = h5::create_file(path);
      write_groups(file, run, summaries);
      file.close("write the last of the file");
    } catch (const h5::Failure& failure) {
      throw RunError(failure.what(), failure.system_errno());
    }
  };
  const Isolated result = run_isolated(write, patience_s(run));
  switch (result.end) {
    case Isolated::End::returned:
      return;
    case Isolated::End::threw:
      throw RunError(result.thrown, result.system_errno);
    case Isolated::End::endless:
      throw RunError("the HDF5 library does not come to an end with it");
    case Isolated::End::broke:
      throw RunError("the HDF5 library broke while it wrote");
  }
}

}  // namespace

void write_run(const Run& run, const std::vector<CaseSummary>& summaries, const fs::path& path) {
  check_request(path);
  fs::path temporary = path;
  temporary += ".tmp";
  try {
    write_isolated(run, summaries, temporary);
    sync_file(temporary);
    publish(temporary, path);
  } catch (const RunError& error) {
    ::unlink(temporary.c_str());
    throw cannot_write(path, error.what(), static_cast<int>(error.native_code()));
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

}  // namespace podbench
