// What the store knows and decides about one launch, apart from sockets and clocks: who is there, the values,
// the fences, and who is to blame when somebody waits in vain.
//
// Calls take a rank's message or a change, and leave messages to send and events for the director behind.
// Thread-safety: none. Errors: returned as one line; the caller then cuts the rank off and calls lose().
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bench/rendezvous/message.hpp"
#include "bench/rendezvous/store_server.hpp"

namespace podbench {

class StoreState {
 public:
  StoreState(const StoreOptions& options, std::string launch_id);

  struct Outgoing {
    int rank;
    Message message;
  };
  using Refusal = std::optional<std::string>;

  // `join` is a proved connection's first message. After success, handle() takes that rank's others.
  [[nodiscard]] Refusal join(const Message& join);
  [[nodiscard]] Refusal handle(int rank, const Message& message, std::int64_t now_ns);
  // The rank's connection has ended. Silent after leave and abort.
  void lose(int rank, const std::string& why);

  // Blames whoever is silent once the grace after a stall is over, or that a fence has waited for long and
  // that does not answer when asked. What one rank says of another counts a moment later than what that one
  // says itself, and for nothing if that one says something or turns out to have waited in vain: it then
  // closed its connections because of it.
  void tick(std::int64_t now_ns);
  [[nodiscard]] std::optional<std::int64_t> next_tick_ns() const noexcept;

  void set(std::string_view key, Blob value);
  void end_launch() { send_all(Message{.kind = MessageKind::over}); }
  [[nodiscard]] std::vector<Outgoing> take_outgoing() { return std::exchange(outgoing_, {}); }
  [[nodiscard]] std::vector<StoreEvent> take_events() { return std::exchange(events_, {}); }

 private:
  enum class Presence : std::uint8_t { absent, here, finished, lost };
  struct RankState {
    Presence presence = Presence::absent;
    bool fencing = false;
    bool waiting = false;   // reported a stall
    bool gave_up = false;   // has said why
    bool answered = false;  // answered the last ping
    std::string host;
  };

  [[nodiscard]] Refusal publish(int rank, const Message& message);
  [[nodiscard]] Refusal fence(int rank, std::int64_t now_ns);
  [[nodiscard]] Refusal look_up(int rank, const Message& message);
  [[nodiscard]] Refusal stall(int rank, const Message& message, std::int64_t now_ns);
  [[nodiscard]] Refusal abort(int rank, const Message& message, std::int64_t now_ns);
  void forget_hearsay_of(int rank);
  void leave(int rank);
  void see_off();
  void send_all(const Message& message);
  void ask_all();
  void doubt_fence(std::int64_t now_ns);
  [[nodiscard]] std::vector<int> who_is_silent() const;
  [[nodiscard]] std::vector<int> who_hangs() const;

  StoreOptions options_;
  std::string launch_id_;
  std::vector<RankState> ranks_;
  int joined_ = 0;
  int fencing_ = 0;
  std::int64_t fences_ = 0;
  struct Doubt {
    int rank;             // came to the fence first
    std::int64_t due_ns;  // when all are asked or, if they have been, those who are silent are blamed
    bool asked = false;
  };
  std::optional<Doubt> doubt_;  // while somebody waits at a fence
  std::map<std::pair<int, std::string>, Blob, std::less<>> values_;
  std::size_t value_bytes_ = 0;
  std::optional<std::int64_t> judgement_ns_;
  bool judged_ = false;
  StoreEvent stall_;             // of the rank that reported first
  std::vector<int> waited_for_;  // peers named by any report
  struct Hearsay {
    StoreEvent event;
    std::int64_t due_ns;
  };
  std::vector<Hearsay> hearsay_;  // in order of arrival
  std::vector<Outgoing> outgoing_;
  std::vector<StoreEvent> events_;
};

}  // namespace podbench
