#include "bench/machine/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/affinity.hpp"
#include "base/clock.hpp"

namespace podbench {
namespace {

// The next number of a line of them; the view moves behind it.
std::optional<std::uint64_t> next_number(std::string_view& text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return std::nullopt;
  text.remove_prefix(begin);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

// A process's line in /proc/PID/stat after its name, which is in parentheses and may hold anything: the state
// is field 3. Empty where the line is not one.
std::string_view behind_name(std::string_view stat) {
  const std::size_t close = stat.rfind(')');
  return close == std::string_view::npos || close + 2 > stat.size() ? std::string_view()
                                                                    : stat.substr(close + 2);
}

constexpr std::int64_t shortest_judged_ns = 20'000'000;  // two ticks

constexpr int parent_field = 4, user_time_field = 14, system_time_field = 15;

std::optional<std::uint64_t> stat_field(std::string_view stat, int field) {
  std::string_view rest = behind_name(stat);
  for (int at = 3; at < field; ++at) {
    const std::size_t blank = rest.find(' ');
    if (blank == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(blank + 1);
  }
  return next_number(rest);
}

bool is_pid(std::string_view name) {
  return !name.empty() && name.find_first_not_of("0123456789") == std::string_view::npos;
}

// This process and those with its parent that run the same program.
std::vector<std::string> own_stat_files(const SystemRoot& root) {
  const std::optional<std::string> self = root.line("/proc/self/stat");
  if (!self) return {};
  const auto parent = stat_field(*self, parent_field);
  const auto program = root.link_name("/proc/self/exe");
  std::string_view number = *self;
  const auto pid = next_number(number);
  std::vector<std::string> files{"/proc/self/stat"};
  for (const std::string& name : root.list("/proc")) {
    if (!is_pid(name) || (pid && name == std::to_string(*pid))) continue;
    const std::string file = "/proc/" + name + "/stat";
    const std::optional<std::string> stat = root.line(file);
    if (stat && parent && stat_field(*stat, parent_field) == parent &&
        root.link_name("/proc/" + name + "/exe") == program)
      files.push_back(file);
  }
  return files;
}

// The first line of /proc/stat: user nice system idle iowait irq softirq steal.
void read_totals(const SystemRoot& root, LoadReading& reading) {
  const std::optional<std::string> stat = root.read("/proc/stat", 1024 * 1024);
  if (!stat || !stat->starts_with("cpu ")) return;
  std::string_view rest = std::string_view(*stat).substr(4);
  std::array<std::uint64_t, 8> ticks{};
  for (std::uint64_t& tick : ticks) tick = next_number(rest).value_or(0);
  for (const std::uint64_t tick : ticks) reading.total_ticks += tick;
  reading.steal_ticks = ticks[7];
  reading.busy_ticks = reading.total_ticks - ticks[3] - ticks[4] - ticks[7];
  for (std::size_t at = stat->find("\ncpu"); at != std::string::npos; at = stat->find("\ncpu", at + 1))
    ++reading.cpus;
}

}  // namespace

LoadMeter::LoadMeter(SystemRoot root) : root_(std::move(root)), own_stat_files_(own_stat_files(root_)) {}

LoadReading LoadMeter::read() const {
  LoadReading reading;
  reading.at_ns = now_ns();
  read_totals(root_, reading);
  for (const std::string& file : own_stat_files_) {
    const std::optional<std::string> stat = root_.line(file);
    if (!stat) continue;  // it has ended
    reading.own_ticks +=
        stat_field(*stat, user_time_field).value_or(0) + stat_field(*stat, system_time_field).value_or(0);
    ++reading.own_processes;
  }
  reading.frequency_khz = root_.number("/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq").value_or(0);
  return reading;
}

std::optional<LoadShares> load_between(const LoadReading& before, const LoadReading& after) {
  const bool forwards = after.total_ticks > before.total_ticks && after.busy_ticks >= before.busy_ticks &&
                        after.steal_ticks >= before.steal_ticks && after.own_ticks >= before.own_ticks;
  // A process that ended took its ticks along: what is its own and what foreign cannot be told apart.
  if (!forwards || after.own_processes != before.own_processes || before.own_processes == 0)
    return std::nullopt;
  const auto total = static_cast<double>(after.total_ticks - before.total_ticks);
  const auto busy = static_cast<double>(after.busy_ticks - before.busy_ticks);
  const auto own = static_cast<double>(after.own_ticks - before.own_ticks);
  const double steal = static_cast<double>(after.steal_ticks - before.steal_ticks);
  const double rounding = after.cpus, own_rounding = 2.0 * after.own_processes;  // user and system time each
  return LoadShares{std::max(0.0, steal - rounding) / total,
                    std::max(0.0, busy - own - rounding - own_rounding) / total};
}

LoadReading read_load() {
  static thread_local const LoadMeter meter;
  return meter.read();
}

void LoadWatch::begin() {
  if (now_ns() - latest_.at_ns > shortest_judged_ns) latest_ = read_load();
}

std::optional<LoadShares> LoadWatch::end() {
  if (now_ns() - latest_.at_ns < shortest_judged_ns) return std::nullopt;
  const LoadReading before = std::exchange(latest_, read_load());
  std::optional<LoadShares> shares = load_between(before, latest_);
  // Ranks of other nodes are no strangers, but cannot be told from them.
  if (shares && cores_are_shared()) shares->foreign = 0;
  return shares;
}

std::string in_words(const LoadShares& shares) {
  return fmt::format("foreign CPU {:.0f}%, steal {:.0f}%", 100 * shares.foreign, 100 * shares.steal);
}

}  // namespace podbench
