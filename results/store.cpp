#include "results/store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "results/hdf5.hpp"
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

}  // namespace

void write_run(const Run& run, const std::vector<CaseSummary>& summaries, const fs::path& path) {
  check_request(path);
  fs::path temporary = path;
  temporary += ".tmp";
  try {
    const h5::Quiet quiet;
    h5::Id file = h5::create_file(temporary);
    write_groups(file, run, summaries);
    file.close("write the last of the file");
    sync_file(temporary);
    publish(temporary, path);
  } catch (const h5::Failure& failure) {
    ::unlink(temporary.c_str());
    const int error = failure.system_errno();
    const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
    throw RunError(fmt::format("{} {}: {}", full ? "disk full:" : "cannot write", path.string(),
                               full ? std::strerror(error) : failure.what()),
                   error);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

}  // namespace podbench
