#include "bench/rendezvous/message.hpp"

#include <gtest/gtest.h>

#include <random>

namespace podbench {
namespace {

Message example() {
  return {MessageKind::publish, 7, -5'000'000'000, "a key", blob_of("some bytes")};
}

TEST(Message, comes_back_as_it_was) {
  EXPECT_EQ(decode(encode(example())), example());
  EXPECT_EQ(decode(encode(Message{})), Message{});
}

TEST(Message, cut_short_anywhere_is_no_message_or_a_shorter_value) {
  const Blob whole = encode(example());
  const std::size_t header = whole.size() - example().value.size();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto message = decode(std::span(whole).first(length));
    EXPECT_EQ(message.has_value(), length >= header) << length;
  }
}

TEST(Message, unknown_kinds_and_overlong_texts_are_refused) {
  Blob bytes = encode(example());
  bytes[0] = std::byte{200};
  EXPECT_FALSE(decode(bytes));
  Blob long_text = encode(Message{.text = std::string(5000, 'x')});  // encode() cuts it
  EXPECT_EQ(decode(long_text)->text.size(), most_text_bytes);
  long_text[13] = std::byte{0xff};  // the text's length
  long_text[14] = std::byte{0xff};
  EXPECT_FALSE(decode(long_text));
}

TEST(Message, random_bytes_never_break_the_decoders) {
  std::mt19937_64 random(1);
  std::size_t understood = 0;
  for (int i = 0; i < 50'000; ++i) {
    Blob bytes(random() % 64);
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random() % 4 == 0 ? random() & 0xff : 0);
    if (const auto message = decode(bytes)) {
      ++understood;
      EXPECT_EQ(decode(encode(*message)), message);
    }
    static_cast<void>(decode_roster(bytes));
    static_cast<void>(decode_ranks(bytes));
  }
  EXPECT_GT(understood, 0u);  // otherwise the bytes were not interesting
}

TEST(Roster, numbers_nodes_by_their_lowest_rank) {
  const std::vector<std::string> hosts{"b", "a", "b", "c", "a"};
  const Roster roster = make_roster(hosts);
  EXPECT_EQ(roster.nodes, (std::vector<std::string>{"b", "a", "c"}));
  EXPECT_EQ(roster.node_of_rank, (std::vector<int>{0, 1, 0, 2, 1}));
  EXPECT_EQ(decode_roster(encode(roster)), roster);
}

TEST(Roster, a_node_number_without_a_node_is_refused) {
  EXPECT_FALSE(decode_roster(encode(Roster{{"a"}, {0, 1}})));
  EXPECT_FALSE(decode_roster(encode(Roster{{"a"}, {-1}})));
}

}  // namespace
}  // namespace podbench
