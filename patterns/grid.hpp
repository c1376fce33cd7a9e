// Ranks as a grid. Thread-safety: pure.
#pragma once

#include <vector>

#include "patterns/pattern.hpp"

namespace podbench {

// The most nearly square grid of all ranks: rows <= columns, rows · columns = ranks.
struct Grid2d {
  int rows = 1, columns;

  explicit Grid2d(int ranks) : columns(ranks) {
    for (int r = 2; r * r <= ranks; ++r)
      if (ranks % r == 0) rows = r;
    columns = ranks / rows;
  }
};

}  // namespace podbench
