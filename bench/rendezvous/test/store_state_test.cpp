#include "bench/rendezvous/store_state.hpp"

#include <gtest/gtest.h>

namespace podbench {
namespace {

Message join_as(int rank, int size, const std::string& host = "node") {
  return {.kind = MessageKind::join, .rank = rank, .number = (std::int64_t{100} << 32) + size, .text = host};
}

StoreState launch_of(int ranks, std::size_t most_bytes = 1 << 20) {
  StoreState state(StoreOptions{.ranks = ranks, .most_value_bytes = most_bytes}, "id");
  for (int rank = 0; rank < ranks; ++rank) EXPECT_FALSE(state.join(join_as(rank, ranks)));
  static_cast<void>(state.take_outgoing());
  static_cast<void>(state.take_events());
  return state;
}

Message publish(const std::string& key, std::size_t bytes) {
  return {.kind = MessageKind::publish, .text = key, .value = Blob(bytes)};
}

Message stalled_for(std::vector<int> peers) {
  return {.kind = MessageKind::stalled, .text = "waiting", .value = encode_ranks(peers)};
}

TEST(StoreState, sends_the_roster_when_the_last_rank_is_there) {
  StoreState state(StoreOptions{.ranks = 2}, "id");
  EXPECT_FALSE(state.join(join_as(1, 2, "b")));
  EXPECT_TRUE(state.take_outgoing().empty());
  EXPECT_FALSE(state.join(join_as(0, 2, "a")));
  const auto sent = state.take_outgoing();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].message.text, "id");
  EXPECT_EQ(decode_roster(sent[0].message.value)->nodes, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(state.take_events().size(), 2u);
}

TEST(StoreState, refuses_whoever_does_not_belong) {
  StoreState state(StoreOptions{.ranks = 2}, "id");
  EXPECT_TRUE(state.join(join_as(2, 2)));
  EXPECT_TRUE(state.join(join_as(-1, 2)));
  EXPECT_TRUE(state.join(join_as(0, 3)));
  EXPECT_TRUE(state.join(join_as(0, 2, "")));
  EXPECT_TRUE(state.join(join_as(0, 2, "a\x1b[2J")));
  EXPECT_TRUE(state.join(Message{.kind = MessageKind::fence}));
  EXPECT_FALSE(state.join(join_as(0, 2)));
  EXPECT_TRUE(state.join(join_as(0, 2)));
  state.lose(0, "gone");
  EXPECT_TRUE(state.join(join_as(0, 2)));
}

TEST(StoreState, a_fence_opens_when_all_are_there_and_not_before) {
  StoreState state = launch_of(3);
  EXPECT_FALSE(state.handle(0, Message{.kind = MessageKind::fence}, 0));
  EXPECT_TRUE(state.handle(0, Message{.kind = MessageKind::fence}, 0));
  EXPECT_FALSE(state.handle(2, Message{.kind = MessageKind::fence}, 0));
  EXPECT_TRUE(state.take_outgoing().empty());
  EXPECT_FALSE(state.handle(1, Message{.kind = MessageKind::fence}, 0));
  EXPECT_EQ(state.take_outgoing().size(), 3u);
}

constexpr std::int64_t second_ns = 1'000'000'000;

std::vector<MessageKind> kinds_sent(StoreState& state) {
  std::vector<MessageKind> kinds;
  for (const auto& [rank, message] : state.take_outgoing()) kinds.push_back(message.kind);
  return kinds;
}

TEST(StoreState, a_rank_that_a_fence_waits_for_and_that_does_not_answer_is_blamed) {
  StoreState state = launch_of(3);
  EXPECT_FALSE(state.next_tick_ns());
  EXPECT_FALSE(state.handle(1, Message{.kind = MessageKind::fence}, 0));
  EXPECT_FALSE(state.handle(2, Message{.kind = MessageKind::fence}, second_ns));
  EXPECT_EQ(state.next_tick_ns(), 4 * second_ns);
  state.tick(4 * second_ns - 1);
  EXPECT_TRUE(state.take_outgoing().empty());
  state.tick(4 * second_ns);
  EXPECT_EQ(kinds_sent(state), std::vector(3, MessageKind::ping));
  for (const int rank : {0, 1}) EXPECT_FALSE(state.handle(rank, Message{.kind = MessageKind::pong}, 0));
  EXPECT_TRUE(state.take_events().empty());
  state.tick(6 * second_ns);
  const auto events = state.take_events();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].kind, StoreEvent::Kind::stalled);
  EXPECT_EQ(events[0].rank, 1);
  EXPECT_EQ(events[0].blamed_ranks, std::vector<int>{2});
  EXPECT_FALSE(state.next_tick_ns()) << "judged once";
}

