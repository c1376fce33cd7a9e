// Finds the program that starts the ranks of one MPI library. Several MPI libraries may be installed, each
// with a program called mpirun: which library one belongs to is read off the program itself.
// Thread-safety: reads the environment and files. Errors: none; what is not found is empty.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace podbench::mpi {

struct Launcher {
  std::span<const std::string_view> programs;  // names to try, the most specific first
  std::span<const std::string_view> markers;   // one of these texts is in a program of this library
  std::span<const std::string_view> arguments;
  std::span<const std::string_view> arguments_as_root;  // before the others
  std::span<const std::string_view> rank_variables;     // set in a process that the library's way has started
  std::span<const std::string_view>
      foreign_variables;    // set in a rank that another library's way has started
  std::string_view advice;  // what to install where there is none
};

// What is known of a library by its device name; null where nothing is.
[[nodiscard]] const Launcher* launcher_of(std::string_view device);

// The program's path: the first on `path` (as $PATH is written) that belongs to the library.
[[nodiscard]] std::optional<std::string> find_program(const Launcher& launcher, std::string_view path);

// Device::launch_command with this program.
[[nodiscard]] std::vector<std::string> launch_command(const Launcher& launcher, const std::string& program,
                                                      bool as_root);

// Whether this process has been started as a rank already.
[[nodiscard]] bool is_rank(const Launcher& launcher);

// Whether it is a rank of another library's launcher: this library would then see one rank only.
[[nodiscard]] bool is_foreign_rank(const Launcher& launcher);

}  // namespace podbench::mpi
