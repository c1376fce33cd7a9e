// The small parts: the queue that keeps its memory, and what is published about a rank.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "transports/tcp/address_book.hpp"
#include "transports/tcp/ring.hpp"
#include "transports/tcp/socket.hpp"

namespace podbench::tcp {
namespace {

TEST(Ring, KeepsTheOrderWhileItGrowsAndWraps) {
  Ring<int> ring;
  int pushed = 0;
  int popped = 0;
  for (int round = 0; round < 100; ++round) {
    for (int i = 0; i < 7; ++i) ring.push_back(pushed++);
    for (int i = 0; i < 5; ++i) {
      ASSERT_EQ(ring[0], popped++);
      ring.pop_front();
    }
  }
  ASSERT_EQ(ring.size(), 200U);
  for (std::size_t i = 0; i < ring.size(); ++i) ASSERT_EQ(ring[i], popped + static_cast<int>(i));
}

TEST(Contact, ComesBackAsItWasPublished) {
  const Contact contact{"fe80::1%lo", 54321, random_token()};
  const Contact back = decode_contact(3, encode(contact));
  EXPECT_EQ(back.address, contact.address);
  EXPECT_EQ(back.port, contact.port);
  EXPECT_EQ(back.token, contact.token);
}

TEST(Contact, OfAnAbsurdLengthIsRefused) {
  for (std::size_t bytes : {0U, 1U, 18U, 83U, 65536U})
    EXPECT_THROW(static_cast<void>(decode_contact(3, Blob(bytes))), RunError) << bytes;
}

TEST(Address, MustBeNumeric) {
  EXPECT_THROW(static_cast<void>(parse_address("localhost", 1)), RunError);
  EXPECT_THROW(static_cast<void>(parse_address("", 1)), RunError);
  EXPECT_EQ(parse_address("10.0.3.2", 80).storage.ss_family, AF_INET);
  EXPECT_EQ(parse_address("::1", 80).storage.ss_family, AF_INET6);
}

}  // namespace
}  // namespace podbench::tcp
