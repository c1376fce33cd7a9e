#include "analysis/track/history.hpp"

#include <array>

namespace podbench::track {

std::string_view name_of(Metric metric) {
  constexpr std::array<std::string_view, metrics> names = {"p50", "p99"};
  return names[static_cast<std::size_t>(metric)];
}

History nights_from(const History& history, std::size_t night) {
  History result;
  result.environments = history.environments;
  result.series = history.series;
  result.nights.assign(history.nights.begin() + static_cast<std::ptrdiff_t>(night), history.nights.end());
  for (const Metric metric : {Metric::p50, Metric::p99}) {
    auto& values = result.values_ns[static_cast<std::size_t>(metric)];
    values.reserve(history.series.size() * result.nights.size());
    for (std::size_t series = 0; series < history.series.size(); ++series) {
      const double* const row = history.row(metric, series);
      values.insert(values.end(), row + night, row + history.nights.size());
    }
  }
  return result;
}

}  // namespace podbench::track
