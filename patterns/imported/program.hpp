// What a schedule file means: its steps as parts that move or compute something, who sends to whom, and what
// must be over before a part may begin.
//
// The blocks of a GPU run side by side, the steps of a block one after the other, and a step may wait for one
// of another block. A block that sends to a peer on a channel feeds the peer's block that receives from it on
// that channel, in order. A fused step (rcs, rrs, rrcs) is two parts: the receive, then the send of what came
// of it. Thread-safety: values.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "patterns/imported/layout.hpp"

namespace podbench::imported {

using PartId = std::uint32_t;
inline constexpr PartId no_part = std::numeric_limits<PartId>::max();
// A cell that the importer is yet to choose: what rrs reduces goes nowhere else but on.
inline constexpr Cell temporary = std::numeric_limits<Cell>::max();

enum class PartKind : std::uint8_t { send, receive, copy, reduce };

struct Part {
  PartKind kind = PartKind::copy;
  bool reduces = false;  // a receive that reduces what comes with `operand`
  std::uint16_t channel = 0;
  int gpu = 0, peer = -1;
  Cell into = 0, from = 0, operand = 0, chunks = 0;
  PartId other = no_part;  // of a send its receive, of a receive its send
  // For people.
  int block = 0, step = 0, line = 0;
};

struct Program {
  std::vector<Part> parts;  // GPU by GPU, block by block, in order
  // The parts that wait for part i: waiting[first_waiting[i]] up to first_waiting[i + 1].
  std::vector<std::uint32_t> first_waiting;
  std::vector<PartId> waiting;

  [[nodiscard]] std::string describe(PartId part) const;
};

// RequestError where a step uses what it has not got, waits for a step that does not exist, or sends what
// nobody receives (or the other way round).
[[nodiscard]] Program program_of(const MscclFile& file, const Collective& collective);

}  // namespace podbench::imported
