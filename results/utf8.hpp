// Text that every reader of a file can decode. Thread-safety: pure.
#pragma once

#include <string>
#include <string_view>

namespace podbench {

// The text with each byte that is not part of well-formed UTF-8 (RFC 3629), and each NUL, replaced by U+FFFD.
[[nodiscard]] std::string well_formed_utf8(std::string_view text);

}  // namespace podbench
