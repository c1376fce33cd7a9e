// The handshake on a socket pair: who knows the token gets in, nobody else does, and no input hurts.
#include "transports/tcp/handshake.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace podbench::tcp {
namespace {

std::pair<Descriptor, Descriptor> socket_pair() {
  std::array<int, 2> ends{};
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

void advance_both(Handshake& left, Handshake& right) {
  for (int turns = 0; turns < 8; ++turns) {
    left.advance();
    right.advance();
  }
}

TEST(Handshake, LetsThosePassWhoKnowTheToken) {
  auto [left, right] = socket_pair();
  const Token token = random_token();
  Handshake acceptor = Handshake::acceptor(std::move(left), token);
  Handshake connector = Handshake::connector(std::move(right), token, 7);
  advance_both(connector, acceptor);
  EXPECT_EQ(connector.state(), Handshake::State::ready) << connector.reason();
  EXPECT_EQ(acceptor.state(), Handshake::State::ready) << acceptor.reason();
  EXPECT_EQ(acceptor.rank(), 7);
}

TEST(Handshake, RefusesAnotherToken) {
  auto [left, right] = socket_pair();
  Handshake acceptor = Handshake::acceptor(std::move(left), random_token());
  Handshake connector = Handshake::connector(std::move(right), random_token(), 7);
  advance_both(connector, acceptor);
  EXPECT_EQ(acceptor.state(), Handshake::State::failed);
  EXPECT_NE(connector.state(), Handshake::State::ready);
}

TEST(Handshake, RefusesARankThatWasNotProved) {
  auto [left, right] = socket_pair();
  auto [far_left, far_right] = socket_pair();
  const Token token = random_token();
  Handshake acceptor = Handshake::acceptor(std::move(left), token);
  Handshake connector = Handshake::connector(std::move(far_right), token, 7);
  // A man in the middle passes everything on but the rank.
  const auto pass = [](int from, int to, std::optional<std::size_t> change_at) {
    std::vector<std::byte> bytes(256);
    const ssize_t got = recv(from, bytes.data(), bytes.size(), 0);
    if (got <= 0) return;
    if (change_at) bytes.at(*change_at) ^= std::byte{1};
    EXPECT_EQ(send(to, bytes.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL), got);
  };
  pass(right.get(), far_left.get(), std::nullopt);
  connector.advance();
  pass(far_left.get(), right.get(), 8);
  EXPECT_EQ(acceptor.advance(), Handshake::State::failed);
}

TEST(Handshake, SurvivesNoiseOfAnyLength) {
  for (std::size_t length : {1U, 7U, 63U, 64U, 65U, 4096U}) {
    auto [left, right] = socket_pair();
    Handshake acceptor = Handshake::acceptor(std::move(left), random_token());
    const std::string noise(length, 'x');
    ASSERT_EQ(send(right.get(), noise.data(), noise.size(), MSG_NOSIGNAL), static_cast<ssize_t>(length));
    EXPECT_NE(acceptor.advance(), Handshake::State::ready);
    EXPECT_EQ(acceptor.state() == Handshake::State::failed, length >= 64) << length;
  }
}

TEST(Handshake, SaysSoWhenThePeerLeaves) {
  auto [left, right] = socket_pair();
  Handshake connector = Handshake::connector(std::move(left), random_token(), 0);
  right = Descriptor();
  EXPECT_EQ(connector.advance(), Handshake::State::failed);
  EXPECT_NE(connector.error(), 0);
}

}  // namespace
}  // namespace podbench::tcp
