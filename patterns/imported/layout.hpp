// Where one rank's chunks lie while a schedule is imported: all buffers in one row of cells, a chunk a cell.
// Which cells are what memory is decided when a plan is generated, and the root is known. Thread-safety:
// pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "patterns/imported/msccl_file.hpp"

namespace podbench::imported {

// What a collective of MSCCL is to podbench.
struct Collective {
  std::string_view name;                                 // in the file
  std::string_view pattern;                              // here
  bool input_is_share = false, output_is_share = false;  // a p-th of the chunks, not all of them
};

// Null where there is none of that name. `names` for people: collective_names().
[[nodiscard]] const Collective* find_collective(std::string_view name);
[[nodiscard]] std::string collective_names();

using Cell = std::uint32_t;

struct Layout {
  // The cells in their order. What the program calls its input is the work area, which holds the real input
  // from the beginning; a chunk that was never written is read from the real input, so that nothing is copied
  // before it must be. In place, input and output are parts of one work area, as in NCCL; a share of it that
  // is the output of the collective is then copied to `output`.
  Cell inputs = 0, works = 0, outputs = 0, scratches = 0;  // how many; temporaries follow
  Cell input_in_work = 0, output_in_work = 0;
  bool output_is_work = false;  // all of it

  [[nodiscard]] Cell work() const { return inputs; }
  [[nodiscard]] Cell output() const { return inputs + works; }
  [[nodiscard]] Cell scratch() const { return output() + outputs; }
  [[nodiscard]] Cell temporaries() const { return scratch() + scratches; }

  // Where a buffer of the program begins.
  [[nodiscard]] Cell begin_of(Buffer buffer, bool in_place) const {
    if (buffer == Buffer::input) return work() + input_in_work;
    if (buffer == Buffer::scratch) return scratch();
    return in_place ? work() + output_in_work : output();
  }
  // Whether the work cell has a chunk of the real input behind it; then that is cell `cell - work_input()`.
  [[nodiscard]] Cell work_input() const { return work() + input_in_work; }
  [[nodiscard]] bool has_input_behind(Cell cell) const {
    return cell >= work_input() && cell < work_input() + inputs;
  }
};

[[nodiscard]] Layout layout_of(const MscclFile& file, const Collective& collective, int gpu);

}  // namespace podbench::imported
