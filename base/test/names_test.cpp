#include "base/names.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "base/datatype.hpp"

namespace podbench {
namespace {

const std::vector<std::string> transports{"libfabric", "mpi", "shm", "tcp", "ucx"};

TEST(Names, SuggestsTheClosest) {
  EXPECT_EQ(
      unknown_name("transport", "libfabrik", transports),
      "unknown transport \"libfabrik\"; did you mean \"libfabric\"? known: libfabric, mpi, shm, tcp, ucx");
  EXPECT_EQ(unknown_name("transport", "sh", transports),
            "unknown transport \"sh\"; did you mean \"shm\"? known: libfabric, mpi, shm, tcp, ucx");
}

TEST(Names, SuggestsNothingWhereNothingIsClose) {
  EXPECT_EQ(unknown_name("transport", "infiniband", transports),
            "unknown transport \"infiniband\"; known: libfabric, mpi, shm, tcp, ucx");
  EXPECT_EQ(unknown_name("suite", "x", {}), "unknown suite \"x\"; no suite is known here");
}

TEST(Names, StaysOneShortLineWhateverWasTyped) {
  const std::string line = unknown_name("suite", "a\nb\x1b[31m" + std::string(100'000, 'x'), transports);
  EXPECT_EQ(line.find_first_of("\n\x1b"), std::string::npos);
  EXPECT_LT(line.size(), 300u);
}

TEST(DataTypes, NamesAndSizesAgreeWithTheEnums) {
  EXPECT_EQ(all_datatypes().size(), 7u);
  EXPECT_EQ(all_ops().size(), 4u);
  for (const DataType type : all_datatypes()) EXPECT_EQ(parse_datatype(name_of(type)), type);
  for (const Op op : all_ops()) EXPECT_EQ(parse_op(name_of(op)), op);
  EXPECT_EQ(size_of(DataType::bfloat16), 2u);
  EXPECT_EQ(size_of(DataType::float64), 8u);
  EXPECT_EQ(name_of(DataType::uint8), "uint8");
  EXPECT_EQ(parse_datatype("float"), std::nullopt);
  EXPECT_EQ(parse_op(""), std::nullopt);
}

}  // namespace
}  // namespace podbench
