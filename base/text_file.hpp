// Text files that people name on the command line or in another file.
// Thread-safety: pure but for the file system. Errors: RequestError with one line that names the file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace podbench {

// The whole file, where it is a regular one of at most `most_bytes`. `where_from` follows the line about a
// file that is not there: "; `podbench compare --tuning FOLDER` writes one".
[[nodiscard]] std::string read_text_file(const std::filesystem::path& path, std::uintmax_t most_bytes,
                                         std::string_view where_from = {});

}  // namespace podbench
