// A workload: what the ranks of a training step say to each other, from a TOML text that a person gives.
//
//   name = "two-layers"
//   source = "where the sizes come from"   # shown by `podbench list workloads`
//   scale = 1.0                            # a factor on all sizes; left out: 1
//   [[part]]                               # done in this order, one after the other
//   pattern = "allreduce"
//   algorithm = "ring"
//   elements = 6_553_600                   # the n of docs/patterns.md, before scaling
//   repeat = 51                            # left out: 1; every repetition uses the same memory
//   [[part]]
//   pattern = "alltoallv"
//   algorithm = "pairwise"
//   elements = 33_554_432
//   skew = 0.5                             # and root, window, radix, segment, shift, draw: where the
//                                          # part's pattern or algorithm knows it
//
// Thread-safety: values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "patterns/pattern.hpp"

namespace podbench {

struct WorkloadPart {
  const Pattern* pattern = nullptr;
  const Algorithm* algorithm = nullptr;  // one with a schedule
  std::uint64_t elements = 0;
  std::uint64_t repeat = 1;
  Parameters parameters;
  std::string where;  // "step.toml:12:1"
};

struct Workload {
  SourceText text;
  std::string name;
  std::string source;
  double scale = 1;
  std::vector<WorkloadPart> parts;
};

// RequestError with file, line and column where the text is no such description.
[[nodiscard]] std::shared_ptr<const Workload> parse_workload(SourceText text);

// A part as a problem of its own, seen by the step's rank. What there is of a part stays: its scaled size is
// at least one element.
[[nodiscard]] Problem part_problem(const Problem& step, const WorkloadPart& part);

// Why the step cannot serve the ranks of `step`, or nothing. Never looks at step.rank.
[[nodiscard]] std::optional<std::string> refuse_workload(const Problem& step);

}  // namespace podbench
