// Which podbench this is. Thread-safety: constant.
#pragma once

#include <string>

namespace podbench {

[[nodiscard]] std::string program_version();  // "0.1.0"
[[nodiscard]] std::string git_revision();  // of the sources at configure time; "unknown" outside a checkout

}  // namespace podbench
