// One rank's part of an imported program as a plan in cells, for any number of elements a chunk.
// Thread-safety: values.
#pragma once

#include <vector>

#include "patterns/imported/levels.hpp"

namespace podbench::imported {

struct CellAction {
  ActionKind kind = ActionKind::copy;
  std::uint16_t tag = 0;
  int peer = -1;
  Cell into = 0, from = 0, operand = 0, cells = 0;
};

struct RankPlan {
  Layout layout;
  Cell temporaries = 0;
  std::vector<CellAction> actions;
  std::vector<std::uint32_t> step_ends;  // as in Schedule
  // What moves to the output at the end, on a rank that has one.
  std::vector<CellAction> last_copies;
  bool reads_input = false, uses_work = false;
};

// The plans of all ranks.
[[nodiscard]] std::vector<RankPlan> rank_plans(const MscclFile& file, const Collective& collective,
                                               const Program& program, const Levels& levels);

}  // namespace podbench::imported
