#include "bench/case.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "patterns/alltoallv/count_matrix.hpp"

namespace podbench {
namespace {

LaunchOrder sample_order() {
  PlannedCase planned;
  planned.transport = "libfabric:tcp";
  planned.pattern = "alltoall";
  planned.algorithm = "bruck";
  planned.type = DataType::int64;
  planned.op = Op::prod;
  planned.bytes = 4'096;
  planned.ranks = 7;
  planned.cadence = Cadence::streaming;
  planned.buffers = BufferKind::private_memory;
  planned.parameters.radix = 3;
  planned.parameters.grid = {2, 4};
  planned.parameters.matrix = parse_count_matrix({"moe.csv", "1,2\n3,4"});
  LaunchOrder order;
  planned.labels = {{"stage", "scale"}, {"part", "rack2"}};
  order.launches = {{3, 1, "libfabric:tcp", 7, {planned}, {0, 2, 3, 5, 6, 8, 9}, "shm"}};
  order.settings.seed = 0xFFFF'FFFF'FFFF'FFFF;
  order.settings.faults = "flip:rank=1";
  order.spool_folder = "/some/where.spool";
  order.benchmark_flags = {"--benchmark_out=x.json"};
  order.planned_cases = 12;
  return order;
}

TEST(LaunchOrder, SurvivesJson) {
  const LaunchOrder order = sample_order();
  const LaunchOrder again = LaunchOrder::from_json(order.to_json());
  EXPECT_EQ(again.to_json(), order.to_json());
  const PlannedCase& planned = again.launches.at(0).cases.at(0);
  EXPECT_EQ(planned.type, DataType::int64);
  EXPECT_EQ(planned.cadence, Cadence::streaming);
  EXPECT_EQ(planned.labels.at("part"), "rack2");
  EXPECT_EQ(again.launches.at(0).members.back(), 9);
  EXPECT_EQ(again.launches.at(0).within_nodes, "shm");
  EXPECT_EQ(planned.parameters.grid, (std::vector<int>{2, 4}));
  EXPECT_EQ(planned.parameters.matrix->counts, (std::vector<std::uint64_t>{1, 2, 3, 4}));
  EXPECT_EQ(planned.parameters.matrix->source.name, "moe.csv");
  EXPECT_EQ(again.settings.seed, 0xFFFF'FFFF'FFFF'FFFF);
}

TEST(LaunchOrder, SaysWhatCasesShareOnce) {
  LaunchOrder order = sample_order();
  std::vector<PlannedCase>& cases = order.launches[0].cases;
  cases.resize(3, cases[0]);
  cases[1].bytes = 8;
  cases[2].parameters.radix = 5;
  const std::string text = order.to_json();
  std::size_t files = 0;
  for (std::size_t at = text.find("moe.csv"); at != std::string::npos; at = text.find("moe.csv", at + 1))
    ++files;
  EXPECT_EQ(files, 2u);  // of two different sets of parameters
  const std::vector<PlannedCase> again = LaunchOrder::from_json(text).launches.at(0).cases;
  EXPECT_EQ(again.at(0).parameters, again.at(1).parameters);
  EXPECT_EQ(again.at(2).parameters.radix, 5);
}

TEST(LaunchOrder, RefusesACaseWithoutParameters) {
  std::string text = sample_order().to_json();
  const std::string index = "\"parameters\":0";
  ASSERT_NE(text.find(index), std::string::npos);
  text.replace(text.find(index), index.size(), "\"parameters\":7");
  EXPECT_THROW((void)LaunchOrder::from_json(text), RequestError);
}

TEST(LaunchOrder, RefusesWhatIsNone) {
  for (const char* text : {"", "{", "[]", "{\"launches\": 3}", "null"})
    EXPECT_THROW((void)LaunchOrder::from_json(text), RequestError) << text;
}

TEST(CaseKey, NamesOnlyParametersThatMatterHere) {
  PlannedCase planned = sample_order().launches[0].cases[0];
  planned.parameters.window = 7;  // alltoall has no window
  const CaseKey key = key_of(planned, 2, "barrier");
  EXPECT_EQ(key.options.at("radix"), "3");
  EXPECT_FALSE(key.options.contains("window"));
  EXPECT_EQ(key.op, "");  // nothing is reduced
  EXPECT_EQ(key.nodes, 2);
}

}  // namespace
}  // namespace podbench
