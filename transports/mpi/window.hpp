// MPI's one-sided access: one dynamic window over an endpoint's communicator, in which every peer may put and
// get from the time it is opened. Memory joins and leaves it without the peers, as podbench's Memory does.
//
// Whether a library has such a window depends on the networks that it chose for these ranks: Open MPI 4.1 has
// one where it can copy between processes at once and none over its TCP. So it is tried, not looked up.
// Thread-safety: one thread. Errors: RunError. Lifetime: after every Memory in it, before the communicator.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "transports/mpi/library.hpp"

namespace podbench::mpi {

class Window {
 public:
  // Collective. Null on every rank where some rank has no window; `reason` then says why, in one line.
  [[nodiscard]] static std::unique_ptr<Window> open(MPI_Comm communicator, std::string& reason);
  // Unless closed, MPI's window stays until the process ends: to free it, MPI would wait for the peers.
  ~Window() = default;
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  [[nodiscard]] MPI_Win handle() const noexcept { return window_; }

  // Lets peers reach [data, data + bytes), not empty, until it has been detached as often as it was attached.
  // It may lie within memory that is attached already, but not overlap it in part.
  void attach(std::byte* data, std::size_t bytes);
  void detach(const std::byte* data, std::size_t bytes) noexcept;

  // Collective, when every rank's transfers have completed; may wait for the peers. What is still attached is
  // let go of.
  void close();

 private:
  struct Region {
    std::byte* data;
    std::size_t bytes;
    int uses;
  };

  explicit Window(MPI_Win window);

  MPI_Win window_;
  std::vector<Region> regions_;  // disjoint
};

}  // namespace podbench::mpi
