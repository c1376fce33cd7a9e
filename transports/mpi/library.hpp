// The MPI library that this plug-in is compiled for. The folder is compiled once for each library found, with
// PODBENCH_MPI_DEVICE set to its name; nothing else differs at compile time.
// Thread-safety: values and pure functions. Errors: RunError with MPI's own text and code.
#pragma once

#include <mpi.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace podbench::mpi {

// Of internal linkage, for a program loads several of these plug-ins and each has its own.
constexpr std::string_view device_name = PODBENCH_MPI_DEVICE;

// "4.1.4 (MPI 3.1)", without initialising anything.
[[nodiscard]] std::string library_version();

// What went wrong, in MPI's words.
[[nodiscard]] std::string error_text(int code, std::string_view doing);
[[noreturn]] void throw_mpi_error(int code, std::string_view doing);

// Every call of MPI goes through this: communicators return their errors.
inline void check(int code, std::string_view doing) {
  if (code != MPI_SUCCESS) [[unlikely]]
    throw_mpi_error(code, doing);
}

}  // namespace podbench::mpi
