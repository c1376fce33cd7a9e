#include "bench/machine/load.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "bench/machine/test/fake_root.hpp"

namespace podbench {
namespace {

std::string stat_line(int pid, const std::string& name, int parent, int user, int system) {
  return fmt::format("{} ({}) S {} 1 1 0 -1 0 0 0 0 0 {} {} 0 0 20 0 1 0 100 0 0\n", pid, name, parent, user,
                     system);
}

std::string totals(int user, int idle, int steal) {
  return fmt::format("cpu  {} 0 0 {} 0 0 0 {} 0 0\ncpu0 1 0 0 0\ncpu1 1 0 0 0\nintr 5\n", user, idle, steal);
}

// This process (100) and a sibling (101) of the same program; 102 has another program, 103 another parent.
void write_processes(FakeRoot& fake, int own_ticks) {
  fake.file("/proc/self/stat", stat_line(100, "pod bench) (", 50, own_ticks, 0));
  fake.file("/proc/100/stat", stat_line(100, "pod bench) (", 50, own_ticks, 0));
  fake.file("/proc/101/stat", stat_line(101, "podbench", 50, 0, own_ticks));
  fake.file("/proc/102/stat", stat_line(102, "other", 50, 7777, 0));
  fake.file("/proc/103/stat", stat_line(103, "podbench", 51, 7777, 0));
}

void link_programs(FakeRoot& fake) {
  for (const char* process : {"self", "100", "101", "103"})
    fake.link(fmt::format("/proc/{}/exe", process), "/opt/podbench");
  fake.link("/proc/102/exe", "/opt/other");
}

TEST(Load, CountsThisLaunchesProcessesAsItsOwn) {
  FakeRoot fake;
  write_processes(fake, 40);
  link_programs(fake);
  fake.file("/proc/stat", totals(500, 1000, 30));
  const LoadReading reading = LoadMeter(fake.root()).read();
  EXPECT_EQ(reading.own_processes, 2);
  EXPECT_EQ(reading.own_ticks, 80u);
  EXPECT_EQ(reading.busy_ticks, 500u);
  EXPECT_EQ(reading.steal_ticks, 30u);
  EXPECT_EQ(reading.total_ticks, 1530u);
  EXPECT_EQ(reading.cpus, 2);
}

// 400 ticks on two CPUs, of which the launch used 200 and others 100; the hypervisor took 40.
TEST(Load, TellsForeignFromOwnAndStolen) {
  FakeRoot fake;
  write_processes(fake, 0);
  link_programs(fake);
  fake.file("/proc/stat", totals(0, 0, 0));
  const LoadMeter meter(fake.root());
  const LoadReading before = meter.read();
  write_processes(fake, 100);
  fake.file("/proc/stat", totals(300, 60, 40));
  const LoadReading after = meter.read();
  const auto shares = load_between(before, after);
  ASSERT_TRUE(shares.has_value());
  EXPECT_NEAR(shares->foreign, (100 - 2 - 4) / 400.0, 1e-9);  // less a tick a CPU and two a process
  EXPECT_NEAR(shares->steal, 38 / 400.0, 1e-9);
  EXPECT_TRUE(shares->contended());
  EXPECT_EQ(in_words(*shares), "foreign CPU 24%, steal 10%");
}

TEST(Load, OwnWorkAndRoundingAreNotContention) {
  LoadReading before{.at_ns = 0,
                     .cpus = 2,
                     .busy_ticks = 0,
                     .steal_ticks = 0,
                     .total_ticks = 0,
                     .own_ticks = 0,
                     .own_processes = 2,
                     .frequency_khz = 0};
  LoadReading after = before;
  after.busy_ticks = 24, after.own_ticks = 20,
  after.total_ticks = 24;  // four ticks too many, in a short case
  EXPECT_FALSE(load_between(before, after)->contended());
}

TEST(Load, KnowsNothingFromNonsense) {
  const LoadReading none;
  EXPECT_EQ(load_between(none, none), std::nullopt);
  LoadReading before{.at_ns = 0,
                     .cpus = 1,
                     .busy_ticks = 9,
                     .steal_ticks = 9,
                     .total_ticks = 20,
                     .own_ticks = 5,
                     .own_processes = 1,
                     .frequency_khz = 0};
  LoadReading backwards = before;
  backwards.total_ticks = 30, backwards.own_ticks = 4;
  EXPECT_EQ(load_between(before, backwards), std::nullopt);
  LoadReading one_ended = before;
  one_ended.total_ticks = 30, one_ended.own_processes = 0;
  EXPECT_EQ(load_between(before, one_ended), std::nullopt);

  FakeRoot fake;
  for (const char* content :
       {"", "cpu ", "cpu x y z", "cpu  99999999999999999999999 1", ")", "\xff\xff\xff"}) {
    fake.file("/proc/stat", content).file("/proc/self/stat", content);
    const LoadReading reading = LoadMeter(fake.root()).read();
    EXPECT_EQ(load_between(reading, reading), std::nullopt) << content;
  }
}

TEST(Load, ReadsThisMachine) {
  const LoadReading reading = read_load();
  EXPECT_GE(reading.own_processes, 1);
  EXPECT_GE(reading.cpus, 1);
}

}  // namespace
}  // namespace podbench
