#include "patterns/prover/trial_workload.hpp"

#include <algorithm>

#include "patterns/training_step/workload.hpp"

namespace podbench::prover {

namespace {

constexpr double usual_elements = 1000;

// Sizes differ, so that a region in the wrong place shows.
constexpr const char* text = R"(name = "trial"
[[part]]
pattern = "allgather"
algorithm = "bruck"
elements = 1000
[[part]]
pattern = "alltoallv"
algorithm = "linear"
elements = 900
skew = 1.2
draw = 42
[[part]]
pattern = "shift"
algorithm = "direct"
elements = 700
[[part]]
pattern = "shift"
algorithm = "direct"
elements = 500
shift = -1
[[part]]
pattern = "reduce_scatter"
algorithm = "recursive"
elements = 1000
repeat = 2
[[part]]
pattern = "allreduce"
algorithm = "hierarchical"
elements = 800
[[part]]
pattern = "reduce"
algorithm = "binomial"
elements = 600
)";

}  // namespace

const std::shared_ptr<const Workload>& trial_workload() {
  static const std::shared_ptr<const Workload> parsed = parse_workload({"trial", text});
  return parsed;
}

double trial_scale(std::uint64_t count) {
  return static_cast<double>(std::max<std::uint64_t>(count, 1)) / usual_elements;
}

}  // namespace podbench::prover
