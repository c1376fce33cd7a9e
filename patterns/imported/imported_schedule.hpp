// A schedule that somebody else made, in the XML of MSCCL, as plans of ours.
//
// What a synthesizer or compiler of collective algorithms writes is read (msccl_file.hpp), understood
// (program.hpp), laid out in the steps that all ranks take together (levels.hpp) and turned into a plan a
// rank (rank_plan.hpp). The algorithm `imported` of a pattern then generates Schedules from it like any
// other, so the prover and the executor know nothing of its origin. Thread-safety: values.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "patterns/imported/rank_plan.hpp"

namespace podbench {

struct ImportedSchedule {
  SourceText source;
  std::string_view pattern;  // the name of the one that it serves
  std::uint32_t chunks = 0;  // into which `count` elements must divide
  std::vector<imported::RankPlan> plans;

  [[nodiscard]] int ranks() const { return static_cast<int>(plans.size()); }
};

// RequestError, "file:line: what is wrong; what would be right", for what is no such schedule, is larger than
// the bounds in msccl_file.hpp, or cannot end. Whether its result is right is the prover's business.
[[nodiscard]] std::shared_ptr<const ImportedSchedule> parse_msccl(SourceText source);

}  // namespace podbench
