#include "analysis/pod/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <span>
#include <string>

#include "base/error.hpp"

namespace podbench {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

struct Scale {
  std::span<const Unit> units;
  double least, most;
  std::string_view bounds, example;
};

constexpr Unit rates[]{{"bit/s", 1},        {"kbit/s", 1e3},     {"Mbit/s", 1e6},     {"Gbit/s", 1e9},
                       {"Tbit/s", 1e12},    {"B/s", 8.0},        {"kB/s", 8.0 * 1e3}, {"MB/s", 8.0 * 1e6},
                       {"GB/s", 8.0 * 1e9}, {"TB/s", 8.0 * 1e12}};
constexpr Unit powers[]{{"W", 1}, {"kW", 1e3}, {"MW", 1e6}};
constexpr Unit temperatures[]{{"C", 1}};
constexpr Unit durations[]{{"ns", 1e-9}, {"us", 1e-6}, {"ms", 1e-3}, {"s", 1}};

const Scale& scale_of(Dimension dimension) {
  static constexpr Scale scales[]{
      {rates, 1, 1e18, "above 0, at most 1e18 bit/s",
       "a rate as in \"200 Gbit/s\" (bit/s, kbit/s, Mbit/s, Gbit/s, Tbit/s, B/s, kB/s, MB/s, GB/s, TB/s)"},
      {powers, 1e-3, 1e10, "above 0, at most 10000 MW", "a power as in \"12 kW\" (W, kW, MW)"},
      {temperatures, -100, 200, "from -100 C to 200 C", "a temperature as in \"27 C\""},
      {durations, 1e-9, 3600, "from 1 ns to 3600 s", "a time as in \"3 us\" (ns, us, ms, s)"},
  };
  return scales[static_cast<std::size_t>(dimension)];
}

std::string quoted(std::string_view text) {
  std::string shown(text.substr(0, 40));
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '?';
  return fmt::format("\"{}{}\"", shown, text.size() > 40 ? "..." : "");
}

}  // namespace

std::string_view example_of(Dimension dimension) {
  return scale_of(dimension).example;
}

double parse_quantity(std::string_view text, Dimension dimension) {
  const Scale& scale = scale_of(dimension);
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc{} || !std::isfinite(number))
    throw RequestError(fmt::format("{} is no quantity; write {}", quoted(text), scale.example));
  std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  if (unit.empty()) throw RequestError(fmt::format("{} has no unit; write {}", quoted(text), scale.example));
  const auto known =
      std::find_if(scale.units.begin(), scale.units.end(), [&](const Unit& u) { return u.name == unit; });
  if (known == scale.units.end())
    throw RequestError(fmt::format("{} has another unit; write {}", quoted(text), scale.example));
  const double value = number * known->factor;
  if (!(value >= scale.least && value <= scale.most))
    throw RequestError(fmt::format("{} is out of range; {} is right", quoted(text), scale.bounds));
  return value;
}

}  // namespace podbench
