#include "transports/mpi/launcher.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace podbench::mpi {
namespace {

using namespace std::string_view_literals;

// Open MPI 4 starts by orterun, 5 by prterun; `mpirun` is a link to it or a small program that names it.
constexpr std::array openmpi_programs{"mpirun.openmpi"sv, "orterun"sv, "prterun"sv, "mpirun"sv, "mpiexec"sv};
constexpr std::array openmpi_markers{"open-rte"sv, "prterun"sv};
// Ranks may outnumber slots (a suite says how many it wants), and binding is podbench's own business: left
// to itself Open MPI would bind, and MPICH not, so that the two would not be compared like with like.
constexpr std::array openmpi_arguments{"--oversubscribe"sv, "--bind-to"sv, "none"sv, "-n"sv, "{ranks}"sv};
constexpr std::array openmpi_as_root{"--allow-run-as-root"sv};
constexpr std::array openmpi_variables{"OMPI_COMM_WORLD_SIZE"sv, "PMIX_RANK"sv};
constexpr std::array openmpi_foreign{"PMI_RANK"sv};

constexpr std::array mpich_programs{"mpiexec.mpich"sv, "mpiexec.hydra"sv, "mpirun.mpich"sv, "mpiexec"sv,
                                    "mpirun"sv};
constexpr std::array mpich_markers{"HYDRA"sv};
constexpr std::array mpich_arguments{"-n"sv, "{ranks}"sv};
constexpr std::array mpich_variables{"PMI_SIZE"sv, "PMI_RANK"sv};
constexpr std::array mpich_foreign{"PMIX_RANK"sv, "OMPI_COMM_WORLD_SIZE"sv};

constexpr Launcher openmpi{openmpi_programs,
                           openmpi_markers,
                           openmpi_arguments,
                           openmpi_as_root,
                           openmpi_variables,
                           openmpi_foreign,
                           "no mpirun of Open MPI on PATH: install openmpi-bin"};
constexpr Launcher mpich{mpich_programs,
                         mpich_markers,
                         mpich_arguments,
                         {},
                         mpich_variables,
                         mpich_foreign,
                         "no mpiexec of MPICH on PATH: install mpich"};

// Launchers are small; what is larger is not one, or is not worth reading.
constexpr std::uintmax_t largest_program_bytes = 16 << 20;

bool contains_marker(const std::filesystem::path& program, std::span<const std::string_view> markers) {
  std::error_code error;
  const std::uintmax_t bytes = std::filesystem::file_size(program, error);
  if (error || bytes > largest_program_bytes) return false;
  std::string content(bytes, '\0');
  std::ifstream file(program, std::ios::binary);
  file.read(content.data(), static_cast<std::streamsize>(bytes));
  content.resize(static_cast<std::size_t>(file.gcount()));
  return std::ranges::any_of(
      markers, [&](std::string_view marker) { return content.find(marker) != std::string::npos; });
}

std::optional<std::string> find_on_path(std::string_view name, std::string_view path,
                                        std::span<const std::string_view> markers) {
  while (!path.empty()) {
    const std::size_t colon = std::min(path.find(':'), path.size());
    const std::filesystem::path candidate = std::filesystem::path(path.substr(0, colon)) / name;
    path.remove_prefix(std::min(path.size(), colon + 1));
    if (candidate.is_absolute() && access(candidate.c_str(), X_OK) == 0 &&
        contains_marker(candidate, markers))
      return candidate.string();
  }
  return std::nullopt;
}

}  // namespace

const Launcher* launcher_of(std::string_view device) {
  if (device == "openmpi") return &openmpi;
  if (device == "mpich") return &mpich;
  return nullptr;
}

std::optional<std::string> find_program(const Launcher& launcher, std::string_view path) {
  for (const std::string_view name : launcher.programs)
    if (auto program = find_on_path(name, path, launcher.markers)) return program;
  return std::nullopt;
}

std::vector<std::string> launch_command(const Launcher& launcher, const std::string& program, bool as_root) {
  std::vector<std::string> command{program};
  if (as_root)
    command.insert(command.end(), launcher.arguments_as_root.begin(), launcher.arguments_as_root.end());
  command.insert(command.end(), launcher.arguments.begin(), launcher.arguments.end());
  return command;
}

namespace {

bool any_is_set(std::span<const std::string_view> variables) {
  return std::ranges::any_of(
      variables, [](std::string_view name) { return std::getenv(std::string(name).c_str()) != nullptr; });
}

}  // namespace

bool is_rank(const Launcher& launcher) {
  return any_is_set(launcher.rank_variables);
}

bool is_foreign_rank(const Launcher& launcher) {
  return any_is_set(launcher.foreign_variables) && !is_rank(launcher);
}

}  // namespace podbench::mpi
