// The peers' buffers and lines as this rank sees them.
//
// Attaching costs system calls, so what a peer exposes again is not attached again: cases follow each other
// on the same memory. Thread-safety: one thread, the endpoint's. Lifetime: the endpoint outlives it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "bench/direct/links.hpp"
#include "bench/direct/program.hpp"
#include "transports/transport.hpp"

namespace podbench::direct {

// Every rank's blob on every rank, by rank: Control::exchange.
using Exchange = std::function<std::vector<Blob>(std::span<const std::byte>)>;

class PeerMemory {
 public:
  PeerMemory(Endpoint& endpoint, Exchange exchange);

  // Collective: whether all ranks' endpoints map their peers' memory. A wrapper may take that away from one
  // of them only. Asked once.
  [[nodiscard]] bool works();

  // Collective, where works(): where this rank's input, output and scratch lie here, and those of the others'
  // that are `seen` by their peers (by rank, the same on all); nothing on every rank where one of them cannot
  // be reached by loads and stores. `own` is in the order of Buffer; what of it is seen was made by
  // allocate(); null where this rank got no memory. Valid until the next call.
  [[nodiscard]] std::optional<std::vector<BufferBases>> attach(std::span<const Memory* const, 3> own,
                                                               std::span<const SeenBuffers> seen);

  // Of all ranks; valid once attach() has succeeded.
  [[nodiscard]] Links& links() noexcept { return links_; }

 private:
  struct Attached {
    Blob exposed;
    std::unique_ptr<RemoteMemory> memory;
  };
  [[nodiscard]] bool attach_lines();
  [[nodiscard]] std::byte* attach_one(Attached& attached, int rank, Blob exposed, std::size_t least_bytes);
  [[nodiscard]] bool all_agree(bool mine);

  Endpoint& endpoint_;
  Exchange exchange_;
  std::unique_ptr<Memory> lines_;
  std::optional<bool> lines_attached_;  // nothing: not tried yet
  std::vector<Attached> their_lines_;
  std::vector<std::array<Attached, 3>> theirs_;
  Links links_;
};

}  // namespace podbench::direct
