#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "analysis/report/parts.hpp"
#include "analysis/report/text.hpp"

namespace podbench::report {
namespace {

// 32-bit floats, the lowest byte first: 5.3 characters a cell, whatever its value.
std::string packed(const std::vector<double>& values) {
  constexpr double largest = std::numeric_limits<float>::max();
  std::vector<std::byte> bytes;
  bytes.reserve(values.size() * sizeof(float));
  for (const double value : values) {
    const float stored = std::isnan(value) ? std::numeric_limits<float>::quiet_NaN()
                                           : static_cast<float>(std::clamp(value, -largest, largest));
    const auto bits = std::bit_cast<std::uint32_t>(stored);
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<std::byte>(bits >> shift & 255));
  }
  return base64(bytes);
}

}  // namespace

std::string heat_map(const HeatMap& map) {
  nlohmann::ordered_json document = {{"rows", map.rows},
                                     {"columns", map.columns},
                                     {"unit", static_cast<int>(map.unit)},
                                     {"lowIsBad", map.low_is_bad}};
  document["values"] = packed(map.values);
  return fmt::format(
      "<figure class=\"heat\">{}<script type=\"application/json\">{}</script>"
      "<p class=\"unseen\">This map is drawn by a script, which this viewer does not run.</p>{}</figure>\n",
      caption(map.title), script_json(document), note_below(map.note));
}

}  // namespace podbench::report
