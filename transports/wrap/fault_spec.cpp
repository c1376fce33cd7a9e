#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "base/error.hpp"
#include "base/names.hpp"
#include "transports/wrap/fault.hpp"

namespace podbench {
namespace {

struct KindName {
  std::string_view name;
  FaultKind kind;
  std::string_view needs;  // the key without which it means nothing
};
constexpr std::array kinds = {
    KindName{"flip", FaultKind::flip, ""},
    KindName{"delay", FaultKind::delay, "ns"},
    KindName{"pause", FaultKind::pause, "ms"},
    KindName{"kill", FaultKind::kill, ""},
    KindName{"hang", FaultKind::hang, ""},
    KindName{"slow", FaultKind::slow, "bytes_per_second"},
    KindName{"clock", FaultKind::clock, "ppb"},
    KindName{"lag", FaultKind::lag, "ns"},
    KindName{"stretch", FaultKind::stretch, "percent"},
};

constexpr std::uint64_t largest_rank = 1'000'000, largest_count = 1'000'000'000'000,
                        largest_delay_ns = 60'000'000'000, largest_pause_ms = 600'000,
                        largest_rate = 1'000'000'000'000'000, largest_drift_ppb = 500'000,
                        largest_stretch_percent = 100'000;
constexpr std::size_t most_faults = 64;

std::string_view cut(std::string_view& rest, char separator) {
  const std::string_view part = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(rest.size(), part.size() + 1));
  return part;
}

std::uint64_t number(std::string_view key, std::string_view text, std::uint64_t least, std::uint64_t most) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < least || value > most)
    throw RequestError(
        fmt::format("fault: {}=\"{}\" must be a whole number from {} to {}", key, text, least, most));
  return value;
}

const KindName& parse_kind(std::string_view name) {
  const auto found =
      std::find_if(kinds.begin(), kinds.end(), [&](const KindName& k) { return k.name == name; });
  if (found != kinds.end()) return *found;
  std::vector<std::string> known;
  for (const KindName& kind : kinds) known.emplace_back(kind.name);
  throw RequestError(unknown_name("fault", name, known));
}

void set(Fault& fault, const KindName& kind, std::string_view key, std::string_view value) {
  if (key == "rank") {
    fault.rank = value == "all" ? Fault::all_ranks : static_cast<int>(number(key, value, 0, largest_rank));
  } else if (key == "after") {
    fault.after = number(key, value, 0, largest_count);
  } else if (key == kind.needs && key == "ns") {
    fault.span_ns = static_cast<std::int64_t>(number(key, value, 1, largest_delay_ns));
  } else if (key == kind.needs && key == "ms") {
    fault.span_ns = static_cast<std::int64_t>(number(key, value, 1, largest_pause_ms) * 1'000'000);
  } else if (key == kind.needs && key == "bytes_per_second") {
    fault.bytes_per_second = number(key, value, 1, largest_rate);
  } else if (key == kind.needs && key == "percent") {
    fault.stretch = static_cast<double>(number(key, value, 1, largest_stretch_percent)) / 100;
  } else if (key == kind.needs && key == "ppb") {
    fault.drift = static_cast<double>(number(key, value, 0, largest_drift_ppb)) * 1e-9;
  } else {
    std::vector<std::string> known = {"rank", "after"};
    if (!kind.needs.empty()) known.emplace_back(kind.needs);
    throw RequestError(unknown_name(fmt::format("key of the fault {}", kind.name), key, known));
  }
}

Fault parse_fault(std::string_view text) {
  const std::string whole(text);
  const KindName& kind = parse_kind(cut(text, ':'));
  Fault fault;
  fault.kind = kind.kind;
  bool has_rank = false, has_needed = kind.needs.empty();
  while (!text.empty()) {
    std::string_view setting = cut(text, ',');
    const std::string_view key = cut(setting, '=');
    set(fault, kind, key, setting);
    has_rank = has_rank || key == "rank";
    has_needed = has_needed || key == kind.needs;
  }
  if (!has_rank) throw RequestError(fmt::format("fault \"{}\" must say rank=N or rank=all", whole));
  if (!has_needed) throw RequestError(fmt::format("fault \"{}\" must say {}=N", whole, kind.needs));
  return fault;
}

}  // namespace

FaultSpec parse_faults(std::string_view text) {
  FaultSpec faults;
  while (!text.empty()) {
    faults.push_back(parse_fault(cut(text, ';')));
    if (faults.size() > most_faults)
      throw RequestError(fmt::format("at most {} faults at once", most_faults));
  }
  if (faults.empty()) throw RequestError("no fault is named; for example flip:rank=1,after=3");
  return faults;
}

}  // namespace podbench
