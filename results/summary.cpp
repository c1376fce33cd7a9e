#include "results/summary.hpp"

#include "results/case_index.hpp"

namespace podbench {

std::size_t CaseIndex::add(const CaseKey& key) {
  auto& bucket = by_series_[key.series_id()];
  for (const std::size_t row : bucket) {
    if (keys_[row] == key) return row;
  }
  bucket.push_back(keys_.size());
  keys_.push_back(key);
  return keys_.size() - 1;
}

std::vector<CaseKey> distinct_cases(const Run& run) {
  CaseIndex index;
  for (const CaseRecord& record : run.cases) index.add(record.key);
  return index.keys();
}

}  // namespace podbench
