#include "analysis/telemetry/words.hpp"

#include <fmt/format.h>

#include <cmath>

namespace podbench {

std::string span_in_words(std::int64_t from_ns, std::int64_t to_ns, std::int64_t origin_ns) {
  const auto seconds = [&](std::int64_t at_ns) { return static_cast<double>(at_ns - origin_ns) * 1e-9; };
  return fmt::format("from {:.1f} s to {:.1f} s", seconds(from_ns), seconds(to_ns));
}

std::string cases_in_words(const CaseSpans& spans, std::int64_t from_ns, std::int64_t to_ns) {
  const auto cases = spans.within(from_ns, to_ns);
  if (cases.empty()) return "";
  std::string words = ", during " + cases.front()->key.name();
  if (cases.size() > 1) words += fmt::format(" and {} more", cases.size() - 1);
  return words;
}

std::string amount_in_words(double amount) {
  if (std::abs(amount) < 1e15 && amount == std::floor(amount)) return fmt::format("{:.0f}", amount);
  return fmt::format("{:.4g}", amount);
}

}  // namespace podbench
