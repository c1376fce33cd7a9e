#include "analysis/pod/host_list.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace podbench {
namespace {

using Names = std::vector<std::string>;

TEST(HostList, ExpandsBracketsWithTheirZeros) {
  EXPECT_EQ(expand_host_list("node[08-11]", 10), (Names{"node08", "node09", "node10", "node11"}));
  EXPECT_EQ(expand_host_list("a,b, c", 10), (Names{"a", "b", "c"}));
  EXPECT_EQ(expand_host_list("r[1-2]-n[01,03]", 10), (Names{"r1-n01", "r1-n03", "r2-n01", "r2-n03"}));
  EXPECT_EQ(expand_host_list("x[0,3-4]y", 10), (Names{"x0y", "x3y", "x4y"}));
  EXPECT_EQ(expand_host_list("n:1", 10, ":"), (Names{"n:1"}));
}

TEST(HostList, IsBoundedBeforeItIsMade) {
  EXPECT_EQ(expand_host_list("n[0-9]", 10).size(), 10u);
  EXPECT_THROW((void)expand_host_list("n[0-10]", 10), RequestError);
  EXPECT_THROW((void)expand_host_list("n[0-3],m[0-3],k[0-3]", 10), RequestError);
  EXPECT_THROW((void)expand_host_list("n[0-999999999]", 200'000), RequestError);
  EXPECT_THROW((void)expand_host_list("n[0-99999][0-99999][0-99999]", 200'000), RequestError);
  EXPECT_THROW((void)expand_host_list(std::string(300, 'a'), 10), RequestError);
}

TEST(HostList, RefusesWhatIsNoList) {
  for (const char* text : {"", ",", "a,", "n[", "n[]", "n[1-]", "n[-1]", "n[2-1]", "n[a]", "n]", "n[1]]",
                           "a b", "a/b", "n:1", "n[1,]", "n[[1]]", "n[1234567890]", "\xff"})
    EXPECT_THROW((void)expand_host_list(text, 100), RequestError) << text;
}

}  // namespace
}  // namespace podbench