TEST(StoreState, ranks_that_answer_may_keep_a_fence_waiting) {
  StoreState state = launch_of(2);
  EXPECT_FALSE(state.handle(0, Message{.kind = MessageKind::fence}, 0));
  for (std::int64_t asked = 4; asked <= 16; asked += 6) {
    state.tick(asked * second_ns);
    EXPECT_EQ(kinds_sent(state), std::vector(2, MessageKind::ping));
    for (const int rank : {0, 1}) EXPECT_FALSE(state.handle(rank, Message{.kind = MessageKind::pong}, 0));
    state.tick((asked + 2) * second_ns);
    EXPECT_TRUE(state.take_events().empty());
  }
  EXPECT_FALSE(state.handle(1, Message{.kind = MessageKind::fence}, 23 * second_ns));
  EXPECT_FALSE(state.next_tick_ns()) << "nobody waits any more";
}

TEST(StoreState, bounds_what_a_rank_publishes) {
  StoreState state = launch_of(1, 200'000);
  EXPECT_FALSE(state.handle(0, publish("a", 65'536), 0));
  EXPECT_TRUE(state.handle(0, publish("a", 1), 0)) << "twice";
  EXPECT_TRUE(state.handle(0, publish("b", 65'537), 0));
  EXPECT_TRUE(state.handle(0, publish("", 1), 0));
  EXPECT_TRUE(state.handle(0, publish(std::string(257, 'k'), 1), 0));
  EXPECT_FALSE(state.handle(0, publish("c", 65'536), 0));
  EXPECT_TRUE(state.handle(0, publish("d", 65'536 + 65'536), 0));
  EXPECT_FALSE(state.handle(0, publish("e", 60'000), 0));
  EXPECT_TRUE(state.handle(0, publish("f", 60'000), 0)) << "the store is full";
}

TEST(StoreState, refuses_the_store_s_own_messages_and_words_after_the_last) {
  StoreState state = launch_of(1);
  for (const MessageKind kind :
       {MessageKind::join, MessageKind::roster, MessageKind::found, MessageKind::ping})
    EXPECT_TRUE(state.handle(0, Message{.kind = kind}, 0));
  EXPECT_FALSE(state.handle(0, Message{.kind = MessageKind::leave}, 0));
  EXPECT_TRUE(state.handle(0, Message{.kind = MessageKind::fence}, 0));
  EXPECT_EQ(state.take_events().at(0).kind, StoreEvent::Kind::finished);
  state.lose(0, "closed");
  EXPECT_TRUE(state.take_events().empty());
}

// Reports stalls, answers the ping for `answering`, lets the grace pass, and returns who is blamed.
std::vector<int> judge(StoreState& state, const std::vector<std::pair<int, std::vector<int>>>& stalls,
                       const std::vector<int>& answering) {
  for (const auto& [rank, peers] : stalls) EXPECT_FALSE(state.handle(rank, stalled_for(peers), 1000));
  for (const int rank : answering) EXPECT_FALSE(state.handle(rank, Message{.kind = MessageKind::pong}, 1000));
  const auto told = state.take_events();
  EXPECT_EQ(told.size(), 1u);
  EXPECT_EQ(told.at(0).kind, StoreEvent::Kind::stalling);
  state.tick(1000 + 1'999'999'999);
  EXPECT_TRUE(state.take_events().empty()) << "judged before the grace was over";
  state.tick(1000 + 2'000'000'000);
  const auto events = state.take_events();
  EXPECT_EQ(events.size(), 1u);
  EXPECT_EQ(events.at(0).rank, stalls.front().first);
  return events.at(0).blamed_ranks;
}

TEST(StoreState, blames_the_rank_that_does_not_answer_at_all) {
  StoreState state = launch_of(4);
  EXPECT_EQ(judge(state, {{0, {1}}, {3, {0}}}, {0, 1, 3}), std::vector<int>{2});
}

TEST(StoreState, blames_the_end_of_a_chain_of_waiting_ranks) {
  StoreState state = launch_of(5);
  EXPECT_EQ(judge(state, {{0, {1}}, {1, {2}}}, {0, 1, 2, 3, 4}), std::vector<int>{2});
}

Message blame_of(int rank) {
  return {.kind = MessageKind::abort, .rank = rank, .text = "it closed the connection"};
}

// Rank 0 waits for rank 2, which hangs, and closes its connections; rank 1 sees only that, sooner or later.
TEST(StoreState, a_rank_that_waited_in_vain_is_not_to_blame_for_its_closed_connections) {
  StoreState before = launch_of(3);
  EXPECT_FALSE(before.handle(1, blame_of(0), 900));
  EXPECT_EQ(judge(before, {{0, {2}}}, {0}), std::vector<int>{2});
  EXPECT_FALSE(before.next_tick_ns());
  StoreState state = launch_of(3);
  EXPECT_FALSE(state.handle(0, stalled_for({2}), 0));
  static_cast<void>(state.take_events());
  EXPECT_FALSE(state.handle(1, blame_of(0), 5));
  EXPECT_TRUE(state.take_events().empty());
}

TEST(StoreState, what_one_rank_says_of_another_counts_after_what_that_one_says) {
  StoreState state = launch_of(3);
  EXPECT_FALSE(state.handle(1, blame_of(0), 0));
  EXPECT_FALSE(state.handle(0, blame_of(0), 1));
  const auto own = state.take_events();
  ASSERT_EQ(own.size(), 1u);
  EXPECT_EQ(own.at(0).rank, 0);
  EXPECT_FALSE(state.next_tick_ns()) << "what rank 1 said of it is forgotten";
  EXPECT_FALSE(state.handle(2, blame_of(1), 2));
  EXPECT_FALSE(state.next_tick_ns());
  EXPECT_TRUE(state.take_events().empty()) << "rank 1 has said why already";
}

// A connection breaks that both its ends want, and each sees the other close it.
TEST(StoreState, of_two_ranks_that_blame_each_other_the_first_is_heard) {
  StoreState state = launch_of(3);
  EXPECT_FALSE(state.handle(1, blame_of(0), 0));
  EXPECT_FALSE(state.handle(0, blame_of(1), 100));
  EXPECT_TRUE(state.take_events().empty());
  state.tick(300'000'000);
  const auto told = state.take_events();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told.at(0).rank, 1);
  EXPECT_EQ(told.at(0).blamed, 0);
}

TEST(StoreState, what_is_said_of_a_rank_counts_at_once_when_it_is_lost) {
  StoreState state = launch_of(2);
  EXPECT_FALSE(state.handle(1, blame_of(0), 0));
  EXPECT_TRUE(state.take_events().empty());
  state.lose(0, "gone");
  EXPECT_EQ(state.take_events().size(), 2u);
  EXPECT_FALSE(state.next_tick_ns());
}

TEST(StoreState, blames_nobody_where_all_wait) {
  StoreState state = launch_of(2);
  EXPECT_TRUE(judge(state, {{0, {1}}, {1, {0}}}, {0, 1}).empty());
}

TEST(StoreState, a_rank_that_has_finished_is_not_blamed) {
  StoreState state = launch_of(3);
  EXPECT_FALSE(state.handle(2, Message{.kind = MessageKind::leave}, 0));
  static_cast<void>(state.take_events());
  EXPECT_EQ(judge(state, {{0, {1}}}, {0, 1}), std::vector<int>{1});
}

TEST(StoreState, those_who_have_left_are_seen_off_when_the_last_one_goes) {
  StoreState state = launch_of(3);
  EXPECT_FALSE(state.handle(0, Message{.kind = MessageKind::leave}, 0));
  EXPECT_FALSE(state.handle(2, Message{.kind = MessageKind::leave}, 0));
  EXPECT_TRUE(state.take_outgoing().empty());
  state.lose(1, "gone");
  const auto sent = state.take_outgoing();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].message.kind, MessageKind::over);
}

TEST(StoreState, judges_once) {
  StoreState state = launch_of(3);
  static_cast<void>(judge(state, {{0, {1}}}, {0, 1, 2}));
  EXPECT_FALSE(state.handle(1, stalled_for({2}), 5));
  EXPECT_TRUE(state.handle(1, stalled_for({2}), 5)) << "reported twice";
  EXPECT_FALSE(state.next_tick_ns());
}

}  // namespace
}  // namespace podbench
