// Histories with planted changes, for the tests of this folder. Deterministic.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/track/history.hpp"

namespace podbench::track::test {

struct PlantedSeries {
  std::string transport = "alpha", pattern = "allreduce";
  std::size_t change = 0;  // the first night of the new level; 0: never
  double ratio = 1;        // of the new level
  std::uint64_t bytes = 8;
  Metric metric = Metric::p50;  // which one changes; the other one has no values
};

// Nights a day apart from 2026-01-01T02:00:00Z on, Gaussian noise of `sd`, levels of 10 us.
[[nodiscard]] History planted(std::size_t nights, const std::vector<PlantedSeries>& series, double sd = 0.02,
                              std::uint64_t seed = 1);

// The first `nights` of it.
[[nodiscard]] History first_nights(const History& history, std::size_t nights);

}  // namespace podbench::track::test
