#include "bench/machine/noise_warning.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/quantity.hpp"
#include "bench/machine/noise.hpp"
#include "bench/machine/system_root.hpp"

namespace podbench {
namespace {

// "noise.before.missing_ns_per_second", "launch.3.noise.after.missing_ns_per_second": of a noise test, and
// this figure of it.
bool is_figure(std::string_view name, std::string_view figure) {
  if (name.starts_with("launch.")) {
    const std::size_t dot = name.find('.', 7);
    if (dot == std::string_view::npos) return false;
    name.remove_prefix(dot + 1);
  }
  return name.starts_with("noise.") && name.ends_with(figure);
}

std::int64_t largest(const NodeRecord& node, std::string_view figure) {
  std::int64_t most = 0;
  for (const auto& [name, value] : node.attributes)
    if (is_figure(name, figure)) most = std::max(most, whole_number(value).value_or(0));
  return most;
}

}  // namespace

std::vector<std::string> noise_warnings(std::span<const NodeRecord> nodes) {
  std::vector<std::string> lines;
  for (const NodeRecord& node : nodes) {
    const auto missing_ns = static_cast<double>(largest(node, ".missing_ns_per_second"));
    if (missing_ns <= tolerable_noise_ns_per_second) continue;
    const auto interruption_ns = static_cast<double>(largest(node, ".largest_interruption_ns"));
    lines.push_back(
        fmt::format("{} is noisy: interruptions took up to {} of every second from a core, the longest {}; "
                    "`podbench doctor` says how to mend it",
                    node.node, format_duration_ns(missing_ns), format_duration_ns(interruption_ns)));
  }
  return lines;
}

}  // namespace podbench
