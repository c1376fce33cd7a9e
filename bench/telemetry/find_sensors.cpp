// RAPL, hwmon and thermal zones (Documentation/power/powercap, hwmon/sysfs-interface.rst and
// driver-api/thermal of the Linux kernel). Sysfs counts in micro- and millionths; series have base units.
#include <fmt/format.h>

#include <array>
#include <map>

#include "bench/telemetry/file_source.hpp"
#include "bench/telemetry/find.hpp"

namespace podbench {
namespace {

constexpr double milli = 1e-3, micro = 1e-6;
constexpr std::size_t most_of_a_chip = 32;

// "coretemp", or what the folder is called.
std::string called(const SystemRoot& root, const std::string& folder, const char* file,
                   const std::string& otherwise) {
  const auto said = root.line(fmt::format("{}/{}", folder, file));
  return name_part(said && !said->empty() ? *said : otherwise);
}

struct SensorKind {
  const char* prefix;  // of the files: temp1_input
  const char* input;
  const char* limits[2];  // the first that is there
  const char* unit;
  double factor;
  TelemetryKind kind;
};
constexpr std::array<SensorKind, 5> sensor_kinds = {{
    {"temp", "_input", {"_crit", "_max"}, "C", milli, TelemetryKind::gauge},
    {"power", "_average", {"_cap", "_max"}, "W", micro, TelemetryKind::gauge},
    {"power", "_input", {"_cap", "_max"}, "W", micro, TelemetryKind::gauge},
    {"energy", "_input", {}, "J", micro, TelemetryKind::counter},
    {"fan", "_input", {}, "rpm", 1, TelemetryKind::gauge},
}};

// The 3 of "temp3_input"; empty for any other name.
std::string number_of(std::string_view name, const SensorKind& kind) {
  const std::string_view prefix = kind.prefix, input = kind.input;
  if (!name.starts_with(prefix) || !name.ends_with(input) || name.size() <= prefix.size() + input.size())
    return "";
  const std::string_view digits = name.substr(prefix.size(), name.size() - prefix.size() - input.size());
  return digits.find_first_not_of("0123456789") == std::string_view::npos ? std::string(digits) : "";
}

void add_sensor(const SystemRoot& root, const std::string& folder, const std::string& chip,
                const SensorKind& kind, const std::string& number, Sources& sources) {
  const std::string stem = fmt::format("{}/{}{}", folder, kind.prefix, number);
  SensorQuantity quantity;
  quantity.name = fmt::format(
      "hwmon.{}.{}", chip,
      called(root, folder, fmt::format("{}{}_label", kind.prefix, number).c_str(), kind.prefix + number));
  quantity.unit = kind.unit;
  quantity.kind = kind.kind;
  for (const char* limit : kind.limits)
    if (limit != nullptr && std::isnan(quantity.limit))
      quantity.limit = limit_in(root, stem + limit, kind.factor);
  add_file(root, stem + kind.input, std::move(quantity), sources, {kind.factor, 0});
}

void add_chip(const SystemRoot& root, const std::string& folder, const std::string& otherwise,
              Sources& sources) {
  const std::string chip = called(root, folder, "name", otherwise);
  const std::vector<std::string> files = root.list(folder);
  std::map<std::string, std::size_t> taken;  // of each prefix; power is read once, averaged where it can be
  for (const SensorKind& kind : sensor_kinds) {
    if (kind.input == std::string_view("_input") && kind.prefix == std::string_view("power") &&
        taken["power"] > 0)
      continue;
    for (const std::string& file : files) {
      const std::string number = number_of(file, kind);
      if (number.empty() || taken[kind.prefix] == most_of_a_chip) continue;
      ++taken[kind.prefix];
      add_sensor(root, folder, chip, kind, number, sources);
    }
  }
}

}  // namespace

void find_energy(const SystemRoot& root, Sources& sources) {
  const std::string base = "/sys/class/powercap";
  std::map<std::string, std::string> names;  // of zones above
  for (const std::string& zone : root.list(base)) {
    // The same packages are there a second time behind another interface ("intel-rapl-mmio:0").
    if (!zone.starts_with("intel-rapl:")) continue;
    const std::string folder = base + "/" + zone;
    const auto above = names.find(zone.substr(0, zone.rfind(':')));
    const std::string own = called(root, folder, "name", zone);
    names[zone] = above == names.end() ? own : above->second + "." + own;
    const SensorQuantity quantity{"energy." + names[zone], "J", TelemetryKind::counter,
                                  limit_in(root, folder + "/constraint_0_power_limit_uw", micro)};
    const double range = limit_in(root, folder + "/max_energy_range_uj", 1);
    add_file(root, folder + "/energy_uj", quantity, sources, {micro, range > 0 ? range : 0});
  }
}

void find_sensors(const SystemRoot& root, Sources& sources) {
  const std::string base = "/sys/class/hwmon";
  for (const std::string& chip : root.list(base)) add_chip(root, base + "/" + chip, chip, sources);
}

void find_thermal(const SystemRoot& root, Sources& sources) {
  const std::string base = "/sys/class/thermal";
  for (const std::string& zone : root.list(base)) {
    if (!zone.starts_with("thermal_zone")) continue;
    const std::string folder = base + "/" + zone;
    SensorQuantity quantity{"thermal." + called(root, folder, "type", zone), "C"};
    for (const std::string& file : root.list(folder))
      if (file.starts_with("trip_point_") && file.ends_with("_type") &&
          root.line(folder + "/" + file) == "critical")
        quantity.limit = limit_in(root, folder + "/" + file.substr(0, file.size() - 4) + "temp", milli);
    add_file(root, folder + "/temp", std::move(quantity), sources, {milli, 0});
  }
}

}  // namespace podbench
