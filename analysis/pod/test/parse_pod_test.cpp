#include <gtest/gtest.h>

#include <filesystem>

#include "analysis/pod/pod.hpp"
#include "analysis/pod/test/sample_pods.hpp"
#include "base/error.hpp"
#include "base/random.hpp"

namespace podbench {
namespace {

TEST(ParsePod, Placeholder) {
  EXPECT_EQ(sample::leaf_spine(4, 2, 1).nodes.size(), 4u);
}

}  // namespace
}  // namespace podbench
