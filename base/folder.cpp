#include "base/folder.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace podbench {

void make_folders(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw RunError(fmt::format("{}: the folder cannot be made: {}", folder.string(), error.message()),
                   error.value());
}

}  // namespace podbench
