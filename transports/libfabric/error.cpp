#include "transports/libfabric/error.hpp"

#include <fmt/format.h>
#include <rdma/fi_errno.h>

#include <cstdlib>

namespace podbench::libfabric {

RunError error_of(long code, std::string_view doing) {
  const long positive = std::labs(code);
  return RunError(fmt::format("libfabric: {}: {}", doing, fi_strerror(static_cast<int>(positive))), positive);
}

void check(long result, std::string_view doing) {
  if (result < 0) throw error_of(result, doing);
}

bool means_lost_peer(long code) noexcept {
  switch (code) {
    case FI_ECONNRESET:
    case FI_ECONNREFUSED:
    case FI_ECONNABORTED:
    case FI_ENOTCONN:
    case FI_ESHUTDOWN:
    case FI_EHOSTDOWN:
    case FI_EHOSTUNREACH:
    case FI_ENETDOWN:
    case FI_ENETUNREACH:
    case FI_ETIMEDOUT:
    case EPIPE:
    case FI_EIO:
      return true;
    default:
      return false;
  }
}

}  // namespace podbench::libfabric
