#include "results/readable.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace podbench {

namespace fs = std::filesystem;

namespace {

// One line for a person: what the library says may have several.
std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return text;
}

}  // namespace

RequestError unusable(const fs::path& path, const std::string& why) {
  return RequestError(one_line(fmt::format("cannot use {}: {}", path.string(), why)));
}

std::optional<std::string> not_readable(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return fmt::format("no file {}", path.string());
  if (status.type() != fs::file_type::regular) return fmt::format("{} is not a regular file", path.string());
  return std::nullopt;
}

unsigned patience_s(const fs::path& path) {
  std::error_code ignored;
  return 60 +
         static_cast<unsigned>(std::min<std::uintmax_t>(fs::file_size(path, ignored) / 10'000'000, 3'600));
}

std::string trouble(const Isolated& result) {
  switch (result.end) {
    case Isolated::End::returned:
      return "";
    case Isolated::End::threw:
      return result.thrown;
    case Isolated::End::endless:
      return "it is damaged: reading it does not come to an end";
    case Isolated::End::broke:
      break;
  }
  return "it is damaged in a way that breaks the HDF5 library";
}

}  // namespace podbench
