#include "base/text_file.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "base/quantity.hpp"

namespace podbench {

std::string read_text_file(const std::filesystem::path& path, std::uintmax_t most_bytes,
                           std::string_view where_from) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error))
    throw RequestError(fmt::format("no file {}{}", path.string(), where_from));
  if (std::filesystem::file_size(path, error) > most_bytes || error)
    throw RequestError(fmt::format("{}: too large; at most {}", path.string(), format_bytes(most_bytes)));
  std::ifstream file(path);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw RequestError(fmt::format("{}: cannot be read; check its permissions", path.string()));
  return text;
}

}  // namespace podbench
