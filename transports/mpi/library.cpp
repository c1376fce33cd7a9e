#include "transports/mpi/library.hpp"

#include <fmt/format.h>

#include <array>

#include "base/error.hpp"

namespace podbench::mpi {

std::string library_version() {
  std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
  int length = 0;
  int major = 0;
  int minor = 0;
  // These two may be called before MPI_Init.
  if (MPI_Get_library_version(text.data(), &length) != MPI_SUCCESS ||
      MPI_Get_version(&major, &minor) != MPI_SUCCESS)
    return "unknown";
  const std::string_view whole(text.data(), static_cast<std::size_t>(length));
  const std::size_t digit = whole.find_first_of("0123456789");
  if (digit == std::string_view::npos) return std::string(whole.substr(0, whole.find('\n')));
  const std::string_view number = whole.substr(digit);
  return fmt::format("{} (MPI {}.{})", number.substr(0, number.find_first_of(", \t\n")), major, minor);
}

std::string error_text(int code, std::string_view doing) {
  std::array<char, MPI_MAX_ERROR_STRING> text{};
  int length = 0;
  if (MPI_Error_string(code, text.data(), &length) != MPI_SUCCESS) length = 0;
  return fmt::format("mpi:{}: {}: {} (code {})", device_name, doing,
                     std::string_view(text.data(), static_cast<std::size_t>(length)), code);
}

void throw_mpi_error(int code, std::string_view doing) {
  throw RunError(error_text(code, doing), code);
}

}  // namespace podbench::mpi
