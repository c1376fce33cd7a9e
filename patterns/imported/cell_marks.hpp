// Marks on cells that are forgotten all at once: what one step, or one rank, has touched. Thread-safety: one
// thread.
#pragma once

#include <algorithm>
#include <vector>

#include "patterns/imported/layout.hpp"

namespace podbench::imported {

class CellMarks {
 public:
  // Forgets all marks; cells [0, cells) can be marked.
  void clear(std::size_t cells) {
    if (marks_.size() < cells) marks_.resize(cells);
    ++epoch_;
  }
  void add(Cell first, Cell cells) {
    for (Cell c = first; c < first + cells; ++c) {
      Mark& mark = marks_[c];
      mark.count = mark.epoch == epoch_ ? mark.count + 1 : 1;
      mark.epoch = epoch_;
    }
  }
  [[nodiscard]] std::uint32_t count(Cell cell) const {
    return marks_[cell].epoch == epoch_ ? marks_[cell].count : 0;
  }
  // The most marks that a cell of the range has.
  [[nodiscard]] std::uint32_t most(Cell first, Cell cells) const {
    std::uint32_t found = 0;
    for (Cell c = first; c < first + cells; ++c) found = std::max(found, count(c));
    return found;
  }
  [[nodiscard]] bool any(Cell first, Cell cells) const { return most(first, cells) > 0; }

 private:
  struct Mark {
    std::uint32_t epoch = 0, count = 0;
  };
  std::vector<Mark> marks_;
  std::uint32_t epoch_ = 0;
};

}  // namespace podbench::imported
