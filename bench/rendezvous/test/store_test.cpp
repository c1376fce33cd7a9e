// Ranks and strangers against a real store over loopback.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <future>
#include <optional>
#include <random>
#include <thread>

#include "base/error.hpp"
#include "bench/rendezvous/channel.hpp"
#include "bench/rendezvous/message.hpp"
#include "bench/rendezvous/socket.hpp"
#include "bench/rendezvous/store_rendezvous.hpp"
#include "bench/rendezvous/store_server.hpp"

namespace podbench {
namespace {

using namespace std::chrono_literals;

Deadline soon() {
  return Deadline::after(20s);
}
void ignore_end(const std::string&) {}

std::unique_ptr<Rendezvous> join(const StoreServer& store, int rank, int size,
                                 LaunchEnded ended = ignore_end) {
  return join_store(store.address(), store.secret(), rank, size, soon(), std::move(ended));
}

// Runs `work` as every rank of a launch, each in its own thread; a rank's exception fails the test.
void as_ranks(const StoreServer& store, int size, const std::function<void(Rendezvous&)>& work) {
  std::vector<std::future<void>> ranks;
  for (int rank = 0; rank < size; ++rank)
    ranks.push_back(std::async(std::launch::async, [&, rank] { work(*join(store, rank, size)); }));
  for (auto& rank : ranks) EXPECT_NO_THROW(rank.get());
}

std::vector<StoreEvent> wait_for_events(StoreServer& store, std::size_t count, StoreEvent::Kind kind) {
  std::vector<StoreEvent> events;
  const Deadline deadline = soon();
  while (events.size() < count && !deadline.passed()) {
    pollfd waiting{.fd = store.event_descriptor(), .events = POLLIN, .revents = 0};
    poll(&waiting, 1, 100);
    for (StoreEvent& event : store.take_events())
      if (event.kind == kind) events.push_back(std::move(event));
  }
  EXPECT_EQ(events.size(), count);
  return events;
}

FileDescriptor stranger(const StoreServer& store) {
  return connect_to(parse_addresses(store.address()).front(), soon());
}

// Whether the store closes the stranger's connection in time.
bool cut_off(const FileDescriptor& socket, std::chrono::milliseconds in_time) {
  const Deadline deadline = Deadline::after(in_time);
  std::array<std::byte, 256> bytes;
  while (wait_for(socket, POLLIN, deadline)) {
    const ssize_t got = recv(socket.get(), bytes.data(), bytes.size(), 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return true;
  }
  return false;
}

// A rank that speaks the protocol by hand, so that it can break it.
class RawRank {
 public:
  explicit RawRank(const StoreServer& store) : socket_(stranger(store)) {
    RankHandshake handshake(store.secret());
    send_bytes(handshake.hello());
    Blob challenge(challenge_bytes);
    EXPECT_TRUE(wait_for(socket_, POLLIN, soon()));
    EXPECT_EQ(recv(socket_.get(), challenge.data(), challenge.size(), 0), ssize_t{challenge_bytes});
    send_bytes(handshake.answer(std::span(challenge).first<challenge_bytes>()).value());
    channel_ = handshake.channel();
  }
  void join(int rank, int size, const std::string& host) {
    send({.kind = MessageKind::join, .rank = rank, .number = size, .text = host});
  }
  void send(const Message& message) {
    Blob frame;
    channel_->seal(encode(message), frame);
    send_bytes(frame);
  }
  void send_bytes(std::span<const std::byte> bytes) {
    EXPECT_EQ(::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  void vanish() { socket_.reset(); }

 private:
  FileDescriptor socket_;
  std::optional<Channel> channel_;
};

TEST(Store, nine_ranks_exchange_through_many_fences) {
  StoreServer store({.ranks = 9});
  store.set("plan", blob_of("the plan"));
  as_ranks(store, 9, [](Rendezvous& rendezvous) {
    EXPECT_EQ(rendezvous.lookup(director_rank, "plan", soon()), blob_of("the plan"));
    EXPECT_EQ(rendezvous.address(), "127.0.0.1");
    EXPECT_EQ(rendezvous.launch_id().size(), 32u);
    for (int round = 0; round < 30; ++round) {
      const std::string key = "round " + std::to_string(round);
      const auto all = all_gather(rendezvous, key, bytes_of(key + std::to_string(rendezvous.rank())), soon());
      for (std::size_t rank = 0; rank < 9; ++rank) EXPECT_EQ(all[rank], blob_of(key + std::to_string(rank)));
    }
  });
  EXPECT_EQ(wait_for_events(store, 9, StoreEvent::Kind::finished).size(), 9u);
}

TEST(Store, the_largest_value_passes_and_a_larger_one_is_refused_here) {
  StoreServer store({.ranks = 2});
  as_ranks(store, 2, [](Rendezvous& rendezvous) {
    Blob large(most_value_bytes);
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<std::byte>(i * 31 & 0xff);
    EXPECT_EQ(all_gather(rendezvous, "large", large, soon())[1], large);
    EXPECT_THROW(rendezvous.publish("larger", Blob(most_value_bytes + 1)), RunError);
    EXPECT_THROW(static_cast<void>(rendezvous.lookup(0, "nothing", soon())), RunError);
    rendezvous.fence(soon());
  });
}

TEST(Store, a_fence_that_never_fills_ends_at_its_deadline) {
  StoreServer store({.ranks = 2});
  as_ranks(store, 2, [](Rendezvous& rendezvous) {
    if (rendezvous.rank() != 0) return;
    EXPECT_THROW(rendezvous.fence(Deadline::after(100ms)), RunError);
  });
}

TEST(Store, a_rank_with_the_wrong_secret_or_number_cannot_join) {
  StoreServer store({.ranks = 2});
  const Deadline brief = Deadline::after(300ms);
  EXPECT_THROW(static_cast<void>(join_store(store.address(), Secret::random(), 0, 2, brief, ignore_end)),
               RunError);
  EXPECT_THROW(static_cast<void>(join(store, 2, 2)), RunError);
  EXPECT_THROW(static_cast<void>(join(store, 0, 3)), RunError);
  as_ranks(store, 2, [](Rendezvous& rendezvous) { rendezvous.fence(soon()); });
}

TEST(Store, the_right_address_is_found_among_wrong_ones) {
  StoreServer other({.ranks = 1}), store({.ranks = 1});
  const auto rendezvous = join_store("127.0.0.1:1," + other.address() + "," + store.address(), store.secret(),
                                     0, 1, soon(), ignore_end);
  EXPECT_EQ(rendezvous->launch_id(), store.launch_id());
}

TEST(Store, the_end_of_the_store_is_the_end_of_the_launch) {
  auto store = std::make_unique<StoreServer>(StoreOptions{.ranks = 1});
  std::promise<std::string> ended;
  const auto rendezvous = join(*store, 0, 1, [&](const std::string& reason) { ended.set_value(reason); });
  store.reset();
  auto reason = ended.get_future();
  ASSERT_EQ(reason.wait_for(10s), std::future_status::ready);
  EXPECT_NE(reason.get().find("director"), std::string::npos);
  EXPECT_THROW(rendezvous->fence(soon()), RunError);
}

TEST(Store, a_lost_rank_is_reported_with_its_host) {
  StoreServer store({.ranks = 2});
  auto patient = std::async(std::launch::async, [&] { return join(store, 0, 2); });
  RawRank vanishing(store);
  vanishing.join(1, 2, "node07");
  const auto rank0 = patient.get();
  EXPECT_EQ(rank0->host(1), "node07");
  EXPECT_NE(rank0->node(1), rank0->node(0));
  vanishing.vanish();
  const auto lost = wait_for_events(store, 1, StoreEvent::Kind::lost);
  EXPECT_EQ(lost.at(0).rank, 1);
  EXPECT_EQ(lost.at(0).host, "node07");
}

TEST(Store, ranks_leave_together) {
  StoreServer store({.ranks = 2});
  std::atomic<bool> last_has_left = false;
  auto slow = std::async(std::launch::async, [&] {
    const auto rendezvous = join(store, 1, 2);
    std::this_thread::sleep_for(200ms);
    last_has_left = true;
  });
  join(store, 0, 2).reset();
  EXPECT_TRUE(last_has_left);
}

TEST(Store, an_abort_carries_blame_and_reason) {
  StoreServer store({.ranks = 1});
  RawRank rank(store);
  rank.join(0, 1, "node07");
  rank.send({.kind = MessageKind::abort, .rank = 3, .text = "the link is\x1b[2J down"});
  const auto aborted = wait_for_events(store, 1, StoreEvent::Kind::aborted);
  EXPECT_EQ(aborted.at(0).blamed, -1) << "there is no rank 3";
  EXPECT_EQ(aborted.at(0).text, "the link is [2J down");
}

TEST(Store, a_rank_that_does_not_answer_the_ping_is_the_one_that_hangs) {
  StoreServer store({.ranks = 3, .stall_grace = 100ms});
  auto patient = std::async(std::launch::async, [&] { return join(store, 0, 3); });
  RawRank waiting(store), stopped(store);
  waiting.join(1, 3, "a");
  stopped.join(2, 3, "b");
  const auto rank0 = patient.get();  // busy, but its connection answers
  waiting.send({.kind = MessageKind::stalled, .text = "a ring", .value = encode_ranks(std::vector{0})});
  waiting.send({.kind = MessageKind::pong});
  const auto stalled = wait_for_events(store, 1, StoreEvent::Kind::stalled);
  EXPECT_EQ(stalled.at(0).rank, 1);
  EXPECT_EQ(stalled.at(0).blamed_ranks, std::vector<int>{2});
}

TEST(Store, a_proved_rank_that_breaks_the_protocol_is_cut_off_and_lost) {
  StoreServer store({.ranks = 3});
  RawRank forger(store), teller(store), repeater(store);
  forger.join(0, 3, "a");
  teller.join(1, 3, "b");
  repeater.join(2, 3, "c");
  forger.send_bytes(Blob(100, std::byte{0x20}));
  teller.send_bytes(Blob{std::byte{0xff}, std::byte{0xff}, std::byte{0xff}, std::byte{0xff}});
  repeater.send({.kind = MessageKind::publish, .text = "key"});
  repeater.send({.kind = MessageKind::publish, .text = "key"});
  EXPECT_EQ(wait_for_events(store, 3, StoreEvent::Kind::lost).size(), 3u);
}

TEST(Store, two_thousand_strangers_during_a_fence_disturb_nothing) {
  StoreServer store({.ranks = 3});
  std::vector<FileDescriptor> strangers;
  std::mt19937_64 random(7);
  as_ranks(store, 3, [&](Rendezvous& rendezvous) {
    if (rendezvous.rank() == 0) {
      for (int i = 0; i < 2000; ++i) {
        FileDescriptor socket = stranger(store);
        ASSERT_TRUE(socket);
        Blob garbage(random() % 200);
        for (std::byte& byte : garbage) byte = static_cast<std::byte>(random() & 0xff);
        [[maybe_unused]] const ssize_t sent =
            send(socket.get(), garbage.data(), garbage.size(), MSG_NOSIGNAL);
        if (i % 4 == 0) strangers.push_back(std::move(socket));  // the rest close, some amid their garbage
      }
    }
    rendezvous.publish("key", bytes_of("value"));
    rendezvous.fence(soon());
    EXPECT_EQ(rendezvous.lookup(2, "key", soon()), blob_of("value"));
  });
  EXPECT_EQ(wait_for_events(store, 3, StoreEvent::Kind::finished).size(), 3u);
}

TEST(Store, a_newcomer_joins_while_strangers_hold_every_place) {
  StoreServer store({.ranks = 1, .proof_deadline = 60s, .most_unproved = 8});
  std::vector<FileDescriptor> silent;
  for (int i = 0; i < 40; ++i) silent.push_back(stranger(store));
  EXPECT_TRUE(cut_off(silent.front(), 10s)) << "the oldest makes way";
  EXPECT_FALSE(cut_off(silent.back(), 50ms));
  EXPECT_EQ(join(store, 0, 1)->size(), 1);
}

TEST(Store, a_stranger_that_dawdles_is_cut_off) {
  StoreServer store({.ranks = 1, .proof_deadline = 200ms});
  const FileDescriptor socket = stranger(store);
  const RankHandshake handshake(Secret::random());
  for (std::size_t i = 0; i < 10; ++i) send(socket.get(), &handshake.hello()[i], 1, MSG_NOSIGNAL);
  EXPECT_TRUE(cut_off(socket, 10s));
  EXPECT_EQ(join(store, 0, 1)->size(), 1);
}

TEST(Store, a_stranger_with_a_good_hello_and_a_bad_proof_is_cut_off_at_once) {
  StoreServer store({.ranks = 1, .proof_deadline = 60s});
  const FileDescriptor socket = stranger(store);
  const RankHandshake handshake(Secret::random());
  Blob bytes(handshake.hello().begin(), handshake.hello().end());
  bytes.resize(bytes.size() + proof_bytes + 5000);
  send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  EXPECT_TRUE(cut_off(socket, 10s));
}

}  // namespace
}  // namespace podbench
