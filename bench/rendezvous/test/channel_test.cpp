#include "bench/rendezvous/channel.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "bench/rendezvous/message.hpp"

namespace podbench {
namespace {

struct Ends {
  Channel rank, store;
};

Ends shake_hands(const Secret& secret) {
  RankHandshake rank(secret);
  StoreHandshake store(secret);
  const Blob challenge = store.answer(rank.hello()).value();
  const Blob proof = rank.answer(std::span(challenge).first<challenge_bytes>()).value();
  EXPECT_TRUE(store.accept(std::span(proof).first<proof_bytes>()));
  return {rank.channel(), store.channel()};
}

TEST(Handshake, a_rank_with_another_secret_is_found_out_by_both_sides) {
  RankHandshake rank(Secret::random());
  StoreHandshake store(Secret::random());
  const Blob challenge = store.answer(rank.hello()).value();
  EXPECT_FALSE(rank.answer(std::span(challenge).first<challenge_bytes>()));
  const Blob guess(proof_bytes);
  EXPECT_FALSE(store.accept(std::span(guess).first<proof_bytes>()));
}

TEST(Handshake, the_store_s_own_proof_cannot_be_sent_back_as_a_rank_s) {
  const Secret secret = Secret::random();
  RankHandshake rank(secret);
  StoreHandshake store(secret);
  const Blob challenge = store.answer(rank.hello()).value();
  EXPECT_FALSE(store.accept(std::span(challenge).last<proof_bytes>()));
}

TEST(Handshake, garbage_is_no_hello) {
  std::array<std::byte, hello_bytes> garbage{};
  EXPECT_FALSE(StoreHandshake(Secret::random()).answer(garbage));
}

TEST(Channel, carries_messages_both_ways_in_order) {
  Ends ends = shake_hands(Secret::random());
  Blob wire;
  ends.rank.seal(blob_of("one"), wire);
  ends.rank.seal(blob_of(""), wire);
  std::size_t used = 0;
  EXPECT_EQ(ends.store.open(wire, used), blob_of("one"));
  wire.erase(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(used));
  EXPECT_EQ(ends.store.open(wire, used), blob_of(""));
  Blob back;
  ends.store.seal(blob_of("two"), back);
  EXPECT_EQ(ends.rank.open(back, used), blob_of("two"));
}

TEST(Channel, waits_for_the_rest_of_a_frame) {
  Ends ends = shake_hands(Secret::random());
  Blob wire;
  ends.rank.seal(blob_of("message"), wire);
  std::size_t used = 1;
  for (std::size_t length = 0; length < wire.size(); ++length) {
    EXPECT_FALSE(ends.store.open(std::span(wire).first(length), used));
    EXPECT_EQ(used, 0u);
  }
  EXPECT_TRUE(ends.store.open(wire, used));
}

TEST(Channel, every_flipped_bit_of_a_sealed_message_is_noticed) {
  for (std::size_t bit = 32; bit < 8 * (4 + 16 + 3); ++bit) {
    Ends ends = shake_hands(Secret::random());
    Blob wire;
    ends.rank.seal(blob_of("abc"), wire);
    wire[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    std::size_t used = 0;
    EXPECT_THROW(static_cast<void>(ends.store.open(wire, used)), RunError) << bit;
  }
}

TEST(Channel, a_repeated_or_reflected_frame_is_refused) {
  Ends ends = shake_hands(Secret::random());
  Blob wire;
  ends.rank.seal(blob_of("abc"), wire);
  std::size_t used = 0;
  EXPECT_TRUE(ends.store.open(wire, used));
  EXPECT_THROW(static_cast<void>(ends.store.open(wire, used)), RunError);
  EXPECT_THROW(static_cast<void>(ends.rank.open(wire, used)), RunError);
}

TEST(Channel, a_length_beyond_the_limit_is_refused_before_anything_is_buffered) {
  Ends ends = shake_hands(Secret::random());
  const Blob length{std::byte{0xff}, std::byte{0xff}, std::byte{0xff}, std::byte{0x7f}};
  std::size_t used = 0;
  EXPECT_THROW(static_cast<void>(ends.store.open(length, used)), RunError);
  const Blob too_short(4);
  EXPECT_THROW(static_cast<void>(ends.store.open(too_short, used)), RunError);
}

TEST(Secret, hexadecimal_there_and_back) {
  const Secret secret = Secret::random();
  EXPECT_EQ(Secret::from_hex(secret.hex()).bytes, secret.bytes);
  for (const std::string& wrong :
       {std::string(), std::string(63, 'a'), std::string(64, 'g'), secret.hex() + "00"})
    EXPECT_THROW(static_cast<void>(Secret::from_hex(wrong)), RequestError);
}

}  // namespace
}  // namespace podbench
