// Faults that one rank's schedule shows by itself. Thread-safety: one thread.
#pragma once

#include <array>
#include <vector>

#include "patterns/prover/fault.hpp"

namespace podbench::prover {

class StepChecker {
 public:
  // `buffer_counts` by Buffer, the rank's own.
  StepChecker(const Pattern& pattern, int ranks, int rank, std::array<std::uint64_t, 3> buffer_counts)
      : pattern_(pattern), ranks_(ranks), rank_(rank), buffer_counts_(buffer_counts) {}

  [[nodiscard]] MaybeFault check(const Schedule& schedule);

 private:
  template <class... Args>
  [[nodiscard]] Fault at(fmt::format_string<Args...> format, Args&&... args) const {
    return fault_at(rank_, step_, format, std::forward<Args>(args)...);
  }
  [[nodiscard]] bool is_inside(Range range) const {
    const std::uint64_t size = buffer_counts_[static_cast<std::size_t>(range.buffer)];
    return range.count > 0 && range.first <= size && range.count <= size - range.first;
  }
  [[nodiscard]] Fault explain(Range range) const;
  [[nodiscard]] MaybeFault check_action(const Action& action) const;
  [[nodiscard]] MaybeFault check_ranges_together(const Action& action) const;
  void collect_accesses(std::span<const Action> actions);
  [[nodiscard]] MaybeFault check_hazards(std::span<const Action> actions);

  struct Access {
    Range range;
    bool written, repeated;
  };
  const Pattern& pattern_;
  int ranks_, rank_;
  std::array<std::uint64_t, 3> buffer_counts_;
  std::size_t step_ = 0;
  std::vector<Access> accesses_;
};

}  // namespace podbench::prover
