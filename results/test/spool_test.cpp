#include "results/spool.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "base/error.hpp"
#include "results/codec.hpp"
#include "results/spool_file.hpp"
#include "results/test/sample_run.hpp"

namespace podbench {
namespace {

namespace fs = std::filesystem;
using test::sample_run;
using test::TemporaryFolder;

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void put_bytes(const fs::path& path, const std::string& bytes) {
  fs::remove(path);  // a file cut and written anew is flushed by some file systems, which costs seconds here
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

void write_spool(const fs::path& folder, const Run& run) {
  create_spool(folder, run.run);
  for (const LaunchRecord& launch : run.launches) {
    SpoolWriter writer(folder, launch.launch);
    writer.append(launch);
    for (const NodeRecord& node : run.nodes) writer.append(node);
    for (const CaseRecord& record : run.cases) {
      if (record.launch == launch.launch) writer.append(record);
    }
  }
}

void expect_equal(const CaseRecord& a, const CaseRecord& b) {
  EXPECT_EQ(encode(a), encode(b)) << a.key.name();
}

TEST(Spool, GivesBackWhatWasAppended) {
  const TemporaryFolder folder;
  const podbench::Run run = sample_run();
  write_spool(folder / "a.spool", run);
  const SpoolContents contents = read_spool(folder / "a.spool");
  EXPECT_TRUE(contents.problems.empty());
  EXPECT_TRUE(contents.run.run.complete);
  EXPECT_EQ(encode(contents.run.run), encode(run.run));
  ASSERT_EQ(contents.run.cases.size(), run.cases.size());
  for (std::size_t i = 0; i < run.cases.size(); ++i) expect_equal(contents.run.cases[i], run.cases[i]);
  ASSERT_EQ(contents.run.nodes.size(), 2U);
  EXPECT_EQ(contents.run.nodes[0].attributes, run.nodes[0].attributes);
  ASSERT_EQ(contents.run.launches.size(), 2U);
  EXPECT_EQ(contents.run.launches[1].hosts, run.launches[1].hosts);
}

TEST(Spool, CutAtEveryByteLosesOnlyTheRecordThatWasCut) {
  const TemporaryFolder folder;
  write_spool(folder / "a.spool", sample_run(3, 1, 2));
  const fs::path file = folder / "a.spool/launch-0.spool";
  const std::string whole = bytes_of(file);
  std::vector<std::size_t> ends;  // of whole records
  static_cast<void>(read_records(file, [&](std::span<const std::uint8_t> payload, std::uint64_t position) {
    ends.push_back(position + 16 + payload.size());
  }));
  ASSERT_EQ(ends.size(), 6U);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    put_bytes(file, whole.substr(0, length));
    std::size_t records = 0;
    const auto problems = read_records(file, [&](auto, auto) { ++records; });
    const auto expected =
        std::count_if(ends.begin(), ends.end(), [&](std::size_t end) { return end <= length; });
    ASSERT_EQ(records, static_cast<std::size_t>(expected)) << "cut to " << length;
    const bool at_an_end = length == 0 || std::count(ends.begin(), ends.end(), length) > 0;
    ASSERT_EQ(problems.size(), at_an_end ? 0U : 1U) << "cut to " << length;
  }
}

TEST(Spool, AFlippedBitCostsOneRecordAndIsNamed) {
  const TemporaryFolder folder;
  write_spool(folder / "a.spool", sample_run(3, 1, 2));
  const fs::path file = folder / "a.spool/launch-0.spool";
  const std::string whole = bytes_of(file);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
    put_bytes(file, damaged);
    std::size_t records = 0;
    const auto problems = read_records(file, [&](auto, auto) { ++records; });
    ASSERT_EQ(records, 5U) << "bit flipped in byte " << at;
    ASSERT_EQ(problems.size(), 1U);
    ASSERT_NE(problems[0].find("launch-0.spool"), std::string::npos);
  }
}

TEST(Spool, ACaseTriedAgainCountsOnce) {
  const TemporaryFolder folder;
  podbench::Run run = sample_run(1, 1, 2);
  create_spool(folder / "a.spool", run.run);
  SpoolWriter writer(folder / "a.spool", 0);
  run.cases[0].status = CaseStatus::contended;
  writer.append(run.cases[0]);
  run.cases[0].status = CaseStatus::good;
  writer.append(run.cases[0]);
  const SpoolContents contents = read_spool(folder / "a.spool");
  ASSERT_EQ(contents.run.cases.size(), 1U);
  EXPECT_EQ(contents.run.cases[0].status, CaseStatus::good);
}

TEST(Spool, WhatDiffersBetweenLaunchesIsKept) {
  const TemporaryFolder folder;
  create_spool(folder / "a.spool", {});
  SpoolWriter(folder / "a.spool", 0).append(NodeRecord{"n", {{"env.A", "1"}, {"env.B", "1"}}, {}});
  SpoolWriter(folder / "a.spool", 3).append(NodeRecord{"n", {{"env.A", "2"}, {"env.B", "1"}}, {}});
  SpoolWriter(folder / "a.spool", 12).append(LaunchRecord{12, "mpirun", {}, {}, {}});
  const SpoolContents contents = read_spool(folder / "a.spool");
  ASSERT_EQ(contents.run.nodes.size(), 1U);
  const std::map<std::string, std::string> expected = {
      {"env.A", "1"}, {"env.B", "1"}, {"launch.3.env.A", "2"}};
  EXPECT_EQ(contents.run.nodes[0].attributes, expected);
  EXPECT_FALSE(contents.run.run.complete);
}

// The difference of the two readings is what the whole run moved.
TEST(Spool, OfCountersTheFirstAndTheLastReadingAreKept) {
  const TemporaryFolder folder;
  create_spool(folder / "a.spool", {});
  const auto node = [](const std::string& before, const std::string& after) {
    return NodeRecord{"n",
                      {{"nic.eth0.before.rx_bytes", before},
                       {"nic.eth0.after.rx_bytes", after},
                       {"rdma.mlx5_0.port1.before.port_rcv_data", before},
                       {"rdma.mlx5_0.port1.after.port_rcv_data", after},
                       {"nic.eth0.mtu_bytes", before},
                       {"noise.before.missing_ns_per_second", before}},
                      {{"meminfo", before}}};
  };
  SpoolWriter(folder / "a.spool", 0).append(node("10", "20"));
  SpoolWriter(folder / "a.spool", 1).append(node("30", "40"));
  SpoolWriter(folder / "a.spool", 2).append(NodeRecord{"n", {{"nic.eth0.before.rx_bytes", "50"}}, {}});
  const SpoolContents contents = read_spool(folder / "a.spool");
  ASSERT_EQ(contents.run.nodes.size(), 1U);
  const std::map<std::string, std::string> expected = {{"nic.eth0.before.rx_bytes", "10"},
                                                       {"nic.eth0.after.rx_bytes", "40"},
                                                       {"rdma.mlx5_0.port1.before.port_rcv_data", "10"},
                                                       {"rdma.mlx5_0.port1.after.port_rcv_data", "40"},
                                                       {"nic.eth0.mtu_bytes", "10"},
                                                       {"launch.1.nic.eth0.mtu_bytes", "30"},
                                                       {"noise.before.missing_ns_per_second", "10"},
                                                       {"launch.1.noise.before.missing_ns_per_second", "30"}};
  EXPECT_EQ(contents.run.nodes[0].attributes, expected);
  EXPECT_EQ(contents.run.nodes[0].texts, (std::map<std::string, std::string>{{"meminfo", "10"}}));
}

TEST(Spool, ALaunchIsWrittenToAgain) {
  const TemporaryFolder folder;
  create_spool(folder / "a.spool", {});
  EXPECT_THROW(static_cast<void>(SpoolWriter::again(folder / "a.spool", 0)), RunError);
  SpoolWriter(folder / "a.spool", 0).append(NodeRecord{"n", {{"a", "1"}}, {}});
  SpoolWriter::again(folder / "a.spool", 0).append(NodeRecord{"n", {{"b", "2"}}, {}});
  const SpoolContents contents = read_spool(folder / "a.spool");
  EXPECT_TRUE(contents.problems.empty());
  ASSERT_EQ(contents.run.nodes.size(), 1U);
  EXPECT_EQ(contents.run.nodes[0].attributes, (std::map<std::string, std::string>{{"a", "1"}, {"b", "2"}}));
}

TEST(Spool, RefusesWhatIsThereAlready) {
  const TemporaryFolder folder;
  create_spool(folder / "a.spool", {});
  EXPECT_THROW(create_spool(folder / "a.spool", {}), RequestError);
  EXPECT_THROW(create_spool(folder / "missing/a.spool", {}), RequestError);
  const SpoolWriter writer(folder / "a.spool", 0);
  EXPECT_THROW(SpoolWriter(folder / "a.spool", 0), RunError);
  EXPECT_THROW(static_cast<void>(read_spool(folder.path())), RequestError);
}

TEST(Spool, RemovesOnlyItsOwnFiles) {
  const TemporaryFolder folder;
  write_spool(folder / "a.spool", sample_run());
  put_bytes(folder / "a.spool/mine.txt", "x");
  remove_spool(folder / "a.spool");
  EXPECT_TRUE(fs::exists(folder / "a.spool/mine.txt"));
  fs::remove(folder / "a.spool/mine.txt");
  remove_spool(folder / "a.spool");
  EXPECT_FALSE(fs::exists(folder / "a.spool"));
}

TEST(SpoolRecord, RefusesWhatIsNotOne) {
  const auto refused = [](std::vector<std::uint8_t> payload) {
    EXPECT_ANY_THROW(static_cast<void>(decode(payload)));
  };
  refused({});
  refused({0x81});
  refused(std::vector<std::uint8_t>(1U << 20, 0x81));         // a million nested arrays
  refused(std::vector<std::uint8_t>((1U << 22) + 16, 0x00));  // not one document
  refused({0xa1, 0x66, 'r', 'e', 'c', 'o', 'r', 'd', 0x63, 'f', 'o', 'x'});
  refused(
      {0xa2, 0x66, 'r', 'e', 'c', 'o', 'r', 'd', 0x63, 'r', 'u', 'n', 0x64, 's', 'e', 'e', 'd', 0x20});  // −1
}

}  // namespace
}  // namespace podbench
