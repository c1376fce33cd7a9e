// A pattern as a call of the transport's own collective.
// Thread-safety: values. Lifetime: NativeArguments outlives the preparation of its call.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bench/buffers.hpp"
#include "bench/case.hpp"

namespace podbench {

// Why the endpoint's transport cannot run this case natively, or nothing.
[[nodiscard]] std::optional<std::string> native_missing(Endpoint& endpoint, const PlannedCase& planned);

class NativeArguments {
 public:
  NativeArguments(const CaseBuffers& buffers, const PlannedCase& planned, const Problem& problem);
  [[nodiscard]] const NativeCall& call() const noexcept { return call_; }

 private:
  NativeCall call_;
  std::vector<std::uint64_t> input_counts_, input_offsets_, output_counts_, output_offsets_;
};

}  // namespace podbench
