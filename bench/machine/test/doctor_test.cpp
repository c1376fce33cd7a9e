#include "bench/machine/doctor.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.hpp"
#include "bench/machine/test/fake_root.hpp"

namespace podbench {
namespace {

const std::string cpu_folder = "/sys/devices/system/cpu";

Examination examination_of(const FakeRoot& fake) {
  return {"pod-a1", fake.root(), read_topology("package:2 numa:1 core:4 pu:2"), 0, {}, {}, {}, {}};
}

std::vector<std::string> ids(const Examination& examination) {
  std::vector<std::string> all;
  for (const MachineFinding& finding : examine_node(examination)) all.push_back(finding.id);
  return all;
}

using Ids = std::vector<std::string>;

// A node without any of the troubles: whatever is reported about it is made up.
void write_healthy(FakeRoot& fake) {
  for (int i = 0; i < 16; ++i)
    fake.file(fmt::format("{}/cpu{}/cpufreq/scaling_governor", cpu_folder, i), "performance\n");
  fake.file(cpu_folder + "/intel_pstate/no_turbo", "1\n").file(cpu_folder + "/smt/active", "0\n");
  fake.file("/sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
  fake.file("/sys/devices/system/clocksource/clocksource0/available_clocksource", "tsc hpet acpi_pm\n");
  fake.file(cpu_folder + "/cpu0/cpuidle/state1/latency", "2\n");
  fake.file("/proc/sys/kernel/numa_balancing", "0\n").file("/proc/sys/kernel/yama/ptrace_scope", "0\n");
  fake.file("/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
  fake.file("/sys/kernel/mm/transparent_hugepage/defrag", "always defer [madvise] never\n");
  fake.file("/proc/meminfo", "SwapTotal: 1000000 kB\nSwapFree: 1000000 kB\n");
  fake.file("/proc/self/limits",
            "Max locked memory   unlimited   unlimited   bytes\nMax open files   65536   65536   files\n");
  fake.file("/proc/self/cgroup", "0::/job\n").file("/sys/fs/cgroup/job/cpu.max", "max 100000\n");
  fake.file("/sys/class/net/eth0/mtu", "9000\n")
      .file("/sys/class/net/eth0/speed", "100000\n")
      .file("/sys/class/net/eth0/operstate", "up\n");
  fake.file("/sys/class/net/eth0/device/vendor", "0x15b3\n");
}

Examination healthy(FakeRoot& fake) {
  write_healthy(fake);
  Examination examination = examination_of(fake);
  examination.ranks_on_node = 8;
  examination.load = LoadShares{0.01, 0.02};
  examination.noise = NoiseReport{20'000, 100, 1e6, 50'000, 3};
  examination.shm_free_bytes = 8ull << 30;
  return examination;
}

TEST(Doctor, FindsNothingOnAHealthyNode) {
  FakeRoot fake;
  EXPECT_EQ(ids(healthy(fake)), Ids{});
}

TEST(Doctor, FindsNothingWhereNothingCanBeRead) {
  const FakeRoot fake;
  EXPECT_EQ(ids(examination_of(fake)), Ids{});
}

// One trouble at a time on a healthy node: a file's content, the finding that it must give, and a part of the
// command that mends it.
struct Trouble {
  std::string file, content, id, mend;
};
class DoctorTrouble : public testing::TestWithParam<Trouble> {};

TEST_P(DoctorTrouble, IsTheOneFinding) {
  FakeRoot fake;
  const Examination examination = healthy(fake);
  fake.file(GetParam().file, GetParam().content);
  const std::vector<MachineFinding> findings = examine_node(examination);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].id, GetParam().id);
  EXPECT_EQ(findings[0].node, "pod-a1");
  EXPECT_NE(findings[0].mend.find(GetParam().mend), std::string::npos) << findings[0].mend;
  EXPECT_FALSE(findings[0].what.empty() || findings[0].effect.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Files, DoctorTrouble,
    testing::Values(
        Trouble{cpu_folder + "/cpu3/cpufreq/scaling_governor", "powersave\n", "governor",
                "cpupower frequency-set -g performance"},
        Trouble{cpu_folder + "/intel_pstate/no_turbo", "0\n", "turbo", "no_turbo"},
        Trouble{cpu_folder + "/smt/active", "1\n", "smt", "smt/control"},
        Trouble{"/sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet\n", "clock-source",
                "echo tsc >"},
        Trouble{cpu_folder + "/cpu0/cpuidle/state2/latency", "170\n", "idle-states", "cpupower idle-set"},
        Trouble{"/proc/sys/kernel/numa_balancing", "1\n", "numa-balancing", "kernel.numa_balancing=0"},
        Trouble{"/proc/sys/kernel/yama/ptrace_scope", "1\n", "ptrace-scope", "kernel.yama.ptrace_scope=0"},
        Trouble{"/sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n", "huge-pages",
                "madvise"},
        Trouble{"/sys/kernel/mm/transparent_hugepage/defrag", "[always] defer madvise never\n", "huge-pages",
                "defrag"},
        Trouble{"/proc/meminfo", "SwapTotal: 1000000 kB\nSwapFree: 500000 kB\n", "swap", "swapoff"},
        Trouble{"/proc/self/limits", "Max locked memory   8388608   8388608   bytes\n", "memlock",
                "ulimit -l unlimited"},
        Trouble{"/proc/self/limits", "Max open files   1024   4096   files\n", "open-files", "ulimit -n"},
        Trouble{"/sys/fs/cgroup/job/cpu.max", "250000 100000\n", "cpu-quota", "/sys/fs/cgroup/job/cpu.max"},
        Trouble{"/sys/class/net/eth0/mtu", "1500\n", "mtu", "ip link set dev eth0 mtu 9000"}),
    [](const auto& trouble) {
      std::string name = trouble.param.id + "_" + std::to_string(trouble.index);
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

TEST(Doctor, ClockSourceWithoutTscNamesTheKernelOption) {
  FakeRoot fake;
  const Examination examination = healthy(fake);
  fake.file("/sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet\n");
  fake.file("/sys/devices/system/clocksource/clocksource0/available_clocksource", "hpet notsc\n");
  EXPECT_NE(examine_node(examination).at(0).mend.find("clocksource=tsc"), std::string::npos);
  fake.file("/sys/devices/system/clocksource/clocksource0/current_clocksource", "kvm-clock\n");
  EXPECT_EQ(ids(examination), Ids{});
}

// The right to trace lifts the scope, except for 3.
TEST(Doctor, PtraceScopeDoesNotBindAPrivilegedProcess) {
  FakeRoot fake;
  const Examination examination = healthy(fake);
  fake.file("/proc/self/status", "Name:\tx\nCapEff:\t0000000000080000\n")
      .file("/proc/sys/kernel/yama/ptrace_scope", "1\n");
  EXPECT_EQ(ids(examination), Ids{});
  fake.file("/proc/sys/kernel/yama/ptrace_scope", "3\n");
  EXPECT_EQ(ids(examination), Ids{"ptrace-scope"});
  fake.file("/proc/sys/kernel/yama/ptrace_scope", "1\n")
      .file("/proc/self/status", "CapEff:\t00000000fff7ffff\n");
  EXPECT_EQ(ids(examination), Ids{"ptrace-scope"});
  fake.file("/proc/self/status", "CapEff:\tzzzzzzzzzzzzzzzz\n");
  EXPECT_EQ(ids(examination), Ids{"ptrace-scope"});
}

TEST(Doctor, LockedMemoryIsAProblemOnlyWithRdma) {
  FakeRoot fake;
  const Examination examination = healthy(fake);
  fake.file("/proc/self/limits", "Max locked memory   65536   65536   bytes\n");
  EXPECT_EQ(examine_node(examination).at(0).severity, Severity::info);
  fake.file("/sys/class/infiniband/mlx5_0/fw_ver", "1\n");
  EXPECT_EQ(examine_node(examination).at(0).severity, Severity::problem);
}

TEST(Doctor, ComparesInterfacesOfOneRate) {
  FakeRoot fake;
  const Examination examination = healthy(fake);
  const std::string eth1 = "/sys/class/net/eth1/";
  fake.file(eth1 + "mtu", "9216\n")
      .file(eth1 + "speed", "100000\n")
      .file(eth1 + "operstate", "up\n")
      .file(eth1 + "device/vendor", "x");
  EXPECT_EQ(ids(examination), Ids{"mtu-mismatch"});
  fake.file(eth1 + "operstate", "down\n");
  EXPECT_EQ(ids(examination), Ids{});
  fake.file(eth1 + "operstate", "up\n").file(eth1 + "speed", "1000\n");
  EXPECT_EQ(ids(examination), Ids{});
}

TEST(Doctor, JudgesWhatSharesTheCores) {
  FakeRoot fake;
  Examination examination = healthy(fake);
  examination.load = LoadShares{0.2, 0.3};
  EXPECT_EQ(ids(examination), (Ids{"busy-cores", "steal"}));
  examination.load.reset();
  examination.noise->missing_ns_per_second = 30e6;
  EXPECT_EQ(ids(examination), Ids{"noise"});
  examination.noise.reset();
  examination.ranks_on_node = 9;
  EXPECT_EQ(ids(examination), Ids{"crowded"});
  examination.ranks_on_node = 8;
  examination.shm_free_bytes = 64ull << 20;
  EXPECT_EQ(ids(examination), Ids{"dev-shm"});
  examination.shm_free_bytes.reset();
  examination.unusable = {{"nccl", "no NVIDIA driver; install it"}};
  const auto findings = examine_node(examination);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].what, "nccl cannot be used here: no NVIDIA driver; install it");
}

TEST(Doctor, PutsTheWorstFirst) {
  FakeRoot fake;
  const Examination examination = healthy(fake);
  fake.file(cpu_folder + "/smt/active", "1\n").file("/sys/fs/cgroup/job/cpu.max", "100000 100000\n");
  fake.file("/proc/sys/kernel/numa_balancing", "1\n");
  EXPECT_EQ(ids(examination), (Ids{"cpu-quota", "numa-balancing", "smt"}));
}

TEST(Doctor, SurvivesJunk) {
  FakeRoot fake;
  const Examination examination = healthy(fake);
  std::string binary(100'000, '\0');
  for (std::size_t i = 0; i < binary.size(); ++i) binary[i] = static_cast<char>(i * 11 % 256);
  for (const char* file :
       {"/proc/self/limits", "/proc/self/status", "/proc/meminfo", "/sys/fs/cgroup/job/cpu.max",
        "/proc/self/cgroup", "/sys/class/net/eth0/mtu", "/sys/kernel/mm/transparent_hugepage/enabled",
        "/proc/sys/kernel/yama/ptrace_scope"})
    fake.file(file, binary);
  for (const MachineFinding& finding : examine_node(examination))
    EXPECT_EQ(printable_ascii(finding.what), finding.what);
}

TEST(Doctor, ExaminesThisMachine) {
  const Examination here = examination_here("here", 1, {}, std::chrono::milliseconds(20));
  EXPECT_TRUE(here.noise.has_value());
  for (const MachineFinding& finding : examine_node(here))
    EXPECT_FALSE(finding.what.empty() || finding.effect.empty());
}

NodeRecord node_with(const std::string& name, std::map<std::string, std::string> attributes) {
  return {name, std::move(attributes), {}};
}

TEST(CompareNodes, NamesTheOddOnesOut) {
  const std::vector<NodeRecord> nodes{
      node_with("a", {{"kernel.release", "6.1"}, {"cpu.model", "X"}}),
      node_with("b", {{"kernel.release", "6.2"}, {"cpu.model", "X"}}),
      node_with("c", {{"kernel.release", "6.1"}, {"cpu.model", "X"}, {"env.UCX_TLS", "tcp"}})};
  const auto findings = compare_nodes(nodes);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].node, "b");
  EXPECT_EQ(findings[0].what, "kernel.release is 6.2; 2 nodes have 6.1.");
  EXPECT_TRUE(compare_nodes({}).empty());
}

TEST(CompareNodes, LooksOnlyAtInterfacesInUse) {
  const auto node = [](const char* name, const char* mtu, const char* state) {
    return node_with(name, {{"nic.eth0.mtu_bytes", mtu},
                            {"nic.eth0.state", state},
                            {"nic.eth0.driver", "mlx5_core"},
                            {"nic.br0.mtu_bytes", mtu},
                            {"nic.br0.state", "up"}});
  };
  const std::vector<NodeRecord> nodes{node("a", "9000", "up"), node("b", "1500", "down"),
                                      node("c", "1500", "up")};
  const auto findings = compare_nodes(nodes);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].severity, Severity::problem);
  EXPECT_NE(findings[0].what.find("nic.eth0.mtu_bytes"), std::string::npos);
}

