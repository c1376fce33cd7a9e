// What peers see of private buffers: memory of the transport that stands in for those of a case's buffers
// that they read or write in place. The input is copied into it before a run, the output out of it
// afterwards; what no peer sees stays where it is. Thread-safety: one thread, the endpoint's. Lifetime: the
// buffers and the pool outlive it. Errors: RunError where the pool has no memory.
#pragma once

#include <array>
#include <span>

#include "bench/buffers.hpp"
#include "bench/direct/edges.hpp"

namespace podbench {

class Mirror {
 public:
  Mirror(const CaseBuffers& own, const direct::SeenBuffers& seen, BufferPool& pool);

  // Where a run finds the buffer.
  [[nodiscard]] const Memory& memory(Buffer buffer) const;
  void before_run() const;
  void after_run() const;

  // What a run copies.
  [[nodiscard]] static std::size_t copied_bytes(const CaseBuffers& own, const direct::SeenBuffers& seen);

 private:
  const CaseBuffers& own_;
  std::array<const Memory*, 3> there_{};  // null: not seen
};

}  // namespace podbench
