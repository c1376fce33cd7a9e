// Watches one launch from its start to the end of its last process, and finds out who is to blame if it does
// not end well. Decisions only: launch.cpp feeds it what happens and does what it says.
// Thread-safety: none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench/launch/child_process.hpp"
#include "bench/launch/launch.hpp"
#include "bench/launch/launchers.hpp"
#include "bench/rendezvous/store_server.hpp"

namespace podbench {

class Supervision {
 public:
  Supervision(const LaunchRequest& request, std::vector<Starter> starters, std::int64_t now_ns);

  // What happens.
  void take(const StoreEvent& event, std::int64_t now_ns);
  void child_ended(std::size_t starter, const ChildEnd& end, const std::string& last_line,
                   std::int64_t now_ns);
  void child_stopped(std::size_t starter, std::int64_t since_ns, std::int64_t now_ns);
  void interrupted(int signal, std::int64_t now_ns);
  void tick(std::int64_t now_ns);

  // Whether the launch has failed and its processes must be ended now. From the first yes on, what happens is
  // the wake of that end and blames nobody any more.
  [[nodiscard]] bool must_end(std::int64_t now_ns) noexcept;
  [[nodiscard]] bool all_ended() const noexcept { return ended_ == starters_.size(); }
  [[nodiscard]] LaunchOutcome outcome() const;

 private:
  // The better a cause explains, the higher; of equals the first counts.
  enum class Weight : std::uint8_t { launcher, connection, exit_code, lingering, word, stop, death, person };
  struct Cause {
    Weight weight;
    std::string text;
    int rank = -1;
    int exit_code = 4;
  };
  struct RankState {
    bool joined = false, finished = false;
    std::string host;
  };

  void blame(Cause cause, std::int64_t now_ns);
  void rank_ended(int rank, const ChildEnd& end, std::int64_t now_ns);
  void launcher_ended(const Starter& starter, const ChildEnd& end, const std::string& last_line,
                      std::int64_t now_ns);
  [[nodiscard]] bool all_finished(int first, int count) const;
  [[nodiscard]] std::string name(int rank) const;
  [[nodiscard]] std::vector<std::string> hosts() const;

  const LaunchRequest& request_;
  std::vector<Starter> starters_;
  std::vector<RankState> ranks_;
  std::size_t ended_ = 0;
  int joined_ = 0;
  std::optional<int> lead_exit_code_;
  std::int64_t start_deadline_ns_;
  std::optional<std::int64_t> lead_finished_ns_;
  std::optional<Cause> cause_;
  std::int64_t cause_since_ns_ = 0;
  std::int64_t judged_by_ns_ = 0;  // until then a stall is being judged
  bool ending_ = false;
  std::string launcher_words_;  // what a failed launcher said last
  int signal_ = 0;
};

}  // namespace podbench
