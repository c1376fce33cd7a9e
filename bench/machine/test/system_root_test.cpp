#include "bench/machine/system_root.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "bench/machine/test/fake_root.hpp"

namespace podbench {
namespace {

TEST(SystemRoot, ReadsLinesAndNumbers) {
  FakeRoot fake;
  fake.file("/a", "  17\n18\n").file("/words", "one\ttwo\n").file("/empty", "").file("/text", "17 bytes\n");
  EXPECT_EQ(fake.root().line("/a"), "17");
  EXPECT_EQ(fake.root().number("/a"), 17);
  EXPECT_EQ(fake.root().line("/words"), "one two");
  EXPECT_EQ(fake.root().line("/empty"), "");
  EXPECT_EQ(fake.root().number("/empty"), std::nullopt);
  EXPECT_EQ(fake.root().number("/text"), std::nullopt);
  EXPECT_EQ(fake.root().line("/none"), std::nullopt);
  EXPECT_FALSE(fake.root().exists("/none"));
}

TEST(SystemRoot, BoundsAndCleansWhateverItReads) {
  FakeRoot fake;
  std::string junk;
  for (int i = 0; i < 256; ++i) junk += static_cast<char>(i);
  fake.file("/junk", junk)
      .file("/huge", std::string(10'000'000, 'x'))
      .file("/number", std::string(1000, '9'));
  const std::string clean = fake.root().read("/junk").value();
  EXPECT_EQ(clean.size(), 256u);
  for (const char c : clean) EXPECT_TRUE((c >= 0x20 && c <= 0x7e) || c == '\n' || c == '\t');
  EXPECT_EQ(fake.root().read("/huge")->size(), 64u * 1024);
  EXPECT_EQ(fake.root().line("/huge")->size(), 4096u);
  EXPECT_EQ(fake.root().number("/number"), std::nullopt);
}

TEST(SystemRoot, NeverWaitsAndNeverThrows) {
  FakeRoot fake;
  fake.file("/folder/file", "x");
  ASSERT_EQ(mkfifo(fake.root().path("/fifo").c_str(), 0600), 0);
  EXPECT_EQ(fake.root().line("/fifo"), "");
  EXPECT_EQ(fake.root().line("/folder"), std::nullopt);
  EXPECT_TRUE(fake.root().list("/folder/file").empty());
  EXPECT_TRUE(fake.root().list("/none").empty());
}

TEST(SystemRoot, ListsInNaturalOrder) {
  FakeRoot fake;
  for (const char* name : {"cpu10", "cpu2", "cpu1", "cpufreq", "cpu02x"})
    fake.file(std::string("/cpu/") + name, "");
  EXPECT_EQ(fake.root().list("/cpu"),
            (std::vector<std::string>{"cpu1", "cpu2", "cpu02x", "cpu10", "cpufreq"}));
}

TEST(SystemRoot, NamesWhatALinkPointsTo) {
  FakeRoot fake;
  fake.link("/device/driver", "../../bus/pci/drivers/mlx5_core").file("/plain", "");
  EXPECT_EQ(fake.root().link_name("/device/driver"), "mlx5_core");
  EXPECT_EQ(fake.root().link_name("/plain"), std::nullopt);
}

TEST(SystemText, TakesValuesOutOfLines) {
  const std::string text =
      "processor\t: 0\nmodel name\t: A B\nMemTotal:   12 kB\nMax locked memory   8192   unlimited   bytes\n";
  EXPECT_EQ(value_of(text, "model name"), "A B");
  EXPECT_EQ(value_of(text, "MemTotal"), "12 kB");
  EXPECT_EQ(value_of(text, "Max locked memory"), "8192   unlimited   bytes");
  EXPECT_EQ(value_of(text, "MemTot"), "");
  EXPECT_EQ(value_of("", "MemTotal"), "");
  EXPECT_EQ(chosen_word("always [madvise] never"), "madvise");
  EXPECT_EQ(chosen_word(" 1 "), "1");
  EXPECT_EQ(chosen_word("] odd ["), "] odd [");
}

}  // namespace
}  // namespace podbench
