// Files from a hostile or a clumsy hand: one clear line each, never a crash.
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <random>

#include "base/error.hpp"
#include "results/hdf5.hpp"
#include "results/reader.hpp"
#include "results/store.hpp"
#include "results/test/sample_run.hpp"

namespace podbench {
namespace {

namespace fs = std::filesystem;
using test::sample_run;
using test::sample_summaries;
using test::TemporaryFolder;

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void put_bytes(const fs::path& path, const std::string& bytes) {
  fs::remove(path);  // a file cut and written anew is flushed by some file systems, which costs seconds here
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// What a person reads; empty where the file was taken.
std::string complaint(const fs::path& path) {
  try {
    static_cast<void>(read_summary(path));
    static_cast<void>(read_run(path));
  } catch (const RequestError& error) {
    return error.what();
  }
  return "";
}

class HostileFile : public ::testing::Test {
 protected:
  void SetUp() override {
    const podbench::Run run = sample_run();
    write_run(run, sample_summaries(run), path_);
  }

  // Changes the file with the C library, as its author might.
  template <typename Change>
  std::string after(const Change& change) {
    {
      const h5::Quiet quiet;
      const h5::Id file(H5Fopen(path_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose, "open");
      change(file);
    }
    const std::string line = complaint(path_);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_NE(line.find(path_.string()), std::string::npos) << line;
    return line;
  }

  static void remove(hid_t file, const char* name) {
    h5::check(H5Ldelete(file, name, H5P_DEFAULT), "remove");
  }

  TemporaryFolder folder_;
  fs::path path_ = folder_ / "a.h5";
};

TEST_F(HostileFile, UnknownMajorIsRefusedByName) {
  EXPECT_NE(after([](hid_t file) {
              H5Adelete(file, "schema_version");
              h5::set_attribute(file, "schema_version", std::string("2.0"));
            }).find("schema 2.0"),
            std::string::npos);
}

TEST_F(HostileFile, NewerMinorReads) {
  const h5::Quiet quiet;
  {
    const h5::Id file(H5Fopen(path_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose, "open");
    H5Adelete(file, "schema_version");
    h5::set_attribute(file, "schema_version", std::string("1.7"));
    static_cast<void>(h5::create_group(file, "from_the_future"));
  }
  EXPECT_EQ(complaint(path_), "");
}

TEST_F(HostileFile, OlderMinorReads) {
  {
    const h5::Quiet quiet;
    const h5::Id file(H5Fopen(path_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose, "open");
    for (const char* added : {"telemetry", "launches/started_ns", "launches/ended_ns"}) remove(file, added);
    H5Adelete(file, "schema_version");
    h5::set_attribute(file, "schema_version", std::string("1.0"));
  }
  const podbench::Run run = read_run(path_);
  EXPECT_EQ(run.cases.size(), sample_run().cases.size());
  EXPECT_EQ(run.cases.front().started_ns, 0);
  EXPECT_TRUE(run.telemetry.empty());
}

TEST_F(HostileFile, TelemetryIsChecked) {
  const auto replaced = [&](const char* name, const auto& values) {
    return after([&](hid_t file) {
      remove(file, name);
      static_cast<void>(h5::write_array(file, name, {values.size()}, values));
    });
  };
  const std::string whole = bytes_of(path_);
  const auto again = [&] { put_bytes(path_, whole); };
  EXPECT_NE(replaced("telemetry/offset", std::vector<std::uint64_t>{~std::uint64_t{0}, 2}).find("outside"),
            std::string::npos);
  again();
  EXPECT_NE(replaced("telemetry/count", std::vector<std::uint64_t>{2, 2}).find("outside"), std::string::npos);
  again();
  EXPECT_NE(replaced("telemetry/t", std::vector<std::int64_t>{2, 1, 3}).find("ascending"), std::string::npos);
  again();
  EXPECT_NE(replaced("telemetry/t", std::vector<std::int64_t>{-5, 1, 3}).find("ascending"),
            std::string::npos);
  again();
  EXPECT_NE(replaced("telemetry/t", std::vector<std::int64_t>{1, 2}).find("other times than values"),
            std::string::npos);
  again();
  EXPECT_NE(replaced("telemetry/value", std::vector<double>{1, HUGE_VAL, 3}).find("nobody"),
            std::string::npos);
}

TEST_F(HostileFile, ACaseEndsAfterItBegan) {
  EXPECT_NE(after([](hid_t file) {
              remove(file, "launches/ended_ns");
              static_cast<void>(
                  h5::write_array<std::int64_t>(file, "launches/ended_ns", {3, 2}, {5, 5, 5, 5, 5, 5}));
            }).find("before it began"),
            std::string::npos);
}

TEST_F(HostileFile, AnotherKindOfHdf5) {
  EXPECT_NE(after([](hid_t file) { H5Adelete(file, "schema"); }).find("not a podbench run"),
            std::string::npos);
}

TEST_F(HostileFile, LinksToElsewhereAreNotFollowed) {
  EXPECT_NE(after([](hid_t file) {
              remove(file, "config");
              H5Lcreate_external("/etc/passwd", "/config", file, "config", H5P_DEFAULT, H5P_DEFAULT);
            }).find("not followed"),
            std::string::npos);
}

TEST_F(HostileFile, SoftLinksAreNotFollowed) {
  EXPECT_NE(after([](hid_t file) {
              remove(file, "summary");
              H5Lcreate_soft("/cases", file, "summary", H5P_DEFAULT, H5P_DEFAULT);
            }).find("not followed"),
            std::string::npos);
}

TEST_F(HostileFile, CyclesEnd) {
  EXPECT_NE(after([](hid_t file) {
              remove(file, "env");
              H5Lcreate_hard(file, "/", file, "env", H5P_DEFAULT, H5P_DEFAULT);
            }).find("cannot use"),
            std::string::npos);
}

TEST_F(HostileFile, ExternalStorageIsNotRead) {
  EXPECT_NE(after([](hid_t file) {
              remove(file, "samples/t");
              const hsize_t size = 30;
              const h5::Id space(H5Screate_simple(1, &size, nullptr), H5Sclose, "space");
              const h5::Id layout(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "layout");
              H5Pset_external(layout, "/etc/passwd", 0, size * 8);
              const h5::Id t(
                  H5Dcreate2(file, "samples/t", H5T_STD_U64LE, space, H5P_DEFAULT, layout, H5P_DEFAULT),
                  H5Dclose, "t");
            }).find("elsewhere"),
            std::string::npos);
}

TEST_F(HostileFile, AbsurdSizesCostNothing) {
  for (const bool chunked : {false, true}) {
    SCOPED_TRACE(chunked);
    const std::string line = after([&](hid_t file) {
      if (h5::has(file, "samples/t")) remove(file, "samples/t");
      const hsize_t size = 1ULL << 40, chunk = 65'536;
      const h5::Id space(H5Screate_simple(1, &size, nullptr), H5Sclose, "space");
      const h5::Id layout(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "layout");
      if (chunked) H5Pset_chunk(layout, 1, &chunk);
      const h5::Id t(H5Dcreate2(file, "samples/t", H5T_STD_U64LE, space, H5P_DEFAULT, layout, H5P_DEFAULT),
                     H5Dclose, "t");
    });
    EXPECT_NE(line.find("claims more"), std::string::npos) << line;
  }
}

TEST_F(HostileFile, TypesAreChecked) {
  EXPECT_NE(
      after([](hid_t file) {
        remove(file, "samples/count");
        static_cast<void>(h5::write_array<std::int64_t>(file, "samples/count", {3, 2}, {-5, 5, 5, 5, 5, 5}));
      }).find("negative"),
      std::string::npos);
  EXPECT_NE(after([](hid_t file) {
              remove(file, "samples/count");
              static_cast<void>(h5::write_array<double>(file, "samples/count", {3, 2}, {5, 5, 5, 5, 5, 5}));
            }).find("another type"),
            std::string::npos);
  EXPECT_NE(
      after([](hid_t file) {
        remove(file, "samples/count");
        static_cast<void>(h5::write_array<std::uint64_t>(file, "samples/count", {6}, {5, 5, 5, 5, 5, 5}));
      }).find("shape"),
      std::string::npos);
}

TEST_F(HostileFile, SamplesStayInsideTheirList) {
  for (const std::uint64_t absurd : {std::uint64_t{1} << 63, ~std::uint64_t{0}, std::uint64_t{26}}) {
    EXPECT_NE(after([&](hid_t file) {
                remove(file, "samples/offset");
                static_cast<void>(
                    h5::write_array<std::uint64_t>(file, "samples/offset", {3, 2}, {absurd, 0, 0, 0, 0, 0}));
              }).find("outside"),
              std::string::npos);
  }
}

TEST_F(HostileFile, CodesNeedLabels) {
  EXPECT_NE(after([](hid_t file) {
              remove(file, "cases/transport");
              static_cast<void>(h5::write_array<std::uint16_t>(file, "cases/transport", {3}, {0, 1, 9}));
            }).find("without a label"),
            std::string::npos);
}

TEST_F(HostileFile, EveryPieceIsMissed) {
  const std::string whole = bytes_of(path_);
  for (const char* name : {"case", "launch", "config", "env", "cases", "cases/options", "summary/p50",
                           "launches/status", "samples", "samples/t", "launches/started_ns", "telemetry",
                           "telemetry/t", "telemetry/limit", "ranks/exit_ns", "matrix", "wrong_data/found"}) {
    put_bytes(path_, whole);
    EXPECT_NE(after([&](hid_t file) { remove(file, name); }).find("missing"), std::string::npos) << name;
  }
}

TEST(NotARunFile, IsNamed) {
  const TemporaryFolder folder;
  EXPECT_NE(complaint(folder / "none.h5").find("no file"), std::string::npos);
  EXPECT_NE(complaint(folder.path()).find("not a regular file"), std::string::npos);
  put_bytes(folder / "empty.h5", "");
  EXPECT_NE(complaint(folder / "empty.h5").find("cannot use"), std::string::npos);
  ASSERT_EQ(::mkfifo((folder / "fifo.h5").c_str(), 0600), 0);
  EXPECT_NE(complaint(folder / "fifo.h5").find("not a regular file"), std::string::npos);
}

TEST_F(HostileFile, CutAnywhereIsOneLine) {
  const std::string whole = bytes_of(path_);
  for (std::size_t length = 0; length < whole.size(); length += 1 + whole.size() / 100) {
    put_bytes(path_, whole.substr(0, length));
    ASSERT_NE(complaint(path_).find("cannot use"), std::string::npos) << "cut to " << length;
  }
}

#ifdef __SANITIZE_ADDRESS__
constexpr int usual_mutations = 300;  // a process of this size takes long to fork
#else
constexpr int usual_mutations = 1'000;
#endif

// Damages a few bytes at a time. PODBENCH_MUTATIONS asks for a longer try.
TEST_F(HostileFile, DamagedBytesNeverCrash) {
  const std::string whole = bytes_of(path_);
  const char* wanted = std::getenv("PODBENCH_MUTATIONS");
  const int mutations = wanted != nullptr ? std::atoi(wanted) : usual_mutations;
  std::mt19937_64 random(20'260'101);
  int refused = 0;
  for (int i = 0; i < mutations; ++i) {
    std::string damaged = whole;
    for (auto flips = 1 + random() % 4; flips > 0; --flips) {
      const std::size_t at = random() % damaged.size();
      damaged[at] = static_cast<char>(random() % 3 == 0 ? 0xff : random());
    }
    put_bytes(path_, damaged);
    if (!complaint(path_).empty()) ++refused;
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace podbench
