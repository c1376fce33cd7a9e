#include "analysis/track/history.hpp"

#include <array>

namespace podbench::track {

std::string_view name_of(Metric metric) {
  constexpr std::array<std::string_view, metrics> names = {"p50", "p99"};
  return names[static_cast<std::size_t>(metric)];
}

}  // namespace podbench::track
