// One rank's side of every case: what the lead's commands make it do. The lead has one too and obeys itself,
// so that all ranks take the same path.
// Thread-safety: one thread, the endpoint's. Errors: as the endpoint and wait_for(); trouble that concerns
// only one case (no memory, no native collective) is in the report of prepare().
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bench/case.hpp"
#include "bench/common_start.hpp"
#include "bench/control.hpp"
#include "bench/direct/peer_memory.hpp"
#include "bench/executor.hpp"
#include "bench/launch_shape.hpp"
#include "bench/machine/load.hpp"
#include "bench/telemetry/sampler.hpp"

namespace podbench {

// Fixed-size answers that travel to the lead.
struct PrepareReport {
  enum class Outcome : std::uint32_t { ready, unavailable, failed } outcome = Outcome::ready;
  char reason[252] = {};
};
struct CheckReport {
  std::uint32_t wrong = 0;
  std::uint32_t padding = 0;
  std::uint64_t element = 0, wrong_elements = 0;
  char expected[48] = {}, found[48] = {};
};
struct RankTimes {
  std::uint64_t entry_ns = 0, exit_ns = 0;  // medians since the common start
  std::uint64_t exit_p99_ns = 0;
  LoadShares load;  // on the node meanwhile, told by its first rank where it is known
};

// Whose clocks are one, and this rank's own.
struct Clocks {
  std::vector<int> clock_of_rank;
  LocalClock mine;
};

// How the starts of isolated operations are aligned.
enum class StartSync : std::uint8_t { none, barrier, clock };
[[nodiscard]] const char* name_of(StartSync sync);

class CaseRunner {
 public:
  // Collective.
  CaseRunner(Endpoint& endpoint, Control& control, const LaunchShape& shape, const Clocks& clocks,
             const MeasureSettings& settings, std::span<const PlannedCase> cases);
  ~CaseRunner();

  // Does what a command says and takes part in what is gathered. On the lead the results stay here for the
  // accessors below.
  void obey(const Command& command);

  // The lead's harvest of the last command, by rank.
  [[nodiscard]] std::span<const PrepareReport> prepare_reports() const { return prepare_reports_; }
  [[nodiscard]] std::span<const StartQuality> start_qualities() const { return start_qualities_; }
  [[nodiscard]] std::span<const CheckReport> check_reports() const { return check_reports_; }
  [[nodiscard]] std::span<const RankTimes> rank_times() const { return rank_times_; }
  // What the nodes read since the last such command, times by rank 0's clock.
  [[nodiscard]] std::vector<TelemetryRecord> telemetry() const;
  // One value a sample: the latest exit minus the common start (rank 0's own interval where it sees all), for
  // `operations` operations, the clock's own cost subtracted.
  [[nodiscard]] std::span<const std::uint64_t> samples_ns() const { return samples_ns_; }
  // When each of them began, by this rank's clock, and what that shows now.
  [[nodiscard]] std::span<const std::int64_t> began_ns() const { return began_ns_; }
  [[nodiscard]] std::int64_t clock_ns() const noexcept { return common_start_.now_ns(); }
  // Samples of the last command that are not among them, since a rank began too late.
  [[nodiscard]] std::uint64_t late_samples() const { return late_samples_; }

  // How starts are aligned in the case at hand.
  [[nodiscard]] StartSync sync() const;
  // The cost of reading the clock twice, ns.
  [[nodiscard]] std::uint64_t clock_cost_ns() const noexcept { return clock_cost_ns_; }

 private:
  struct Active;  // the prepared case
  [[nodiscard]] PrepareReport prepare(const PlannedCase& planned, int series_index);
  // Why the case cannot run on this transport, or nothing once it is ready.
  [[nodiscard]] std::optional<std::string> build(const PlannedCase& planned, int series_index);
  [[nodiscard]] std::optional<std::string> one_sided_missing(const Schedule& schedule);
  [[nodiscard]] RemoteBuffers attach_peers(const CaseBuffers& buffers);
  // Collective. Whether the active case now runs by loads and stores.
  [[nodiscard]] bool build_direct(const Algorithm& algorithm, Active& active);
  void mirror_small(Active& active, const direct::SeenBuffers& seen);
  [[nodiscard]] CheckReport verify(std::uint64_t round);
  struct Interval {
    std::int64_t start_ns;           // by this rank's clock
    std::int64_t entry_ns, exit_ns;  // since then
  };
  [[nodiscard]] Interval time_once(StartSync sync, const Command& command);
  void sample(const Command& command);
  void combine_ranks();
  [[nodiscard]] RankTimes release();
  [[nodiscard]] Blob handed_over();
  template <typename Report>
  void collect(const Report& mine, std::vector<Report>& all);

  Endpoint& endpoint_;
  Control& control_;
  const LaunchShape& shape_;
  const MeasureSettings& settings_;
  std::span<const PlannedCase> cases_;
  StartSync isolated_sync_;
  CommonStart common_start_;
  LoadWatch load_;
  std::optional<Sampler> sampler_;  // of the node, on its first rank
  std::uint64_t clock_cost_ns_;
  BufferPool transport_pool_, private_pool_;
  direct::PeerMemory peer_memory_;
  std::unique_ptr<Active> active_;
  std::vector<std::uint64_t> samples_ns_;
  std::vector<std::int64_t> began_ns_;
  std::uint64_t late_samples_ = 0;
  std::vector<std::uint64_t> own_entries_ns_, own_exits_ns_;  // of this rank, of the case at hand
  std::vector<PrepareReport> prepare_reports_;
  std::vector<StartQuality> start_qualities_;
  std::vector<CheckReport> check_reports_;
  std::vector<RankTimes> rank_times_;
  std::vector<Blob> telemetry_;
};

// Obeys until the lead says finish.
void follow(Control& control, CaseRunner& runner);

}  // namespace podbench
