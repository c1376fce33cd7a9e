// How numbers read on a page. page/format.js says the same in the reader's browser; the browser test holds
// the two together.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string_view>

#include "analysis/report/page.hpp"
#include "base/quantity.hpp"
#include "base/utc.hpp"

namespace podbench::report {
namespace {

struct Scale {
  double size;
  std::string_view name;
};

// The largest unit that the value fills; three significant digits.
template <std::size_t n>
std::string scaled(double value, const std::array<Scale, n>& scales) {
  const auto* scale = &scales.back();
  for (const Scale& larger : scales) {
    if (std::fabs(value) >= 0.9995 * larger.size) {
      scale = &larger;
      break;
    }
  }
  const double shown = value / scale->size;
  return std::fabs(shown) >= 999.5 ? fmt::format("{:.0f} {}", shown, scale->name)
                                   : fmt::format("{:.3g} {}", shown, scale->name);
}

constexpr std::array<Scale, 4> rates = {{{1e3, "TB/s"}, {1, "GB/s"}, {1e-3, "MB/s"}, {1e-6, "kB/s"}}};

// Exact where it is short: 64 KiB, 1.5 MiB, 1000003 B.
std::string bytes_text(double value) {
  static constexpr std::array<Scale, 5> units = {
      {{0x1p40, "TiB"}, {0x1p30, "GiB"}, {0x1p20, "MiB"}, {0x1p10, "KiB"}, {1, "B"}}};
  for (const Scale& unit : units) {
    const double shown = value / unit.size;
    if (std::fabs(shown) >= 1 && shown * 100 == std::trunc(shown * 100))
      return fmt::format("{:.10g} {}", shown, unit.name);
  }
  return value == std::trunc(value) ? fmt::format("{:.0f} B", value) : fmt::format("{:.4g} B", value);
}

// format_utc counts nanoseconds in 64 bits, which end in 2262.
constexpr double latest_s = 9.2e9;

std::string date_text(double seconds) {
  if (!(seconds >= 0 && seconds <= latest_s)) return "-";
  constexpr std::size_t date = 10, minutes = 16;
  std::string text = format_utc(static_cast<std::int64_t>(seconds) * 1'000'000'000);
  const bool midnight = std::fmod(seconds, 86400) == 0;
  text.resize(midnight ? date : minutes);
  if (!midnight) text[date] = ' ';
  return text;
}

std::string count_text(double value) {
  return value == std::trunc(value) ? fmt::format("{:.0f}", value) : fmt::format("{:.4g}", value);
}

}  // namespace

std::string format_number(double value, Unit unit) {
  if (!std::isfinite(value)) return "-";
  switch (unit) {
    case Unit::none:
      return fmt::format("{:.4g}", value);
    case Unit::count:
      return count_text(value);
    case Unit::time_ns:
      return format_duration_ns(value);
    case Unit::bytes:
      return bytes_text(value);
    case Unit::gbps:
      return scaled(value, rates);
    case Unit::percent:
      return fmt::format("{:+.3g}%", value);
    case Unit::ratio:
      return fmt::format("{:.3g}", value);
    case Unit::utc_seconds:
      return date_text(value);
  }
  return "-";
}

}  // namespace podbench::report
