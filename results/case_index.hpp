// Numbers the distinct cases of a run in order of first appearance: the rows of /cases.
// Thread-safety: one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "results/record.hpp"

namespace podbench {

class CaseIndex {
 public:
  // The row of this case, a new one where it was not seen before.
  std::size_t add(const CaseKey& key);
  [[nodiscard]] const std::vector<CaseKey>& keys() const noexcept { return keys_; }

 private:
  std::vector<CaseKey> keys_;
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> by_series_;  // more than one only by collision
};

}  // namespace podbench
