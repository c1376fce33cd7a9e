#include "bench/telemetry/find.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "bench/machine/test/fake_root.hpp"
#include "bench/telemetry/sampler.hpp"

namespace podbench {
namespace {

struct Seen {
  SensorQuantity quantity;
  double value = 0;
};

std::map<std::string, Seen> seen_by(Sources& sources) {
  std::map<std::string, Seen> seen;
  for (const auto& source : sources) {
    std::vector<Reading> readings(source->quantities().size());
    source->read(readings);
    for (std::size_t i = 0; i < readings.size(); ++i)
      seen[source->quantities()[i].name] = {source->quantities()[i], readings[i].value};
  }
  return seen;
}

TEST(FindEnergy, NamesZonesByWhatTheyAreIn) {
  FakeRoot fake;
  const std::string base = "/sys/class/powercap/intel-rapl";
  fake.file(base + ":0/name", "package-0\n").file(base + ":0/energy_uj", "5000000\n");
  fake.file(base + ":0/constraint_0_power_limit_uw", "250000000\n");
  fake.file(base + ":0:0/name", "dram\n").file(base + ":0:0/energy_uj", "1500000\n");
  fake.file("/sys/class/powercap/intel-rapl-mmio:0/name", "package-0\n")
      .file("/sys/class/powercap/intel-rapl-mmio:0/energy_uj", "5\n");
  fake.file("/sys/class/powercap/intel-rapl/enabled", "1\n");
  Sources sources;
  find_energy(fake.root(), sources);
  const auto seen = seen_by(sources);
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen.at("energy.package-0").value, 5);
  EXPECT_EQ(seen.at("energy.package-0").quantity.limit, 250);
  EXPECT_EQ(seen.at("energy.package-0").quantity.unit, "J");
  EXPECT_EQ(seen.at("energy.package-0").quantity.kind, TelemetryKind::counter);
  EXPECT_EQ(seen.at("energy.package-0.dram").value, 1.5);
  EXPECT_TRUE(std::isnan(seen.at("energy.package-0.dram").quantity.limit));
}

TEST(FindEnergy, ACounterThatTurnsOverGoesOn) {
  FakeRoot fake;
  const std::string zone = "/sys/class/powercap/intel-rapl:0";
  fake.file(zone + "/name", "package-0\n").file(zone + "/max_energy_range_uj", "9000000\n");
  fake.file(zone + "/energy_uj", "8000000\n");
  Sources sources;
  find_energy(fake.root(), sources);
  EXPECT_EQ(seen_by(sources).at("energy.package-0").value, 8);
  fake.file(zone + "/energy_uj", "1000000\n");
  EXPECT_EQ(seen_by(sources).at("energy.package-0").value, 10);
  fake.file(zone + "/energy_uj", "2000000\n");
  EXPECT_EQ(seen_by(sources).at("energy.package-0").value, 11);
}

TEST(FindSensors, TakesTemperaturesPowerAndFans) {
  FakeRoot fake;
  const std::string chip = "/sys/class/hwmon/hwmon3";
  fake.file(chip + "/name", "coretemp\n").file(chip + "/temp1_input", "48250\n");
  fake.file(chip + "/temp1_label", "Package id 0\n").file(chip + "/temp1_crit", "100000\n");
  fake.file(chip + "/temp2_input", "-3000\n").file(chip + "/temp2_max", "80000\n");
  fake.file(chip + "/power1_average", "42000000\n").file(chip + "/power1_input", "41000000\n");
  fake.file(chip + "/fan1_input", "4200\n").file(chip + "/temp1x_input", "1\n");
  Sources sources;
  find_sensors(fake.root(), sources);
  const auto seen = seen_by(sources);
  EXPECT_EQ(seen.size(), 4U);
  EXPECT_EQ(seen.at("hwmon.coretemp.package_id_0").value, 48.25);
  EXPECT_EQ(seen.at("hwmon.coretemp.package_id_0").quantity.limit, 100);
  EXPECT_EQ(seen.at("hwmon.coretemp.temp2").value, -3);
  EXPECT_EQ(seen.at("hwmon.coretemp.temp2").quantity.limit, 80);
  EXPECT_EQ(seen.at("hwmon.coretemp.power1").value, 42);
  EXPECT_EQ(seen.at("hwmon.coretemp.fan1").quantity.unit, "rpm");
}

TEST(FindThermal, KnowsTheCriticalPoint) {
  FakeRoot fake;
  const std::string zone = "/sys/class/thermal/thermal_zone0";
  fake.file(zone + "/type", "x86_pkg_temp\n").file(zone + "/temp", "51000\n");
  fake.file(zone + "/trip_point_0_type", "passive\n").file(zone + "/trip_point_0_temp", "90000\n");
  fake.file(zone + "/trip_point_1_type", "critical\n").file(zone + "/trip_point_1_temp", "105000\n");
  fake.file("/sys/class/thermal/cooling_device0/cur_state", "1\n");
  Sources sources;
  find_thermal(fake.root(), sources);
  const auto seen = seen_by(sources);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen.at("thermal.x86_pkg_temp").value, 51);
  EXPECT_EQ(seen.at("thermal.x86_pkg_temp").quantity.limit, 105);
}

