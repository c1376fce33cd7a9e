#include "bench/output_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "analysis/document.hpp"

namespace podbench {
namespace {

namespace fs = std::filesystem;

std::array<std::string, 4> names(const OutputFiles& files) {
  return {files.html, files.junit, files.json, files.openmetrics};
}

void check_place(const fs::path& path) {
  std::error_code ignored;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (!fs::is_directory(folder, ignored))
    throw RequestError(fmt::format("no folder {}: make it first", folder.string()));
  if (fs::is_directory(path, ignored))
    throw RequestError(fmt::format("{} is a folder; name a file", path.string()));
  if (::access(folder.c_str(), W_OK) != 0)
    throw RequestError(fmt::format("folder {} cannot be written to; choose another", folder.string()));
}

void write_whole(int file, const std::string& text, const std::string& path) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t wrote = ::write(file, text.data() + done, text.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) throw system_error(path + ": cannot be written", errno);
    done += static_cast<std::size_t>(wrote);
  }
  if (::fsync(file) != 0) throw system_error(path + ": cannot be synced", errno);
}

}  // namespace

void replace_file(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".tmp";
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) throw system_error(temporary + ": cannot be created", errno);
  try {
    write_whole(file, text, temporary);
    if (::rename(temporary.c_str(), path.c_str()) != 0) throw system_error(path + ": cannot be named", errno);
  } catch (...) {
    ::close(file);
    ::unlink(temporary.c_str());
    throw;
  }
  ::close(file);
}

void check_output_files(const OutputFiles& files) {
  std::set<std::string> seen;
  for (const std::string& name : names(files)) {
    if (name.empty()) continue;
    check_place(name);
    if (!seen.insert(fs::path(name).lexically_normal().string()).second)
      throw RequestError(fmt::format("{} is named for two documents; give each its own file", name));
  }
}

ExitCode give_out(const Judged& judged, const OutputFiles& files, const std::string& format) {
  if (!files.html.empty()) replace_file(files.html, judged.html());
  if (!files.junit.empty()) replace_file(files.junit, junit(judged.findings));
  if (!files.json.empty()) replace_file(files.json, dump(judged.json()));
  if (!files.openmetrics.empty()) replace_file(files.openmetrics, openmetrics(judged.findings));
  if (format == "json")
    fmt::print("{}", dump(judged.json()));
  else if (format == "csv")
    fmt::print("{}", findings_csv(judged.findings));
  else
    fmt::print("{}", judged.terminal());
  return exit_code(judged.findings);
}

}  // namespace podbench
