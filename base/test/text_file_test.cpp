#include "base/text_file.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "base/error.hpp"

namespace podbench {
namespace {

std::string refusal_of(const std::filesystem::path& path, std::uintmax_t most_bytes) {
  try {
    return "read: " + read_text_file(path, most_bytes, "; write one");
  } catch (const RequestError& error) {
    return error.what();
  }
}

TEST(TextFile, IsReadWholeUpToItsBound) {
  const std::string path = testing::TempDir() + "text_file_test.txt";
  std::ofstream(path) << "two\nlines\n";
  EXPECT_EQ(read_text_file(path, 10), "two\nlines\n");
  EXPECT_EQ(refusal_of(path, 9), path + ": too large; at most 9B");
  std::ofstream(path, std::ios::trunc).close();
  EXPECT_EQ(read_text_file(path, 10), "");
  std::filesystem::remove(path);
}

TEST(TextFile, WhatIsNoFileIsSaidWithWhereToGetOne) {
  EXPECT_EQ(refusal_of("/dev/zero", 10), "no file /dev/zero; write one");
  EXPECT_EQ(refusal_of("/", 10), "no file /; write one");
  EXPECT_EQ(refusal_of("/nowhere/at.all", 10), "no file /nowhere/at.all; write one");
}

}  // namespace
}  // namespace podbench
