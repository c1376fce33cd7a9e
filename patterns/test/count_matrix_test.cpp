#include "patterns/alltoallv/count_matrix.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace podbench {
namespace {

std::string complaint(const std::string& text) {
  try {
    (void)parse_count_matrix({"moe.csv", text});
  } catch (const RequestError& error) {
    return error.what();
  }
  return "";
}

TEST(CountMatrix, TakesTheSeparatorsThatPeopleUse) {
  for (const char* text : {"0,5\n7,1", "0;5\r\n7;1\r\n", "# sent\n 0\t5 # to 1\n\n7 1\n"}) {
    const auto matrix = parse_count_matrix({"moe.csv", text});
    EXPECT_EQ(matrix->ranks, 2);
    EXPECT_EQ(matrix->at(0, 1), 5U) << text;
    EXPECT_EQ(matrix->at(1, 0), 7U) << text;
  }
}

TEST(CountMatrix, RefusesWhatIsNotSquareOrNoNumber) {
  EXPECT_NE(complaint("").find("a row and a column a rank"), std::string::npos);
  EXPECT_NE(complaint("1 2\n3 4 5").find("moe.csv:2: 3 numbers where the first row has 2"),
            std::string::npos);
  EXPECT_NE(complaint("1 2").find("1 rows of 2 numbers"), std::string::npos);
  EXPECT_NE(complaint("1 2\n3 4\n5 6").find("moe.csv:3"), std::string::npos);
  EXPECT_NE(complaint("1 -2\n3 4").find("\"-2\""), std::string::npos);
  EXPECT_NE(complaint("1 99999999999999999999\n3 4").find("moe.csv:1"), std::string::npos);
  EXPECT_NE(complaint("1 2.5\n3 4").find("whole number"), std::string::npos);
}

}  // namespace
}  // namespace podbench
