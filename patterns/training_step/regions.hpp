// Where the parts of a training step have their data. Every part has a region of its own in the input and in
// the output; the repetitions of a part share it.
//
// The inputs' regions begin at the same element on every rank, since a reduction takes the same element of
// all inputs; each is as long as the rank needs that has most. The outputs' are only this rank's concern.
// Thread-safety: values.
#pragma once

#include <cstdint>
#include <vector>

#include "patterns/training_step/workload.hpp"

namespace podbench {

struct Region {
  std::uint64_t input_first, output_first;
};

// One a part, and one more that begins where the last one ends.
[[nodiscard]] std::vector<Region> regions_of(const Problem& step);

// Elements of this rank's input: where the last region ends.
[[nodiscard]] std::uint64_t step_input_count(const Problem& step);

}  // namespace podbench