MachineFinding example(const std::string& node) {
  return {node, "governor", Severity::warning, "The governor is powersave.", "Slow \"starts\".", "cpupower"};
}

TEST(Findings, TellEqualOnesOnce) {
  std::vector<MachineFinding> findings;
  for (const char* node : {"n1", "n2", "n3", "n4", "n5", "n6"}) findings.push_back(example(node));
  EXPECT_EQ(findings_text(findings, false),
            "warning governor (n1, n2, n3, n4 and 2 more)\n  The governor is powersave.\n  Slow "
            "\"starts\".\n  mend: cpupower\n");
  EXPECT_EQ(findings_text({}, false), "Nothing found that would spoil numbers.\n");
  EXPECT_NE(findings_text(findings, true).find("\x1b[33m"), std::string::npos);
}

TEST(Findings, TravelAsJson) {
  const std::vector<MachineFinding> findings{example("n1"), example("n2")};
  EXPECT_EQ(findings_from_json(findings_to_json(findings)), findings);
  EXPECT_TRUE(findings_from_json("[]").empty());
}

TEST(Findings, RefuseHostileJson) {
  const std::string deep(100'000, '[');
  for (const std::string& text :
       {std::string(""), std::string("{}"), std::string("[1]"), std::string("[{}]"), std::string("null"),
        deep, std::string("[{\"node\":1}]"),
        std::string(R"([{"node":"a","id":"b","severity":"huge","what":"","effect":"","mend":""}])"),
        R"([{"node":")" + std::string(5000, 'x') +
            R"(","id":"b","severity":"info","what":"","effect":"","mend":""}])"})
    EXPECT_THROW((void)findings_from_json(text), RequestError) << text.substr(0, 60);
  const auto cleaned = findings_from_json(
      R"([{"node":"a\u001b[2J","id":"b","severity":"info","what":"","effect":"","mend":""}])");
  EXPECT_EQ(cleaned.at(0).node, "a?[2J");
}

}  // namespace
}  // namespace podbench
