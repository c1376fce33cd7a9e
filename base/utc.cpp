#include "base/utc.hpp"

#include <fmt/format.h>
#include <time.h>

#include <chrono>
#include <cstdio>
#include <limits>

namespace podbench {
namespace {

struct Civil {
  int year;
  unsigned month, day;
  std::int64_t hour, minute, second, millisecond;
};

Civil civil(std::int64_t since_epoch_ns) {
  using namespace std::chrono;
  const auto at = floor<milliseconds>(sys_time<nanoseconds>(nanoseconds(since_epoch_ns)));
  const auto midnight = floor<days>(at);
  const year_month_day date(midnight);
  const hh_mm_ss time(at - midnight);
  return {int(date.year()),       unsigned(date.month()), unsigned(date.day()),     time.hours().count(),
          time.minutes().count(), time.seconds().count(), time.subseconds().count()};
}

}  // namespace

std::int64_t utc_now_ns() noexcept {
  timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

std::string format_utc(std::int64_t since_epoch_ns) {
  const Civil c = civil(since_epoch_ns);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", c.year, c.month, c.day, c.hour, c.minute,
                     c.second, c.millisecond);
}

std::string format_utc_file(std::int64_t since_epoch_ns) {
  const Civil c = civil(since_epoch_ns);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

double utc_seconds(const std::string& text) {
  tm parts{};
  double seconds = 0;
  int used = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%lf%n", &parts.tm_year, &parts.tm_mon, &parts.tm_mday,
                  &parts.tm_hour, &parts.tm_min, &seconds, &used) != 6)
    return std::numeric_limits<double>::quiet_NaN();
  const bool ends = text.substr(static_cast<std::size_t>(used)) == "Z";
  const bool sound = parts.tm_year >= 1970 && parts.tm_year <= 9999 && parts.tm_mon >= 1 &&
                     parts.tm_mon <= 12 && parts.tm_mday >= 1 && parts.tm_mday <= 31 && parts.tm_hour >= 0 &&
                     parts.tm_hour < 24 && parts.tm_min >= 0 && parts.tm_min < 60 && seconds >= 0 &&
                     seconds < 61;
  if (!ends || !sound) return std::numeric_limits<double>::quiet_NaN();
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  return static_cast<double>(timegm(&parts)) + seconds;
}

std::string utc_now() {
  return format_utc(utc_now_ns());
}

}  // namespace podbench
