// In which of the steps that all ranks take together each part of a program runs.
//
// On a GPU, sends are buffered and blocks run by themselves; a Schedule has steps whose transfers are
// concurrent, and no buffering. A part gets the first level at which all that it waits for is over. A send
// and its receive share a level, so that both ranks reach them in the same step and nobody waits for ever.
// Where that is impossible since the program counts on buffering (two ranks that both send first and receive
// next), the message arrives at its send's level, in a place of its own, and is taken from there at the
// receive's: with the local actions of the same step already, if nothing else is in the way.
// Thread-safety: pure.
#pragma once

#include <vector>

#include "patterns/imported/program.hpp"

namespace podbench::imported {

struct Levels {
  std::vector<std::uint32_t> of;  // each part's, from 1 on; a receive's: when what came is taken
  std::vector<PartId> order;      // all parts, none before what it waits for
  // When a receive's message comes: its send's level.
  [[nodiscard]] std::uint32_t arrival(const Part& receive) const { return of[receive.other]; }
};

// RequestError with a cycle where the program cannot end even with buffers that are never full.
[[nodiscard]] Levels levels_of(const MscclFile& file, const Program& program);

}  // namespace podbench::imported
