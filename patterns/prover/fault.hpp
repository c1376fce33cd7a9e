// How the prover's parts speak of what they find. Thread-safety: pure.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>

#include "patterns/check.hpp"

namespace podbench::prover {

using MaybeFault = std::optional<Fault>;

// "rank 3 step 2: <what>"
template <class... Args>
[[nodiscard]] Fault fault_at(int rank, std::size_t step, fmt::format_string<Args...> format, Args&&... args) {
  return {rank, step,
          fmt::format("rank {} step {}: {}", rank, step, fmt::format(format, std::forward<Args>(args)...))};
}

// "output [3, 7)"
[[nodiscard]] std::string describe(Range range);

[[nodiscard]] constexpr bool overlap(Range a, Range b) {
  return a.buffer == b.buffer && a.first < b.first + b.count && b.first < a.first + a.count;
}

}  // namespace podbench::prover