TEST(FindProcessor, SumsAllCpusUp) {
  FakeRoot fake;
  const std::string cpu = "/sys/devices/system/cpu/cpu";
  for (const int i : {0, 1, 2}) {
    const std::string folder = cpu + std::to_string(i);
    fake.file(folder + "/cpufreq/scaling_cur_freq", std::to_string(2'000'000 + 100'000 * i) + "\n");
    fake.file(folder + "/thermal_throttle/core_throttle_count", std::to_string(i) + "\n");
    fake.file(folder + "/thermal_throttle/package_throttle_count", "5\n");
  }
  Sources sources;
  find_processor(fake.root(), sources);
  const auto seen = seen_by(sources);
  EXPECT_EQ(seen.at("cpu.clock_min").value, 2.0e9);
  EXPECT_EQ(seen.at("cpu.clock_median").value, 2.1e9);
  EXPECT_EQ(seen.at("cpu.clock_max").value, 2.2e9);
  EXPECT_EQ(seen.at("cpu.core_throttles").value, 3);
  EXPECT_EQ(seen.at("cpu.package_throttles").value, 5);
  EXPECT_EQ(seen.at("cpu.package_throttles").quantity.kind, TelemetryKind::errors);
}

TEST(FindProcessor, AsksCpuinfoWhereNoDriverTells) {
  FakeRoot fake;
  fake.file("/proc/cpuinfo", "processor\t: 0\ncpu MHz\t\t: 2100.5\n\nprocessor\t: 1\ncpu MHz\t\t: 2300\n");
  Sources sources;
  find_processor(fake.root(), sources);
  EXPECT_EQ(seen_by(sources).at("cpu.clock_min").value, 2100.5e6);
}

TEST(FindNics, TakesCountersAndFlaps) {
  FakeRoot fake;
  fake.file("/sys/class/net/eth0/statistics/rx_bytes", "18446744073709551615\n")
      .file("/sys/class/net/eth0/statistics/rx_errors", "3\n")
      .file("/sys/class/net/eth0/carrier_changes", "2\n")
      .file("/sys/class/net/lo/statistics/rx_bytes", "9\n");
  Sources sources;
  find_nics(fake.root(), sources);
  const auto seen = seen_by(sources);
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen.at("nic.eth0.rx_bytes").value, 0x1p64);
  EXPECT_EQ(seen.at("nic.eth0.rx_bytes").quantity.kind, TelemetryKind::counter);
  EXPECT_EQ(seen.at("nic.eth0.carrier_changes").quantity.kind, TelemetryKind::errors);
}

TEST(FindRdma, TakesEveryCounterOfAPort) {
  FakeRoot fake;
  const std::string port = "/sys/class/infiniband/mlx5_0/ports/1";
  fake.file(port + "/counters/port_rcv_data", "1000\n").file(port + "/counters/link_downed", "1\n");
  fake.file(port + "/counters/symbol_error", "N/A (no PMA)\n");
  fake.file(port + "/hw_counters/out_of_sequence", "4\n").file(port + "/hw_counters/lifespan", "10\n");
  fake.file(port + "/hw_counters/resp_cqe_flush_error", "4\n").file(port + "/hw_counters/np_cnp_sent", "8\n");
  Sources sources;
  find_rdma(fake.root(), sources);
  const auto seen = seen_by(sources);
  EXPECT_EQ(seen.size(), 5U);
  const std::string name = "rdma.mlx5_0.port1.";
  EXPECT_EQ(seen.at(name + "port_rcv_data").value, 4000);
  EXPECT_EQ(seen.at(name + "port_rcv_data").quantity.unit, "B");
  EXPECT_EQ(seen.at(name + "port_rcv_data").quantity.kind, TelemetryKind::counter);
  EXPECT_EQ(seen.at(name + "link_downed").quantity.kind, TelemetryKind::errors);
  EXPECT_EQ(seen.at(name + "out_of_sequence").quantity.kind, TelemetryKind::errors);
  EXPECT_EQ(seen.at(name + "resp_cqe_flush_error").quantity.kind, TelemetryKind::counter);
}

TEST(FindNvml, AsksWhatTheDevicesAnswer) {
  Sources sources;
  find_nvml(FAKE_NVML, sources);
  const auto seen = seen_by(sources);
  EXPECT_DOUBLE_EQ(seen.at("gpu0.power").value, 345.6);
  EXPECT_DOUBLE_EQ(seen.at("gpu0.power").quantity.limit, 700);
  EXPECT_EQ(seen.at("gpu0.temperature").value, 61);
  EXPECT_EQ(seen.at("gpu0.temperature").quantity.limit, 87);
  EXPECT_EQ(seen.at("gpu0.clock_sm").value, 1.98e9);
  EXPECT_EQ(seen.at("gpu0.clock_memory").value, 2.619e9);
  EXPECT_EQ(seen.at("gpu0.throttle_reasons").value, 0x28);
  EXPECT_EQ(seen.at("gpu0.ecc_corrected").value, 7);
  EXPECT_EQ(seen.at("gpu0.ecc_uncorrected").value, 0);
  EXPECT_EQ(seen.at("gpu0.nvlink1.crc_data").value, 13);
  EXPECT_FALSE(seen.contains("gpu0.nvlink2.replay"));
  EXPECT_FALSE(seen.contains("gpu1.nvlink0.replay"));
  EXPECT_FALSE(seen.contains("gpu0.energy")) << "an older driver has no such function";
}

TEST(FindNvml, ALostDeviceEndsItsSeries) {
  Sources sources;
  find_nvml(FAKE_NVML, sources);
  Sampler sampler(std::move(sources));
  sampler.sample();
  sampler.sample();
  const TelemetryRecord record = sampler.take();
  ASSERT_EQ(record.notes.size(), 1U);
  EXPECT_EQ(record.described[record.notes[0].series].name, "gpu1.power");
  EXPECT_EQ(record.notes[0].text, "ended: the device fell off the bus");
}

TEST(FindNvml, WithoutTheLibraryThereIsNothing) {
  Sources sources;
  find_nvml("libpodbench-there-is-none.so", sources);
  EXPECT_TRUE(sources.empty());
}

}  // namespace
}  // namespace podbench
