#include "bench/telemetry/sampler.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <thread>

#include "base/clock.hpp"
#include "bench/machine/test/fake_root.hpp"
#include "bench/telemetry/number_file.hpp"

namespace podbench {
namespace {

const std::string rx = "/sys/class/net/eth0/statistics/rx_bytes",
                  tx = "/sys/class/net/eth0/statistics/tx_bytes";

// The series' value after each change, NaN for none.
std::vector<double> values_of(const TelemetryRecord& record, std::uint32_t series) {
  std::vector<double> values;
  for (const auto& change : record.changes)
    if (change.series == series) values.push_back(change.value);
  return values;
}

TEST(Sampler, KeepsWhatChanged) {
  FakeRoot fake;
  fake.file(rx, "10\n").file(tx, "20\n");
  Sampler sampler(fake.root(), "");
  ASSERT_EQ(sampler.series(), 2U);
  const std::int64_t before = now_ns();
  fake.file(rx, "11\n");
  sampler.sample();
  sampler.sample();
  const TelemetryRecord first = sampler.take();
  ASSERT_EQ(first.described.size(), 2U);
  EXPECT_EQ(first.described[0].name, "nic.eth0.rx_bytes");
  EXPECT_EQ(first.times_ns.size(), 3U);
  EXPECT_LT(first.times_ns[0], before);
  EXPECT_GT(first.times_ns[1], before);
  EXPECT_EQ(values_of(first, 0), (std::vector<double>{10, 11}));
  EXPECT_EQ(values_of(first, 1), (std::vector<double>{20}));
  EXPECT_TRUE(first.notes.empty());

  fake.file(tx, "21\n");
  sampler.sample();
  const TelemetryRecord second = sampler.take();
  EXPECT_TRUE(second.described.empty());
  EXPECT_EQ(second.times_ns.size(), 1U);
  ASSERT_EQ(second.changes.size(), 1U);
  EXPECT_EQ(second.changes[0].series, 1U);
  EXPECT_EQ(sampler.take().times_ns.size(), 0U);
}

TEST(Sampler, RubbishEndsOneSeriesWithANote) {
  for (const char* rubbish : {"", "nan\n", "12 13\n", "0x10\n", "1e9\n", "99999999999999999999999\n"}) {
    FakeRoot fake;
    fake.file(rx, "10\n").file(tx, "20\n");
    Sampler sampler(fake.root(), "");
    fake.file(rx, rubbish);
    sampler.sample();
    fake.file(rx, "12\n").file(tx, "22\n");
    sampler.sample();
    const TelemetryRecord record = sampler.take();
    ASSERT_EQ(values_of(record, 0).size(), 2U) << rubbish;
    EXPECT_TRUE(std::isnan(values_of(record, 0)[1]));
    EXPECT_EQ(values_of(record, 1), (std::vector<double>{20, 22}));
    ASSERT_EQ(record.notes.size(), 1U);
    EXPECT_EQ(record.notes[0].text, "ended: it holds no number");
  }
}

TEST(Sampler, AFileThatVanishesEndsItsSeries) {
  FakeRoot fake;
  // More files than are kept open: those behind are opened each time.
  for (int i = 0; i < NumberFile::most_kept_open + 10; ++i)
    fake.file("/sys/class/infiniband/x/ports/1/counters/c" + std::to_string(10'000 + i), "1\n");
  Sampler sampler(fake.root(), "");
  ASSERT_EQ(sampler.series(), static_cast<std::size_t>(NumberFile::most_kept_open + 10));
  std::filesystem::remove_all(fake.root().path("/sys"));
  sampler.sample();
  const TelemetryRecord record = sampler.take();
  ASSERT_GE(record.notes.size(), 10U);
  EXPECT_EQ(record.notes.back().text, "ended: No such file or directory");
}

TEST(Sampler, AFloodOfSeriesIsBounded) {
  FakeRoot fake;
  for (std::size_t i = 0; i < most_telemetry_series + 50; ++i)
    fake.file("/sys/class/infiniband/x/ports/1/counters/c" + std::to_string(i), "1\n");
  EXPECT_EQ(Sampler(fake.root(), "").series(), most_telemetry_series);
}

TEST(Sampler, EqualNamesAreToldApart) {
  FakeRoot fake;
  for (const char* chip : {"hwmon0", "hwmon1"})
    fake.file(std::string("/sys/class/hwmon/") + chip + "/name", "nvme\n")
        .file(std::string("/sys/class/hwmon/") + chip + "/temp1_input", "30000\n");
  const TelemetryRecord record = Sampler(fake.root(), "").take();
  ASSERT_EQ(record.described.size(), 2U);
  EXPECT_EQ(record.described[0].name, "hwmon.nvme.temp1");
  EXPECT_EQ(record.described[1].name, "hwmon.nvme.temp1#2");
}

class Slow final : public Source {
 public:
  explicit Slow(int* reads) : Source({{"slow", "W"}}), reads_(reads) {}
  void read(std::span<Reading> into) override {
    ++*reads_;
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
    into[0].value = 7;
  }

 private:
  int* reads_;
};

TEST(Sampler, ASlowSourceHoldsUpNothing) {
  int reads = 0;
  Sources sources;
  sources.push_back(std::make_unique<Slow>(&reads));
  Sampler sampler(std::move(sources));
  const int at_first = reads;
  sampler.sample();
  EXPECT_EQ(reads, at_first);
  const TelemetryRecord record = sampler.take();
  ASSERT_EQ(values_of(record, 0).size(), 2U);
  EXPECT_EQ(values_of(record, 0)[0], 7);
  EXPECT_TRUE(std::isnan(values_of(record, 0)[1]));
  ASSERT_EQ(record.notes.size(), 1U);
  EXPECT_NE(record.notes[0].text.find("takes 2"), std::string::npos);
}

TEST(Sampler, AMachineThatTellsNothingIsFine) {
  const FakeRoot fake;
  Sampler sampler(fake.root(), "");
  sampler.sample();
  EXPECT_EQ(sampler.series(), 0U);
  EXPECT_EQ(sampler.take().times_ns.size(), 2U);
}

}  // namespace
}  // namespace podbench
