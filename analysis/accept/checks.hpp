// Makes checks out of values by launch, and a stage's outcome out of its checks.
// Thread-safety: pure.
#pragma once

#include <limits>
#include <span>
#include <string>

#include "analysis/accept/acceptance.hpp"
#include "analysis/accept/bounds.hpp"

namespace podbench::accept {

inline constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

struct Question {
  std::string subject, what, unit;
  Limit kind = Limit::at_least;
  double limit = 0;
  std::string limit_from;
};

// By the bounds of the median.
[[nodiscard]] Check check_of(Question question, std::span<const double> by_launch);

// Of what is so or is not, without a number: inventory, lost nodes, wrong data.
[[nodiscard]] Check plain_check(std::string subject, std::string what, Outcome outcome,
                                std::string limit_from, std::string evidence);

// Of a figure that nothing limits: that it was measured passes. `missing`: the pod file's key.
[[nodiscard]] Check unlimited_check(std::string subject, std::string what, const std::string& unit,
                                    double median, std::size_t launches, const std::string& missing);

// fail where any check fails, else inconclusive where any is, or where something planned was not exercised;
// skipped without a check.
[[nodiscard]] Outcome outcome_of(const StageReport& report);

// "4.78 GB/s", "12.3 us", "0.93"; "-" for NaN.
[[nodiscard]] std::string number_text(double value, const std::string& unit);

// "5%", "0.3%".
[[nodiscard]] std::string percent_text(double share);

}  // namespace podbench::accept
