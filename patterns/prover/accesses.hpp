// One-sided access is safe where no two accesses to the same elements, one of them a write, are concurrent:
// whichever is later must be known, by a chain of messages, to come after the end of the other's step.
// Used only for programs that put or get. Thread-safety: one thread.
#pragma once

#include <vector>

#include "patterns/prover/clocks.hpp"
#include "patterns/prover/program.hpp"

namespace podbench::prover {

class Accesses {
 public:
  explicit Accesses(int ranks) : by_owner_(static_cast<std::size_t>(ranks)) {}

  // `by` touches `range` of `owner`'s buffers in its step `step`, later than all that was noted before in
  // some order that the clocks allow. The fault, where an earlier access is concurrent with it.
  [[nodiscard]] MaybeFault note(const Clocks& clocks, int owner, int by, std::size_t step, Range range,
                                bool written, bool repeated);

 private:
  struct Access {
    int by;
    std::size_t step;
    Range range;
    bool written, repeated;
  };
  std::vector<std::vector<Access>> by_owner_;
};

}  // namespace podbench::prover
