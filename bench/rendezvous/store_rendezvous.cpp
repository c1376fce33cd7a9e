#include "bench/rendezvous/store_rendezvous.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "base/error.hpp"
#include "bench/rendezvous/address.hpp"
#include "bench/rendezvous/blame.hpp"
#include "bench/rendezvous/store_client.hpp"

namespace podbench {
namespace {

constexpr auto write_patience = std::chrono::seconds(20);
constexpr auto farewell_patience = std::chrono::seconds(3);
constexpr auto judgement_patience = std::chrono::seconds(8);  // the supervisor takes 2 s
// Some launchers kill everybody as soon as one rank ends badly; the supervisor must have spoken by then.
constexpr auto hearsay_span = std::chrono::milliseconds(4000);
constexpr auto last_word_span = std::chrono::milliseconds(500);

void say(const std::string& line) {
  std::fputs(fmt::format("podbench: {}\n", line).c_str(), stderr);
}

[[noreturn]] void end_process() {
  _exit(static_cast<int>(ExitCode::not_completed));
}

class StoreRendezvous final : public Rendezvous {
 public:
  StoreRendezvous(std::string_view addresses, const Secret& secret, int rank, int size, Deadline deadline,
                  LaunchEnded ended)
      : client_(addresses, secret, deadline), rank_(rank), size_(size) {
    client_.send(Message{.kind = MessageKind::join,
                         .rank = rank,
                         .number = static_cast<std::int64_t>(getpid()) << 32 | size,
                         .text = this_node()},
                 deadline);
    const Message reply = client_.receive(MessageKind::roster, MessageKind::roster, deadline,
                                          fmt::format("rank {} waits for the other ranks to join", rank));
    auto roster = decode_roster(reply.value);
    if (!roster || roster->node_of_rank.size() != static_cast<std::size_t>(size))
      throw RunError("the director's store sent a roster that makes no sense");
    roster_ = std::move(*roster);
    launch_id_ = reply.text;
    address_ = choose_address();
    client_.watch(std::move(ended));
  }

  ~StoreRendezvous() override {
    try {
      client_.expect_end();
      const Deadline deadline = Deadline::after(farewell_patience);
      client_.send(Message{.kind = MessageKind::leave}, deadline);
      static_cast<void>(client_.await_end(deadline));  // when all have left
    } catch (const RunError&) {
      // The launch is over either way.
    }
  }

  int rank() const noexcept override { return rank_; }
  int size() const noexcept override { return size_; }

  void publish(std::string_view key, std::span<const std::byte> value) override {
    if (key.empty() || key.size() > most_key_bytes || value.size() > most_value_bytes)
      throw RunError(fmt::format("a published key must have 1 to {} bytes and its value at most {}",
                                 most_key_bytes, most_value_bytes));
    client_.send(Message{.kind = MessageKind::publish,
                         .text = std::string(key),
                         .value = Blob(value.begin(), value.end())},
                 Deadline::after(write_patience));
  }

  void fence(Deadline deadline) override {
    client_.send(Message{.kind = MessageKind::fence}, deadline);
    const Message reply = client_.receive(MessageKind::fenced, MessageKind::fenced, deadline,
                                          fmt::format("rank {} waits for the other ranks at a fence", rank_));
    if (reply.number != ++fences_) throw RunError("the ranks of the launch disagree about their fences");
  }

  Blob lookup(int rank, std::string_view key, Deadline deadline) override {
    client_.send(Message{.kind = MessageKind::lookup, .rank = rank, .text = std::string(key)}, deadline);
    Message reply = client_.receive(MessageKind::found, MessageKind::missing, deadline,
                                    fmt::format("rank {} looks up \"{}\" of rank {}", rank_, key, rank));
    if (reply.kind == MessageKind::missing)
      throw RunError(rank == director_rank ? fmt::format("the director has set no \"{}\"", key)
                                           : fmt::format("rank {} has published no \"{}\"", rank, key));
    return std::move(reply.value);
  }

  const std::string& host(int rank) const override {
    return roster_.nodes.at(static_cast<std::size_t>(node(rank)));
  }
  int node(int rank) const override { return roster_.node_of_rank.at(static_cast<std::size_t>(rank)); }
  const std::string& address() const noexcept override { return address_; }
  const std::string& launch_id() const noexcept override { return launch_id_; }

  void abort(int blamed_rank, std::string_view reason) noexcept override {
    try {
      client_.expect_end();
      const Deadline deadline = Deadline::after(farewell_patience);
      client_.send(Message{.kind = MessageKind::abort, .rank = blamed_rank, .text = std::string(reason)},
                   deadline);
      client_.hang_up(deadline);
      // What it says of another rank may be the wake of a stall, which takes longer to judge; whoever
      // supervises ends this process in time.
      std::this_thread::sleep_for(blamed_rank == rank_ ? last_word_span : hearsay_span);
    } catch (const std::exception&) {
      // The director learns it from the lost connection.
    }
    end_process();
  }

  void report_stall(std::span<const int> peers, std::string_view doing) noexcept override {
    try {
      peers = peers.first(std::min(peers.size(), most_value_bytes / sizeof(std::int32_t)));
      client_.expect_end();
      client_.send(
          Message{.kind = MessageKind::stalled, .text = std::string(doing), .value = encode_ranks(peers)},
          Deadline::after(farewell_patience));
      if (!client_.await_end(Deadline::after(judgement_patience)))
        say(fmt::format("{} waited in vain while {}, and the launch's supervisor does not answer",
                        name_rank(rank_, host(rank_)), doing));
      std::this_thread::sleep_for(last_word_span);
    } catch (const std::exception&) {
    }
    end_process();
  }

 private:
  // The connection's own address, unless the store is on this very node: then the connection does not show
  // which interface leads to the others.
  std::string choose_address() const {
    const int own = node(rank_);
    const auto other = std::find_if(roster_.node_of_rank.begin(), roster_.node_of_rank.end(),
                                    [&](int number) { return number != own; });
    const bool overridden = std::getenv("PODBENCH_ADDRESS") != nullptr;
    if (!overridden && (other == roster_.node_of_rank.end() || !client_.within_host()))
      return client_.own_address();
    const int other_node = other == roster_.node_of_rank.end() ? own : *other;
    return reachable_address(roster_.nodes[static_cast<std::size_t>(other_node)]);
  }

  StoreClient client_;
  int rank_, size_;
  Roster roster_;
  std::string launch_id_, address_;
  std::int64_t fences_ = 0;
};

}  // namespace

std::unique_ptr<Rendezvous> join_store(std::string_view addresses, const Secret& secret, int rank, int size,
                                       Deadline deadline, LaunchEnded ended) {
  if (!ended)
    ended = [rank](const std::string& reason) {
      // One rank speaks for all: the others see the same end.
      if (rank == 0 && !reason.empty()) say("the launch ends: " + reason);
      end_process();
    };
  return std::make_unique<StoreRendezvous>(addresses, secret, rank, size, deadline, std::move(ended));
}

}  // namespace podbench
