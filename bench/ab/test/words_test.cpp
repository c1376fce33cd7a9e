#include "bench/ab/words.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace podbench {
namespace {

using Words = std::vector<std::string>;

// What `sh -c 'printf "%s\n" TEXT'` prints, a line a word, with nothing to expand in the text.
TEST(Words, AreSplitAsAShellSplitsThem) {
  EXPECT_EQ(split_words(""), Words());
  EXPECT_EQ(split_words("  \t\n "), Words());
  EXPECT_EQ(split_words("a b\tc\nd"), (Words{"a", "b", "c", "d"}));
  EXPECT_EQ(split_words("'a b' \"c d\""), (Words{"a b", "c d"}));
  EXPECT_EQ(split_words("'' \"\""), (Words{"", ""}));
  EXPECT_EQ(split_words("a'b'\"c\"d"), (Words{"abcd"}));
  EXPECT_EQ(split_words(R"(a\ b \'c \\)"), (Words{"a b", "'c", "\\"}));
  EXPECT_EQ(split_words(R"('\' "\"\\\$\`\a")"), (Words{"\\", R"("\$`\a)"}));
  EXPECT_EQ(split_words("a\\\nb \"c\\\nd\""), (Words{"ab", "cd"}));
  EXPECT_EQ(split_words("\"it's\" 'say \"so\"'"), (Words{"it's", "say \"so\""}));
}

TEST(Words, NothingIsExpanded) {
  EXPECT_EQ(split_words("$HOME * ~ a;b `c` # d"), (Words{"$HOME", "*", "~", "a;b", "`c`", "#", "d"}));
}

TEST(Words, WhatIsNotClosedIsRefused) {
  for (const std::string& text : {std::string("'a"), std::string("\"a"), std::string("\"a\\"),
                                  std::string("a\\"), std::string(65537, 'a')}) {
    SCOPED_TRACE(text.substr(0, 10));
    EXPECT_THROW((void)split_words(text), RequestError);
  }
}

TEST(Words, JoinedWordsAreSplitTheSameAgain) {
  for (const Words& words : {Words{}, Words{"a", "", "b c"}, Words{"it's", "\\", "\"", "$x", "\n", "a=b"},
                             Words{"--transport", "libfabric:tcp", "--bytes", "8:64Ki:x4"}})
    EXPECT_EQ(split_words(join_words(words)), words) << join_words(words);
  EXPECT_EQ(join_words({"--bytes", "8,64Ki"}), "--bytes 8,64Ki");
}

}  // namespace
}  // namespace podbench
