#include "bench/machine/record.hpp"

#include <gtest/gtest.h>

#include "bench/machine/record_parts.hpp"
#include "bench/machine/test/fake_root.hpp"

namespace podbench {
namespace {

std::string attribute(const NodeRecord& record, const std::string& name) {
  const auto it = record.attributes.find(name);
  return it == record.attributes.end() ? "(none)" : it->second;
}

NodeRecord record_of(const FakeRoot& fake, std::vector<std::string> environment = {}) {
  return record_node("pod-a1", fake.root(), read_topology("package:2 numa:1 l3:1(size=33554432) core:4 pu:2"),
                     environment);
}

void write_machine(FakeRoot& fake) {
  const std::string cpu = "/sys/devices/system/cpu";
  fake.file("/proc/cpuinfo",
            "processor\t: 0\nvendor_id\t: Maker\nmodel name\t: Fast CPU\nmicrocode\t: 0x2b\n"
            "flags\t\t: fpu hypervisor sse\n\nprocessor\t: 1\nmodel name\t: Other\n");
  for (int i = 0; i < 16; ++i)
    fake.file(cpu + "/cpu" + std::to_string(i) + "/cpufreq/scaling_governor",
              i < 15 ? "performance\n" : "powersave\n");
  fake.file(cpu + "/intel_pstate/no_turbo", "1\n")
      .file(cpu + "/smt/active", "1\n")
      .file(cpu + "/online", "0-15\n");
  fake.file("/sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
  fake.file("/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
  fake.file("/proc/sys/kernel/osrelease", "6.1.0-test\n").file("/proc/sys/kernel/yama/ptrace_scope", "1\n");
  fake.file("/proc/meminfo",
            "MemTotal:       1024 kB\nHugePages_Total:       8\nHugepagesize:       2048 kB\n");
  fake.file("/proc/self/limits",
            "Limit   Soft Limit   Hard Limit   Units\nMax locked memory         8388608              "
            "unlimited            bytes\n");
  fake.file("/etc/os-release", "NAME=x\nPRETTY_NAME=\"Some Linux 12\"\n");
  fake.file("/proc/self/cgroup", "0::/user.slice/job_7\n")
      .file("/sys/fs/cgroup/user.slice/job_7/cpu.max", "200000 100000\n");
  fake.file("/.dockerenv", "");
  fake.file("/sys/devices/system/node/node0/distance", "10 21\n")
      .file("/sys/devices/system/node/node1/distance", "21 10\n")
      .file("/sys/devices/system/node/online", "0-1\n");
}

TEST(Record, TakesDownTheMachine) {
  FakeRoot fake;
  write_machine(fake);
  const NodeRecord record = record_of(fake);
  EXPECT_EQ(record.node, "pod-a1");
  EXPECT_EQ(attribute(record, "cpu.model"), "Fast CPU");
  EXPECT_EQ(attribute(record, "cpu.packages"), "2");
  EXPECT_EQ(attribute(record, "cpu.cores"), "8");
  EXPECT_EQ(attribute(record, "cpu.threads"), "16");
  EXPECT_EQ(attribute(record, "numa.nodes"), "2");
  EXPECT_EQ(attribute(record, "cpu.governor"), "performance x 15, powersave x 1");
  EXPECT_EQ(attribute(record, "cpu.turbo"), "off");
  EXPECT_EQ(attribute(record, "cpu.smt"), "on");
  EXPECT_EQ(attribute(record, "cpu.caches"), "L3 32MiB x 2");
  EXPECT_NE(attribute(record, "cpu.topology").find("L3Cache"), std::string::npos);
  EXPECT_EQ(attribute(record, "numa.cpus"), "0: 0-7; 1: 8-15");
  EXPECT_EQ(attribute(record, "numa.distances"), "10 21; 21 10");
  EXPECT_EQ(attribute(record, "clock.source"), "tsc");
  EXPECT_EQ(attribute(record, "memory.thp"), "madvise");
  EXPECT_EQ(attribute(record, "memory.total_bytes"), "1048576");
  EXPECT_EQ(attribute(record, "memory.hugepages_total"), "8");
  EXPECT_EQ(attribute(record, "kernel.release"), "6.1.0-test");
  EXPECT_EQ(attribute(record, "kernel.ptrace_scope"), "1");
  EXPECT_EQ(attribute(record, "limits.memlock_soft_bytes"), "8388608");
  EXPECT_EQ(attribute(record, "limits.memlock_hard_bytes"), "unlimited");
  EXPECT_EQ(attribute(record, "os.name"), "Some Linux 12");
  EXPECT_EQ(attribute(record, "cgroup.cpu.max"), "200000 100000");
  EXPECT_EQ(attribute(record, "machine.virtual"), "yes");
  EXPECT_EQ(attribute(record, "machine.container"), "docker");
  EXPECT_EQ(record.texts.at("cpuinfo").find("Other"), std::string::npos);
}

TEST(Record, TakesDownInterfacesAndTheirCounters) {
  FakeRoot fake;
  fake.file("/sys/class/net/lo/mtu", "65536\n")
      .file("/sys/class/net/eth2/mtu", "9000\n")
      .file("/sys/class/net/eth2/speed", "100000\n");
  fake.file("/sys/class/net/eth2/operstate", "up\n")
      .link("/sys/class/net/eth2/device/driver", "../../../../../drivers/mlx5_core")
      .file("/drivers/mlx5_core/module/version", "24.10-1.1.4\n")
      .file("/sys/class/net/eth2/device/numa_node", "1\n");
  fake.file("/sys/class/net/eth2/statistics/rx_bytes", "10\n").file("/sys/class/net/tun0/speed", "-1\n");
  fake.file("/sys/class/infiniband/mlx5_0/fw_ver", "28.39\n")
      .file("/sys/class/infiniband/mlx5_0/ports/1/rate", "400 Gb/sec (4X NDR)\n")
      .file("/sys/class/infiniband/mlx5_0/ports/1/gid_attrs/ndevs/0", "eth2\n");
  fake.file("/proc/net/route",
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n"
            "eth3\t0000000A\t00000000\t0001\t0\t0\t0\t000000FF\n"
            "eth2\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\n");
  fake.file("/sys/class/infiniband/mlx5_0/ports/1/counters/port_rcv_data", "77\n")
      .file("/sys/class/infiniband/mlx5_0/ports/1/hw_counters/out_of_sequence", "5\n");
  NodeRecord record = record_of(fake);
  EXPECT_EQ(attribute(record, "nic.eth2.mtu_bytes"), "9000");
  EXPECT_EQ(attribute(record, "nic.eth2.rate_mbps"), "100000");
  EXPECT_EQ(attribute(record, "nic.eth2.driver"), "mlx5_core");
  EXPECT_EQ(attribute(record, "nic.eth2.driver_version"), "24.10-1.1.4");
  EXPECT_EQ(attribute(record, "nic.eth2.numa"), "1");
  EXPECT_EQ(attribute(record, "nic.eth2.before.rx_bytes"), "10");
  EXPECT_EQ(attribute(record, "nic.lo.mtu_bytes"), "(none)");
  EXPECT_EQ(attribute(record, "nic.tun0.rate_mbps"), "(none)");
  EXPECT_EQ(attribute(record, "rdma.mlx5_0.port1.rate"), "400 Gb/sec (4X NDR)");
  EXPECT_EQ(attribute(record, "rdma.mlx5_0.port1.netdev"), "eth2");
  EXPECT_EQ(attribute(record, "net.default_route"), "eth2");
  EXPECT_EQ(attribute(record, "rdma.mlx5_0.port1.before.port_rcv_data"), "77");
  EXPECT_EQ(attribute(record, "rdma.mlx5_0.port1.before.out_of_sequence"), "5");
  fake.file("/sys/class/net/eth2/statistics/rx_bytes", "12\n");
  fake.file("/sys/class/infiniband/mlx5_0/ports/1/counters/port_rcv_data", "79\n");
  record_counters(fake.root(), "after", record);
  EXPECT_EQ(attribute(record, "rdma.mlx5_0.port1.after.port_rcv_data"), "79");
  EXPECT_EQ(attribute(record, "nic.eth2.before.rx_bytes"), "10");
  EXPECT_EQ(attribute(record, "nic.eth2.after.rx_bytes"), "12");
}

TEST(Record, KeepsTheLibrariesVariablesAndMasksSecrets) {
  const FakeRoot fake;
  const NodeRecord record =
      record_of(fake, {"UCX_TLS=tcp,self",
                       "FI_PROVIDER=tcp",
                       "NCCL_DEBUG=INFO",
                       "SLURM_NTASKS=4",
                       "OMPI_MCA_btl=self",
                       "PMIX_RANK=0",
                       "MPICH_ASYNC=1",
                       "PODBENCH_LAUNCH_SECRET=hunter2",
                       "PODBENCH_ADDRESS=10.0.3.2",
                       "PODBENCH_RANK=0",
                       "PODBENCH_RANKS=2",
                       "PODBENCH_STORE=127.0.0.1:4711",
                       "SLURM_JWT=a.b.c",
                       "UCX_MY_password=x",
                       "FI_AUTH_KEY=1",
                       "OMPI_MCA_orte_precondition_transports=0123456789abcdef-0123456789abcdef",
                       "PODBENCH_ODD=3f786850e387550fdab836ed7e6dc881de23001b",
                       "FI_STORE=http://me:hunter2@host:9/x",
                       "HOME=/root",
                       "PATH=/bin",
                       "AWS_SECRET=x",
                       "UCX_",
                       "=",
                       "",
                       "UCX_LONG=" + std::string(100'000, ' '),
                       "UCX_BINARY=\x01\xff\n"});
  EXPECT_EQ(attribute(record, "env.UCX_TLS"), "tcp,self");
  EXPECT_EQ(attribute(record, "env.FI_PROVIDER"), "tcp");
  EXPECT_EQ(attribute(record, "env.NCCL_DEBUG"), "INFO");
  EXPECT_EQ(attribute(record, "env.SLURM_NTASKS"), "4");
  EXPECT_EQ(attribute(record, "env.MPICH_ASYNC"), "1");
  EXPECT_EQ(attribute(record, "env.PMIX_RANK"), "0");
  EXPECT_EQ(attribute(record, "env.OMPI_MCA_btl"), "self");
  for (const char* secret : {"PODBENCH_LAUNCH_SECRET", "SLURM_JWT", "UCX_MY_password", "FI_AUTH_KEY",
                             "PODBENCH_ODD", "FI_STORE", "OMPI_MCA_orte_precondition_transports"})
    EXPECT_EQ(attribute(record, std::string("env.") + secret), "(masked)") << secret;
  EXPECT_EQ(attribute(record, "env.PODBENCH_ADDRESS"), "10.0.3.2");
  for (const char* other :
       {"HOME", "PATH", "AWS_SECRET", "PODBENCH_RANK", "PODBENCH_RANKS", "PODBENCH_STORE"})
    EXPECT_EQ(attribute(record, std::string("env.") + other), "(none)");
  EXPECT_EQ(attribute(record, "env.UCX_LONG").size(), 4096u);
  EXPECT_EQ(attribute(record, "env.UCX_BINARY"), "??\n");
  for (const auto& [name, value] : record.attributes) {
    EXPECT_EQ(value.find("hunter2"), std::string::npos) << name;
    EXPECT_EQ(value.find("3f786850"), std::string::npos) << name;
  }
}

TEST(Record, TakesDownTurboWhereverTheKernelHasIt) {
  for (const auto& [file, content, expected] :
       {std::tuple("intel_pstate/no_turbo", "0\n", "on"), std::tuple("intel_pstate/no_turbo", "1\n", "off"),
        std::tuple("cpufreq/boost", "1\n", "on"), std::tuple("cpufreq/boost", "0\n", "off")}) {
    FakeRoot fake;
    fake.file(std::string("/sys/devices/system/cpu/") + file, content);
    EXPECT_EQ(attribute(record_of(fake), "cpu.turbo"), expected) << file << " " << content;
  }
}

TEST(Record, TakesDownThatNodesShareCores) {
  const FakeRoot fake;
  setenv("PODBENCH_SHARED_CORES", "1", 1);
  EXPECT_EQ(attribute(record_of(fake), "cpu.shared_cores"), "1");
  unsetenv("PODBENCH_SHARED_CORES");
  EXPECT_FALSE(record_of(fake).attributes.contains("cpu.shared_cores"));
}

TEST(Record, TakesDownWhereEachRankRuns) {
  NodeRecord record;
  record_pinning({{0, "0"}, {1, "1"}, {4, "2-3"}, {5, "2-3"}, {7, "2-3"}}, "a core a rank", record);
  EXPECT_EQ(attribute(record, "pinning.ranks"), "0: 0; 1: 1; 4-5,7: 2-3");
  EXPECT_EQ(attribute(record, "pinning.why"), "a core a rank");
}

TEST(Record, SurvivesAnEmptyRootAndJunk) {
  const FakeRoot empty;
  EXPECT_EQ(attribute(record_of(empty), "cpu.cores"), "8");
  FakeRoot junk;
  std::string binary(300'000, '\0');
  for (std::size_t i = 0; i < binary.size(); ++i) binary[i] = static_cast<char>(i * 7 % 256);
  for (const char* file :
       {"/proc/cpuinfo", "/proc/meminfo", "/proc/self/limits", "/proc/self/cgroup", "/etc/os-release",
        "/sys/kernel/mm/transparent_hugepage/enabled", "/sys/class/net/e\xffth0/mtu",
        "/sys/class/net/eth0/speed", "/sys/class/net/eth0/statistics/rx_bytes"})
    junk.file(file, binary);
  const NodeRecord record = record_of(junk);
  for (const auto& [name, value] : record.attributes) {
    EXPECT_LE(value.size(), 64u * 1024) << name;
    EXPECT_EQ(printable_ascii(name + value), name + value);
  }
}

// A path from /proc/self/cgroup goes into file names, so it may not climb.
TEST(Record, ACgroupPathDoesNotClimb) {
  FakeRoot fake;
  fake.file("/proc/self/cgroup", "5:cpu:/v1\n0::/a/../../etc\n");
  EXPECT_EQ(cgroup_folder(fake.root()), "");
  fake.file("/proc/self/cgroup", "5:cpu:/v1\n0::/a/b\n");
  EXPECT_EQ(cgroup_folder(fake.root()), "/a/b");
  fake.file("/proc/self/cgroup", "0::/\n");
  EXPECT_EQ(cgroup_folder(fake.root()), "");
}

TEST(Record, TakesDownThisMachineAndItsNoise) {
  NodeRecord record = record_node("here");
  EXPECT_NE(attribute(record, "kernel.release"), "(none)");
  record_noise({.quantum_ns = 20'000,
                .quanta = 5,
                .missing_ns_per_second = 1234.4,
                .largest_interruption_ns = 99,
                .interruptions_per_second = 2.5},
               "after", record);
  EXPECT_EQ(attribute(record, "noise.after.missing_ns_per_second"), "1234");
  EXPECT_EQ(attribute(record, "noise.after.largest_interruption_ns"), "99");
}

}  // namespace
}  // namespace podbench
