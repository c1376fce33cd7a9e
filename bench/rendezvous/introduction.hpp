// What a foreign launcher (mpirun, srun, mpiexec) must be able to do for us: tell a rank who it is, carry one
// short text from rank 0 to all, and end the job. Everything else goes through a store that rank 0 then hosts
// (introduced_rendezvous.hpp), so that lost and hanging ranks are found whatever the launcher.
// Thread-safety: one thread, except abort(). Errors: RunError with the launcher's own code.
#pragma once

#include <string>

#include "base/clock.hpp"

namespace podbench {

class Introduction {
 public:
  virtual ~Introduction() = default;
  [[nodiscard]] virtual int rank() const noexcept = 0;
  [[nodiscard]] virtual int size() const noexcept = 0;
  [[nodiscard]] virtual bool one_node() const noexcept = 0;  // all ranks are known to run on this node

  // Collective, once: returns rank 0's `text` (at most 700 printable characters without spaces) on every
  // rank.
  [[nodiscard]] virtual std::string share(const std::string& text, Deadline deadline) = 0;

  // Asks the launcher to end all ranks with the code. May return; does not block for long.
  virtual void abort(int exit_code, const std::string& reason) noexcept = 0;
};

}  // namespace podbench
