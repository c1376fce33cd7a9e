// Which program starts which library's ranks, told by programs made up for the test.
#include "transports/mpi/launcher.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace podbench::mpi {
namespace {

class LauncherTest : public ::testing::Test {
 protected:
  LauncherTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "podbench-launcher-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~LauncherTest() override { std::filesystem::remove_all(folder_); }

  void program(const std::string& name, const std::string& content, bool executable = true) const {
    const std::filesystem::path file = folder_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
    if (executable) std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  }
  [[nodiscard]] std::string at(const std::string& name) const { return (folder_ / name).string(); }
  [[nodiscard]] std::string path() const { return "/nowhere::" + at("a") + ":" + at("b"); }

  std::filesystem::path folder_;
  const Launcher& openmpi_ = *launcher_of("openmpi");
  const Launcher& mpich_ = *launcher_of("mpich");
};

TEST_F(LauncherTest, TellsTwoProgramsOfOneNameApart) {
  program("a/mpirun", std::string("\0\0needs libopen-rte.so.40", 25));
  program("b/mpirun", std::string("\0HYDRA build details", 20));
  EXPECT_EQ(find_program(openmpi_, path()), at("a/mpirun"));
  EXPECT_EQ(find_program(mpich_, path()), at("b/mpirun"));
}

TEST_F(LauncherTest, PrefersTheNameThatSaysWhoseItIs) {
  program("a/mpiexec", "HYDRA");
  program("b/mpiexec.mpich", "HYDRA");
  EXPECT_EQ(find_program(mpich_, path()), at("b/mpiexec.mpich"));
}

TEST_F(LauncherTest, FindsNothingWhereNothingFits) {
  EXPECT_EQ(find_program(mpich_, path()), std::nullopt);
  EXPECT_EQ(find_program(mpich_, ""), std::nullopt);
  program("a/mpiexec", "HYDRA", false);
  program("b/mpiexec", "something else");
  EXPECT_EQ(find_program(mpich_, path()), std::nullopt);
}

TEST_F(LauncherTest, SaysWhereTheRanksGo) {
  for (const Launcher* launcher : {&openmpi_, &mpich_}) {
    const auto command = launch_command(*launcher, "/opt/bin/mpirun", false);
    EXPECT_EQ(command.front(), "/opt/bin/mpirun");
    EXPECT_EQ(std::ranges::count(command, "{ranks}"), 1);
  }
}

TEST_F(LauncherTest, AsksOpenMpiToRunAsRootOnlyForRoot) {
  const auto has = [this](bool as_root) {
    const auto command = launch_command(openmpi_, "mpirun", as_root);
    return std::ranges::count(command, "--allow-run-as-root") == 1;
  };
  EXPECT_TRUE(has(true));
  EXPECT_FALSE(has(false));
}

TEST(LauncherOf, KnowsNoOtherLibrary) {
  EXPECT_EQ(launcher_of("lam"), nullptr);
}

}  // namespace
}  // namespace podbench::mpi
