#include "transports/ucx/status.hpp"

#include <fmt/format.h>

#include <string>

#include "transports/ucx/log.hpp"

namespace podbench::ucx {

RunError error_of(ucs_status_t status, std::string_view doing) {
  std::string what = fmt::format("ucx: {}: {}", doing, ucs_status_string(status));
  if (const std::string said = take_last_message(); !said.empty()) what += fmt::format(" ({})", said);
  return RunError(what, status);
}

void check(ucs_status_t status, std::string_view doing) {
  if (status != UCS_OK) throw error_of(status, doing);
}

bool means_lost_peer(ucs_status_t status) noexcept {
  switch (status) {
    case UCS_ERR_UNREACHABLE:
    case UCS_ERR_TIMED_OUT:
    case UCS_ERR_REJECTED:
    case UCS_ERR_NOT_CONNECTED:
    case UCS_ERR_CONNECTION_RESET:
    case UCS_ERR_ENDPOINT_TIMEOUT:
    case UCS_ERR_CANCELED:
    case UCS_ERR_IO_ERROR:
      return true;
    default:
      return UCS_IS_LINK_ERROR(status) || UCS_IS_ENDPOINT_ERROR(status);
  }
}

}  // namespace podbench::ucx
