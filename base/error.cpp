#include "base/error.hpp"

#include <system_error>

namespace podbench {

RunError system_error(const std::string& doing, int errno_value) {
  return RunError(doing + ": " + std::generic_category().message(errno_value), errno_value);
}

}  // namespace podbench
