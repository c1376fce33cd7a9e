// The listening side among strangers: they get nothing, cost little, and the right peer still gets in.
#include "transports/tcp/acceptor.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <list>
#include <string>

#include "base/clock.hpp"

namespace podbench::tcp {
namespace {

using namespace std::chrono_literals;

class AcceptorTest : public ::testing::Test {
 protected:
  AcceptorTest()
      : acceptor_("127.0.0.1", ranks, poller_, [this](int rank, Descriptor socket) {
          welcomed_rank_ = rank;
          welcomed_ = std::move(socket);
          return true;
        }) {
    acceptor_.start();
  }

  void serve() {
    poller_.dispatch(1ms);
    acceptor_.tidy();
  }
  [[nodiscard]] Descriptor connect() const {
    return start_connecting(parse_address(acceptor_.contact().address, acceptor_.contact().port));
  }
  // Whether the other end has hung up.
  [[nodiscard]] static bool dropped(const Descriptor& socket) {
    char byte = 0;
    ssize_t got = 0;
    do got = recv(socket.get(), &byte, 1, 0);
    while (got > 0);
    return got == 0 || errno == ECONNRESET;
  }

  static constexpr int ranks = 2;
  Poller poller_;
  int welcomed_rank_ = -1;
  Descriptor welcomed_;
  Acceptor acceptor_;
};

TEST_F(AcceptorTest, WelcomesAPeerAmongManySilentStrangers) {
  std::list<Descriptor> strangers;
  for (int i = 0; i < 200; ++i) {
    strangers.push_back(connect());
    if (i % 20 == 0) serve();
  }
  Handshake peer = Handshake::connector(connect(), acceptor_.contact().token, 0);
  const Deadline deadline = Deadline::after(10s);
  while (welcomed_rank_ < 0 && !deadline.passed()) {
    peer.advance();
    serve();
  }
  EXPECT_EQ(welcomed_rank_, 0);
  // No more strangers are kept than a bound says: the oldest have been let go.
  EXPECT_TRUE(dropped(strangers.front()));
  EXPECT_FALSE(dropped(strangers.back()));
}

TEST_F(AcceptorTest, DropsTheOneWhoAnswersWrongly) {
  const Descriptor stranger = connect();
  const std::string noise(64, 'x');
  const Deadline deadline = Deadline::after(10s);
  bool sent = false;
  while (!(sent && dropped(stranger)) && !deadline.passed()) {
    serve();
    if (!sent) sent = send(stranger.get(), noise.data(), noise.size(), MSG_NOSIGNAL) > 0;
  }
  EXPECT_TRUE(dropped(stranger));
  EXPECT_EQ(welcomed_rank_, -1);
}

}  // namespace
}  // namespace podbench::tcp
