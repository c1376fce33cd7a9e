#include "bench/rendezvous/launch_environment.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "bench/rendezvous/message.hpp"

namespace podbench {
namespace {

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

std::optional<int> number_in(const char* variable) {
  if (!is_set(variable)) return std::nullopt;
  const std::string_view text = std::getenv(variable);
  int number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0 || number > most_ranks)
    throw RequestError(fmt::format("{} must be a number from 0 to {}", variable, most_ranks));
  return number;
}

std::optional<int> first_number_in(std::initializer_list<const char*> variables) {
  for (const char* variable : variables)
    if (const auto number = number_in(variable)) return number;
  return std::nullopt;
}

LaunchEnvironment child_of_director() {
  const auto rank =
      first_number_in({"PODBENCH_RANK", "OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID"});
  const auto size = number_in("PODBENCH_RANKS");
  if (!rank || !size || *size < 1 || *rank >= *size)
    throw RequestError(
        "PODBENCH_STORE is set, but this is no rank of a launch; unset it, or set PODBENCH_RANK and "
        "PODBENCH_RANKS");
  return {.kind = LaunchKind::store, .rank = *rank, .size = *size, .reason = {}};
}

}  // namespace

LaunchEnvironment detect_launch_environment() {
  if (is_set("PODBENCH_STORE")) return child_of_director();
  if (is_set("PMIX_NAMESPACE") && is_set("PMIX_RANK"))
    return {.kind = LaunchKind::pmix,
            .rank = number_in("PMIX_RANK").value_or(-1),
            .size = first_number_in({"OMPI_COMM_WORLD_SIZE", "SLURM_STEP_NUM_TASKS"}).value_or(-1),
            .reason = {}};
  if (is_set("PMI_FD") && is_set("PMI_RANK") && is_set("PMI_SIZE"))
    return {.kind = LaunchKind::pmi,
            .rank = number_in("PMI_RANK").value_or(-1),
            .size = number_in("PMI_SIZE").value_or(-1),
            .reason = {}};
  // A shell in an allocation has SLURM_JOB_ID; only a task that srun started has SLURM_PROCID together with a
  // step. The batch script of sbatch is task 0 of a "batch" step, which has no SLURM_STEP_ID.
  if (is_set("SLURM_PROCID") && is_set("SLURM_STEP_ID") && number_in("SLURM_STEP_NUM_TASKS").value_or(1) > 1)
    return {.kind = LaunchKind::unsupported,
            .rank = number_in("SLURM_PROCID").value_or(-1),
            .size = number_in("SLURM_STEP_NUM_TASKS").value_or(-1),
            .reason =
                "srun started this process without PMIx; use `srun --mpi=pmix` (`srun --mpi=list` shows "
                "what this Slurm has), or `podbench run --launcher srun` in the allocation"};
  return {};
}

}  // namespace podbench
