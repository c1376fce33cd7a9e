// What started this process: the question that decides whether `podbench run` is the director or a rank.
//
// Only the environment is read, nothing is joined or consumed: join.hpp does that.
// Thread-safety: reads the environment; call it before threads change it. Errors: RequestError for variables
// of ours that do not make sense.
#pragma once

#include <string>

namespace podbench {

enum class LaunchKind {
  alone,        // a person or a script: `podbench run` is the director
  store,        // a director's child: PODBENCH_STORE names its store
  pmix,         // mpirun of Open MPI, srun --mpi=pmix, prun
  pmi,          // MPICH's hydra (mpiexec.mpich): the PMI-1 wire protocol on an inherited descriptor
  unsupported,  // a rank of a launcher through which ranks cannot find each other; see `reason`
};

struct LaunchEnvironment {
  LaunchKind kind = LaunchKind::alone;
  int rank = 0;        // as far as the environment tells; -1 where it does not
  int size = 1;        // likewise
  std::string reason;  // unsupported: one line that says what would be right

  // Whether this process is one rank of a launch, be it the director's or a user's own mpirun or srun.
  [[nodiscard]] bool is_rank() const noexcept { return kind != LaunchKind::alone; }
};

[[nodiscard]] LaunchEnvironment detect_launch_environment();

}  // namespace podbench
