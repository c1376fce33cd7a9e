#include "patterns/training_step/regions.hpp"

#include <algorithm>

namespace podbench {

namespace {

std::uint64_t largest_input(const Problem& step, const WorkloadPart& part) {
  Problem own = part_problem(step, part);
  std::uint64_t largest = 0;
  for (own.rank = 0; own.rank < own.ranks; ++own.rank)
    largest = std::max(largest, part.pattern->input_count(own));
  return largest;
}

struct InputRegions {
  std::shared_ptr<const Workload> workload;
  double scale = 0;
  int ranks = 0;
  std::vector<std::uint64_t> first;
};

// Remembers the last one of the thread: all ranks of a problem ask for the same.
const std::vector<std::uint64_t>& input_regions(const Problem& step) {
  static thread_local InputRegions last;
  const Parameters& given = step.parameters;
  if (last.workload == given.workload && last.scale == given.scale && last.ranks == step.ranks)
    return last.first;
  last = {given.workload, given.scale, step.ranks, {0}};
  for (const WorkloadPart& part : given.workload->parts)
    last.first.push_back(last.first.back() + largest_input(step, part));
  return last.first;
}

}  // namespace

std::vector<Region> regions_of(const Problem& step) {
  const std::vector<std::uint64_t>& input_first = input_regions(step);
  std::vector<Region> regions{{0, 0}};
  for (const WorkloadPart& part : step.parameters.workload->parts) {
    const std::uint64_t output_count = part.pattern->output_count(part_problem(step, part));
    regions.push_back({input_first[regions.size()], regions.back().output_first + output_count});
  }
  return regions;
}

std::uint64_t step_input_count(const Problem& step) {
  return input_regions(step).back();
}

}  // namespace podbench
