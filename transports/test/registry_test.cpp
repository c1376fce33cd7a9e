#include "transports/registry.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"

namespace podbench {
namespace {

namespace fs = std::filesystem;

// A folder of plug-ins of this test's own.
class RegistryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "podbench_registry.XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }
  void put(const char* built, const std::string& as) { fs::copy_file(built, folder_ / as); }
  fs::path folder_;
};

TEST_F(RegistryTest, AWorkingPluginIsFoundByName) {
  put(REGISTRY_TEST_GOOD, "podbench_transport_good.so");
  const Registry registry({folder_});
  const TransportEntry& entry = registry.find("good");
  EXPECT_TRUE(entry.usable());
  EXPECT_EQ(entry.spec(), "good:second");  // the first device says that it cannot be used
  EXPECT_EQ(registry.transport(entry).name(), "good");
  EXPECT_FALSE(registry.find("good:first").usable());
}

TEST_F(RegistryTest, AnUnusableDeviceIsNotOpened) {
  put(REGISTRY_TEST_GOOD, "podbench_transport_good.so");
  const Registry registry({folder_});
  Rendezvous* const none = nullptr;
  try {
    std::ignore = registry.open("good:first", {}, *none);
    FAIL();
  } catch (const RunError& error) {
    EXPECT_NE(std::string(error.what()).find("not on Sundays"), std::string::npos) << error.what();
  }
}

TEST_F(RegistryTest, AMissingLibraryIsNamedWithAWayToGetIt) {
  put(REGISTRY_TEST_ORPHAN, "podbench_transport_orphan.so");
  const Registry registry({folder_});
  const TransportEntry& entry = registry.find("orphan");
  EXPECT_FALSE(entry.usable());
  EXPECT_NE(entry.device.unusable_reason.find("install the package that has libpodbench_absent"),
            std::string::npos)
      << entry.device.unusable_reason;
  EXPECT_EQ(entry.device.unusable_reason.find('\n'), std::string::npos);
}

TEST_F(RegistryTest, WhatIsNoPluginIsListedWithItsReason) {
  std::ofstream(folder_ / "podbench_transport_text.so") << "not a library\n";
  put(REGISTRY_TEST_EMPTY, "podbench_transport_mpi-some.so");
  const Registry registry({folder_});
  EXPECT_FALSE(registry.find("text").usable());
  EXPECT_NE(registry.find("mpi:some").device.unusable_reason.find("podbench_transport_v2"),
            std::string::npos);
}

TEST_F(RegistryTest, UnknownNamesAreTheUsersMistake) {
  put(REGISTRY_TEST_GOOD, "podbench_transport_good.so");
  const Registry registry({folder_});
  for (const char* spec : {"goof", "good:third", "", ":"}) {
    SCOPED_TRACE(spec);
    EXPECT_THROW(std::ignore = registry.find(spec), RequestError);
  }
}

TEST_F(RegistryTest, EarlierFoldersWin) {
  fs::create_directory(folder_ / "first");
  std::ofstream(folder_ / "first" / "podbench_transport_good.so") << "not a library\n";
  put(REGISTRY_TEST_GOOD, "podbench_transport_good.so");
  const Registry registry({folder_ / "first", folder_});
  EXPECT_FALSE(registry.find("good").usable());
}

TEST_F(RegistryTest, TheEnvironmentNamesFolders) {
  put(REGISTRY_TEST_GOOD, "podbench_transport_good.so");
  setenv("PODBENCH_TRANSPORT_PATH", ("/nowhere:" + folder_.string() + ":").c_str(), 1);
  const Registry registry;
  unsetenv("PODBENCH_TRANSPORT_PATH");
  EXPECT_TRUE(registry.find("good").usable());
}

TEST_F(RegistryTest, EntriesAreSortedAndUsableOnesComeFirst) {
  put(REGISTRY_TEST_GOOD, "podbench_transport_good.so");
  put(REGISTRY_TEST_ORPHAN, "podbench_transport_abc.so");
  const Registry registry({folder_});
  std::vector<std::string> specs;
  for (const TransportEntry& entry : registry.entries())
    if (entry.name == "abc" || entry.name == "good") specs.push_back(entry.spec());
  EXPECT_EQ(specs, (std::vector<std::string>{"abc", "good:second", "good:first"}));
}

}  // namespace
}  // namespace podbench
