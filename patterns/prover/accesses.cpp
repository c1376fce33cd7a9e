#include "patterns/prover/accesses.hpp"

namespace podbench::prover {

MaybeFault Accesses::note(const Clocks& clocks, int owner, int by, std::size_t step, Range range,
                          bool written, bool repeated) {
  auto& earlier = by_owner_[static_cast<std::size_t>(owner)];
  for (const Access& before : earlier) {
    if (!overlap(before.range, range) || !(before.written || written)) continue;
    if (before.by == by && before.step == step) {
      // The owner's own actions of one step: Program has looked at them.
      const bool same_content = before.repeated && repeated && before.range == range;
      if (by == owner || same_content) continue;
    } else if (clocks.knows_end(by, before.by, before.step)) {
      continue;
    }
    return fault_at(by, step, "touches {} of rank {} while step {} of rank {} may touch it", describe(range),
                    owner, before.step, before.by);
  }
  earlier.push_back({by, step, range, written, repeated});
  return {};
}

}  // namespace podbench::prover
