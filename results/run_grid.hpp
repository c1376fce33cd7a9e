// A run's case records laid out as case × launch: what the two-dimensional datasets are written from.
// Thread-safety: constant after construction. Lifetime: the run outlives it.
#pragma once

#include <cstdint>
#include <vector>

#include "results/record.hpp"

namespace podbench {

class RunGrid {
 public:
  // RunError where a case has two records in one launch.
  explicit RunGrid(const Run& run);

  [[nodiscard]] const std::vector<CaseKey>& keys() const noexcept { return keys_; }
  // The launch numbers that occur, ascending: the second axis.
  [[nodiscard]] const std::vector<std::uint32_t>& launches() const noexcept { return launches_; }
  // Null where the case has no record in that launch.
  [[nodiscard]] const CaseRecord* at(std::size_t row, std::size_t launch) const {
    return cells_[row * launches_.size() + launch];
  }
  // Any record of the case, for what all its launches share.
  [[nodiscard]] const CaseRecord& any(std::size_t row) const;
  [[nodiscard]] std::size_t cells() const noexcept { return cells_.size(); }

 private:
  std::vector<CaseKey> keys_;
  std::vector<std::uint32_t> launches_;
  std::vector<const CaseRecord*> cells_;
};

}  // namespace podbench
