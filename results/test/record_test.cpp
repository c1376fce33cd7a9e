#include "results/record.hpp"

#include <gtest/gtest.h>

#include "results/utf8.hpp"

namespace podbench {
namespace {

CaseKey example() {
  CaseKey key;
  key.transport = "libfabric:tcp";
  key.pattern = "allreduce";
  key.algorithm = "ring";
  key.datatype = "float32";
  key.op = "sum";
  key.bytes = 1U << 20;
  key.ranks = 4;
  return key;
}

TEST(CaseKey, IsNamedAsTheCommandLineSays) {
  EXPECT_EQ(example().name(), "allreduce/ring/libfabric:tcp/float32/1MiB/ranks:4");
}

TEST(CaseKey, NamesWhatIsNotTheDefault) {
  CaseKey key = example();
  key.op = "max";
  key.cadence = "streaming";
  key.nodes = 2;
  key.options = {{"radix", "4"}};
  EXPECT_EQ(key.name(), "allreduce/ring/libfabric:tcp/float32/1MiB/ranks:4/nodes:2/max/streaming/radix:4");
}

TEST(CaseKey, EveryFieldChangesTheSeries) {
  const std::uint64_t base = example().series_id();
  EXPECT_EQ(base, example().series_id());
  const auto changed = [&](auto&& change) {
    CaseKey key = example();
    change(key);
    return key.series_id();
  };
  EXPECT_NE(base, changed([](CaseKey& key) { key.transport = "shm"; }));
  EXPECT_NE(base, changed([](CaseKey& key) { key.pattern = "reduce"; }));
  EXPECT_NE(base, changed([](CaseKey& key) { key.algorithm = "tree"; }));
  EXPECT_NE(base, changed([](CaseKey& key) { key.datatype = "int32"; }));
  EXPECT_NE(base, changed([](CaseKey& key) { key.op = "min"; }));
  EXPECT_NE(base, changed([](CaseKey& key) { ++key.bytes; }));
  EXPECT_NE(base, changed([](CaseKey& key) { ++key.ranks; }));
  EXPECT_NE(base, changed([](CaseKey& key) { ++key.nodes; }));
  EXPECT_NE(base, changed([](CaseKey& key) { key.cadence = "streaming"; }));
  EXPECT_NE(base, changed([](CaseKey& key) { key.sync = "clock"; }));
  EXPECT_NE(base, changed([](CaseKey& key) { key.buffers = "private"; }));
  EXPECT_NE(base, changed([](CaseKey& key) { key.options = {{"radix", "4"}}; }));
  EXPECT_NE(changed([](CaseKey& key) {
              key.options = {{"a", "bc"}};
            }),
            changed([](CaseKey& key) {
              key.options = {{"ab", "c"}};
            }));
}

TEST(CaseKey, SeriesStaysTheSameForever) {
  EXPECT_EQ(example().series_id(), 9062013328734588510U)
      << "a changed identity would cut every history in two";
}

TEST(Utf8, ReplacesWhatNobodyCouldDecode) {
  EXPECT_EQ(well_formed_utf8("größe €𝄞"), "größe €𝄞");
  EXPECT_EQ(well_formed_utf8("a\xff"), "a\xef\xbf\xbd");
  EXPECT_EQ(well_formed_utf8("\xc0\x80"), "\xef\xbf\xbd\xef\xbf\xbd");          // overlong
  EXPECT_EQ(well_formed_utf8("\xed\xa0\x80").find('\xed'), std::string::npos);  // a surrogate
  EXPECT_EQ(well_formed_utf8("\xe2\x82"), "\xef\xbf\xbd\xef\xbf\xbd");          // cut off
  EXPECT_EQ(well_formed_utf8(std::string_view("a\0b", 3)),
            "a\xef\xbf\xbd"
            "b");
}

}  // namespace
}  // namespace podbench
