#include "transports/ucx/log.hpp"

#include <ucs/debug/log_def.h>

#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <utility>

namespace podbench::ucx {
namespace {

std::mutex last_mutex;
std::string last_message;

ucs_log_func_rc_t keep(const char* /*file*/, unsigned /*line*/, const char* /*function*/,
                       ucs_log_level_t level, const ucs_log_component_config_t* /*component*/,
                       const char* format, va_list arguments) {
  if (level > UCS_LOG_LEVEL_WARN) return UCS_LOG_FUNC_RC_STOP;
  std::array<char, 512> text{};
  std::vsnprintf(text.data(), text.size(), format, arguments);
  // No exception follows a warning, and none can follow a fatal error: a person must see both now.
  if (level != UCS_LOG_LEVEL_ERROR) std::fprintf(stderr, "ucx: %s\n", text.data());
  if (level == UCS_LOG_LEVEL_WARN) return UCS_LOG_FUNC_RC_STOP;
  const std::lock_guard lock(last_mutex);
  last_message = text.data();
  return UCS_LOG_FUNC_RC_STOP;
}

}  // namespace

void take_over_log() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (std::getenv("UCX_LOG_LEVEL") == nullptr && std::getenv("UCX_LOG_FILE") == nullptr)
      ucs_log_push_handler(keep);
  });
}

std::string take_last_message() {
  const std::lock_guard lock(last_mutex);
  return std::exchange(last_message, {});
}

}  // namespace podbench::ucx
