// Memory that peers may reach through the endpoint's window, and a peer's memory as seen from here.
// Thread-safety: one thread. Errors: RunError. Lifetime: before the Window.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "transports/mpi/window.hpp"
#include "transports/transport.hpp"

namespace podbench::mpi {

class WindowMemory final : public Memory {
 public:
  // `memory` is plain host memory; `window` is null where there is no one-sided access.
  WindowMemory(std::unique_ptr<Memory> memory, Window* window);
  ~WindowMemory() override;
  WindowMemory(const WindowMemory&) = delete;
  WindowMemory& operator=(const WindowMemory&) = delete;

  // Address and length, for PeerMemory on another rank. Joins the window the first time: what is never
  // exposed costs nothing.
  [[nodiscard]] Blob exposed() const;

 private:
  std::unique_ptr<Memory> memory_;
  Window* window_;
  mutable bool attached_ = false;
};

class PeerMemory final : public RemoteMemory {
 public:
  // RunError where `exposed` cannot be what exposed() made.
  explicit PeerMemory(std::span<const std::byte> exposed);

  // MPI's own address of a byte of it, for MPI_Rput and MPI_Rget.
  [[nodiscard]] MPI_Aint address_at(std::uint64_t offset) const noexcept;
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  MPI_Aint address_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace podbench::mpi
