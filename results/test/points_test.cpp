// One figure a case of many files: right for good files, whatever lies beside them.
#include "results/points.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cmath>
#include <fstream>

#include "base/error.hpp"
#include "results/hdf5.hpp"
#include "results/store.hpp"
#include "results/test/sample_run.hpp"

namespace podbench {
namespace {

namespace fs = std::filesystem;
using test::sample_run;
using test::sample_summaries;
using test::TemporaryFolder;

class Points : public ::testing::Test {
 protected:
  fs::path write(const std::string& name) {
    podbench::Run run = sample_run();
    run.run.run_id = name;
    std::vector<CaseSummary> summaries = sample_summaries(run);
    summaries[2].status = CaseStatus::wrong_data;
    write_run(run, summaries, folder_ / name);
    return folder_ / name;
  }

  static std::vector<RunPoints> read(const std::vector<fs::path>& files, unsigned at_once = 2) {
    std::vector<RunPoints> all(files.size());
    read_points(files, at_once, [&](std::size_t file, RunPoints&& points) { all[file] = std::move(points); });
    return all;
  }

  static void expect_good(const RunPoints& points, const std::string& name) {
    EXPECT_EQ(points.problem, "");
    EXPECT_EQ(points.run_id, name);
    EXPECT_EQ(points.started_utc, "2026-01-02T03:04:05Z");
    EXPECT_EQ(points.pod, "pod-7");
    EXPECT_TRUE(points.complete);
    EXPECT_EQ(points.hosts, (std::vector<std::string>{"..", "node/a"}));
    ASSERT_EQ(points.series_id.size(), 3U);
    EXPECT_EQ(points.series_id[0], sample_run().cases[0].key.series_id());
    EXPECT_EQ(points.p50_ns[0], 1024);
    EXPECT_EQ(points.p50_ns[1], 2048);
    EXPECT_EQ(points.p99_ns[0], 507);  // of 502 and 512
    EXPECT_TRUE(std::isnan(points.p50_ns[2])) << "wrong data has no time";
    EXPECT_TRUE(std::isnan(points.p99_ns[2]));
  }

  TemporaryFolder folder_;
};

TEST_F(Points, OfManyFilesInSeveralChildren) {
  std::vector<fs::path> files;
  for (int i = 0; i < 30; ++i) files.push_back(write(std::to_string(i) + ".h5"));
  const std::vector<RunPoints> all = read(files, 3);
  for (std::size_t i = 0; i < all.size(); ++i) expect_good(all[i], std::to_string(i) + ".h5");
}

TEST_F(Points, ABadFileHarmsNoOther) {
  std::vector<fs::path> files = {write("a.h5"),       folder_ / "cut.h5",    write("b.h5"),
                                 folder_ / "text.h5", folder_ / "absent.h5", folder_ / "pipe.h5",
                                 write("c.h5")};
  fs::copy_file(files[0], files[1]);
  fs::resize_file(files[1], fs::file_size(files[1]) / 2);
  std::ofstream(files[3]) << "not HDF5\n";
  ASSERT_EQ(::mkfifo(files[5].c_str(), 0600), 0);
  const std::vector<RunPoints> all = read(files);
  expect_good(all[0], "a.h5");
  expect_good(all[2], "b.h5");
  expect_good(all[6], "c.h5");
  for (const std::size_t bad : {1, 3, 4, 5}) {
    EXPECT_NE(all[bad].problem.find(files[bad].string()), std::string::npos) << all[bad].problem;
    EXPECT_EQ(all[bad].problem.find('\n'), std::string::npos);
    EXPECT_TRUE(all[bad].series_id.empty());
  }
}

TEST_F(Points, AbsurdSizesAreRefused) {
  const fs::path file = write("a.h5");
  {
    const h5::Quiet quiet;
    const h5::Id open(H5Fopen(file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose, "open");
    h5::check(H5Ldelete(open, "summary/p50", H5P_DEFAULT), "remove");
    const hsize_t size = 1ULL << 40, chunk = 65'536;
    const h5::Id space(H5Screate_simple(1, &size, nullptr), H5Sclose, "space");
    const h5::Id layout(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "layout");
    H5Pset_chunk(layout, 1, &chunk);
    const h5::Id p50(H5Dcreate2(open, "summary/p50", H5T_IEEE_F64LE, space, H5P_DEFAULT, layout, H5P_DEFAULT),
                     H5Dclose, "p50");
  }
  EXPECT_NE(read({file}).front().problem.find("claims more"), std::string::npos);
}

TEST_F(Points, KeysAreThoseOfTheCases) {
  const std::vector<CaseKey> keys = read_keys(write("a.h5"));
  EXPECT_EQ(keys, distinct_cases(sample_run()));
}

TEST_F(Points, ASeriesIdThatLiesIsRefused) {
  const fs::path file = write("a.h5");
  {
    const h5::Quiet quiet;
    const h5::Id open(H5Fopen(file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose, "open");
    h5::check(H5Ldelete(open, "cases/series_id", H5P_DEFAULT), "remove");
    static_cast<void>(h5::write_array<std::uint64_t>(open, "cases/series_id", {3}, {1, 2, 3}));
  }
  EXPECT_THROW(static_cast<void>(read_keys(file)), RequestError);
}

}  // namespace
}  // namespace podbench
