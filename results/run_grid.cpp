#include "results/run_grid.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "results/case_index.hpp"

namespace podbench {

RunGrid::RunGrid(const Run& run) {
  CaseIndex index;
  std::set<int> numbers;
  std::vector<std::size_t> rows;
  rows.reserve(run.cases.size());
  for (const CaseRecord& record : run.cases) {
    rows.push_back(index.add(record.key));
    numbers.insert(record.launch);
  }
  for (const LaunchRecord& launch : run.launches) numbers.insert(launch.launch);
  if (!numbers.empty() && *numbers.begin() < 0) throw RunError("a launch has a negative number");
  launches_.assign(numbers.begin(), numbers.end());
  keys_ = index.keys();
  cells_.assign(keys_.size() * launches_.size(), nullptr);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto launch = std::lower_bound(launches_.begin(), launches_.end(),
                                         static_cast<std::uint32_t>(run.cases[i].launch)) -
                        launches_.begin();
    const CaseRecord*& cell = cells_[rows[i] * launches_.size() + static_cast<std::size_t>(launch)];
    if (cell != nullptr) throw RunError("two records of " + run.cases[i].key.name() + " in one launch");
    cell = &run.cases[i];
  }
}

const CaseRecord& RunGrid::any(std::size_t row) const {
  std::size_t launch = 0;
  while (at(row, launch) == nullptr) ++launch;  // a row exists because some record has its key
  return *at(row, launch);
}

}  // namespace podbench
