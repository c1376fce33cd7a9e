// Clocks and throttling of the processors. The clocks of all CPUs are three series (slowest, median,
// fastest): one a CPU would be a thousand on a large node, and what throttles shows in the slowest.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/telemetry/file_source.hpp"
#include "bench/telemetry/find.hpp"

namespace podbench {
namespace {

constexpr std::size_t most_cpus = 2048;

std::vector<std::string> cpu_folders(const SystemRoot& root) {
  const std::string base = "/sys/devices/system/cpu";
  std::vector<std::string> folders;
  for (const std::string& name : root.list(base))
    if (name.size() > 3 && name.starts_with("cpu") &&
        name.find_first_not_of("0123456789", 3) == std::string::npos && folders.size() < most_cpus)
      folders.push_back(base + "/" + name);
  return folders;
}

// Those of the files that hold a number now.
std::vector<NumberFile> numbers(const SystemRoot& root, const std::vector<std::string>& folders,
                                const char* file) {
  std::vector<NumberFile> open;
  for (const std::string& folder : folders) {
    NumberFile number(root.path(fmt::format("{}/{}", folder, file)));
    if (number.read().ended.empty()) open.push_back(std::move(number));
  }
  return open;
}

// What many files say now; a CPU that was taken away says nothing.
std::vector<double> values_of(const std::vector<NumberFile>& files) {
  std::vector<double> values;
  for (const NumberFile& file : files)
    if (const Reading reading = file.read(); !std::isnan(reading.value)) values.push_back(reading.value);
  return values;
}

const std::vector<SensorQuantity> clock_quantities = {
    {"cpu.clock_min", "Hz"}, {"cpu.clock_median", "Hz"}, {"cpu.clock_max", "Hz"}};

void tell_clocks(std::vector<double> hz, std::span<Reading> into) {
  if (hz.empty()) {
    for (Reading& reading : into) reading.ended = "no CPU tells its clock any more";
    return;
  }
  std::sort(hz.begin(), hz.end());
  into[0].value = hz.front();
  into[1].value = hz[hz.size() / 2];
  into[2].value = hz.back();
}

class Frequencies final : public Source {
 public:
  explicit Frequencies(std::vector<NumberFile> files) : Source(clock_quantities), files_(std::move(files)) {}
  void read(std::span<Reading> into) override {
    std::vector<double> hz = values_of(files_);
    for (double& value : hz) value *= 1e3;
    tell_clocks(std::move(hz), into);
  }

 private:
  std::vector<NumberFile> files_;
};

// Where no driver sets frequencies, /proc/cpuinfo may still tell them, as on virtual machines.
class CpuInfo final : public Source {
 public:
  explicit CpuInfo(const SystemRoot& root) : Source(clock_quantities), root_(root) {
    constexpr std::size_t most_bytes = 4 << 20, room_bytes = 4096;
    bytes_ = root_.read(file, most_bytes).value_or("").size() + room_bytes;
  }
  [[nodiscard]] std::vector<double> clocks_hz() const {
    const std::string info = root_.read(file, bytes_).value_or("");
    std::vector<double> hz;
    for (std::size_t at = info.find("cpu MHz"); at != std::string::npos; at = info.find("cpu MHz", at + 1)) {
      const double mhz = std::strtod(info.c_str() + std::min(info.find(':', at) + 1, info.size()), nullptr);
      if (mhz > 0 && mhz < 1e6) hz.push_back(mhz * 1e6);
    }
    return hz;
  }
  void read(std::span<Reading> into) override { tell_clocks(clocks_hz(), into); }

 private:
  static constexpr const char* file = "/proc/cpuinfo";
  SystemRoot root_;
  std::size_t bytes_;  // a little more than it is long
};

// How often cores and packages were slowed down for their heat. All CPUs of a package tell the package's
// count, so that the largest stands for all.
class Throttles final : public Source {
 public:
  Throttles(std::vector<NumberFile> cores, std::vector<NumberFile> packages)
      : Source({{"cpu.core_throttles", "1", TelemetryKind::errors},
                {"cpu.package_throttles", "1", TelemetryKind::errors}}),
        cores_(std::move(cores)),
        packages_(std::move(packages)) {}
  void read(std::span<Reading> into) override {
    double sum = 0, most = 0;
    for (const double count : values_of(cores_)) sum += count;
    for (const double count : values_of(packages_)) most = std::max(most, count);
    into[0].value = sum;
    into[1].value = most;
  }

 private:
  std::vector<NumberFile> cores_, packages_;
};

}  // namespace

void find_processor(const SystemRoot& root, Sources& sources) {
  const std::vector<std::string> cpus = cpu_folders(root);
  if (auto files = numbers(root, cpus, "cpufreq/scaling_cur_freq"); !files.empty())
    sources.push_back(std::make_unique<Frequencies>(std::move(files)));
  else if (auto info = std::make_unique<CpuInfo>(root); !info->clocks_hz().empty())
    sources.push_back(std::move(info));
  auto cores = numbers(root, cpus, "thermal_throttle/core_throttle_count");
  auto packages = numbers(root, cpus, "thermal_throttle/package_throttle_count");
  if (!cores.empty() || !packages.empty())
    sources.push_back(std::make_unique<Throttles>(std::move(cores), std::move(packages)));
}

}  // namespace podbench
