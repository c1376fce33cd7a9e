#include "analysis/report/styles.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace podbench::report {

std::vector<int> Styles::of(const std::vector<std::string>& labels) {
  std::array<int, style_count> uses{};
  std::vector<int> chosen(labels.size(), -1);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto known = known_.find(labels[i]);
    if (known == known_.end() || uses.at(static_cast<std::size_t>(known->second)) > 0) continue;
    chosen[i] = known->second;
    ++uses.at(static_cast<std::size_t>(known->second));
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (chosen[i] >= 0) continue;
    const auto least = std::min_element(uses.begin(), uses.end());
    ++*least;
    chosen[i] = static_cast<int>(least - uses.begin());
    known_.try_emplace(labels[i], chosen[i]);
  }
  return chosen;
}

}  // namespace podbench::report
