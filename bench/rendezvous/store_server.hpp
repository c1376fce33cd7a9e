// The director's store: a TCP server in a thread of its own, through which the ranks of one launch find each
// other and the director learns how they fare. It takes part in no measurement and is silent during one,
// unless ranks wait at a fence for long.
//
// Whoever connects must prove knowledge of the launch's secret before anything else it says is read; the
// store proves the same in return, and all messages after that are encrypted and authenticated (channel.hpp).
// Unproved connections are few, short-lived and cost 72 bytes each; the oldest makes way for the newest. All
// sizes are bounded.
// Thread-safety: set(), take_events() and the getters may be called from any thread.
// Errors: RunError where no socket can be had. A rank that breaks the protocol is cut off and counts as lost.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/rendezvous/secret.hpp"
#include "transports/rendezvous.hpp"

namespace podbench {

struct StoreEvent {
  enum class Kind : std::uint8_t {
    joined,    // rank, host, pid
    lost,      // rank: its connection ended although it had not finished; text: why
    aborted,   // rank gave up; blamed: whose fault it says it is (-1: unknown); text: the reason
    stalling,  // rank waits in vain; who hangs is being found out, and nobody else is to blame until then
    stalled,   // rank waited in vain; blamed_ranks: who hangs (may be empty); text: what rank was doing
    finished,  // rank
  };
  Kind kind = Kind::joined;
  int rank = -1;
  std::string host{};
  long pid = 0;
  int blamed = -1;
  std::vector<int> blamed_ranks{};
  std::string text{};
};

struct StoreOptions {
  int ranks = 1;
  bool other_hosts = false;  // listen on every interface rather than on loopback alone
  // From the first report of a stall until the silent ranks are blamed.
  std::chrono::milliseconds stall_grace{2000};
  // How long ranks wait at a fence before all are asked whether they still answer; again after as long.
  std::chrono::milliseconds fence_patience{4000};
  // How long a connection may take to prove itself.
  std::chrono::milliseconds proof_deadline{5000};
  std::size_t most_unproved = 256;
  std::size_t most_value_bytes = std::size_t{1} << 28;  // all keys and values together
};

class StoreServer {
 public:
  explicit StoreServer(StoreOptions options);
  ~StoreServer();  // ranks still connected take this for the end of the launch
  StoreServer(const StoreServer&) = delete;
  StoreServer& operator=(const StoreServer&) = delete;

  // What the ranks are given: "127.0.0.1:40123", or this host's addresses with commas between.
  [[nodiscard]] const std::string& address() const noexcept;
  [[nodiscard]] const Secret& secret() const noexcept;
  [[nodiscard]] const std::string& launch_id() const noexcept;

  // Makes a value of the director's visible to lookup(director_rank, key). A second set replaces the first.
  void set(std::string_view key, Blob value);

  // Tells every rank that the launch is over and that the reason has been stated: they end without a word.
  void end_launch();

  // Readable while there are events to take.
  [[nodiscard]] int event_descriptor() const noexcept;
  [[nodiscard]] std::vector<StoreEvent> take_events();

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace podbench
