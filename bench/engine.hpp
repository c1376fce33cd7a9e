// The measuring engine, on the lead: decides what is run how often, and owns the samples. docs/measuring.md
// says why it is done so.
//
// A case: prepare, check the data, warm up until the first and last third of the samples agree, sample until
// the 95% interval of the median is within ±2% or the time is up (never fewer than 30 samples), check again
// with other contents. No outlier is dropped; only rounds that a rank began too late do not count. A case
// beside which something else used the processors is measured once more.
// Thread-safety: one thread, the endpoint's. Errors: as Control; trouble of one case is in its record.
#pragma once

#include <span>

#include "bench/case.hpp"
#include "bench/case_runner.hpp"
#include "bench/control.hpp"
#include "bench/series.hpp"
#include "bench/start_policy.hpp"
#include "results/record.hpp"

namespace podbench {

class Engine {
 public:
  Engine(Control& control, CaseRunner& runner, const LaunchShape& shape, const MeasureSettings& settings,
         const PlannedLaunch& launch);

  // Measures case `index` of the launch on all ranks.
  [[nodiscard]] CaseRecord measure(std::uint32_t index);

  // What the nodes' sensors said since last asked, on the axis on which the cases' moments are.
  [[nodiscard]] std::vector<TelemetryRecord> take_telemetry();

  // Reads the sensors a last time and lets the followers go.
  void finish();

 private:
  [[nodiscard]] CaseRecord measure_once();
  [[nodiscard]] CaseRecord start_record(const Problem& problem) const;
  [[nodiscard]] const PlannedCase& planned() const { return launch_.cases[index_]; }
  // Prepares, checks, samples, checks again and releases; false where the case came to an end before.
  [[nodiscard]] bool measure(CasePart& part, int series_index, CaseRecord& record);
  [[nodiscard]] bool prepare(int series_index, CaseRecord& record);
  // Checks one round's data; false where something was wrong, which is then in the record.
  bool data_right(std::uint32_t round, CaseRecord& record);
  // Relates the clocks where the case starts by them and the last time is a while ago.
  void keep_aligned(CaseRecord& record);
  void align();
  // Reads the sensors of all nodes, unless they were read `least_apart_ns` ago or later.
  void observe(std::int64_t least_apart_ns);
  void observe_within_case();
  void collect_telemetry();
  // Now, on the axis of telemetry.
  [[nodiscard]] std::int64_t moment_ns() const { return runner_.clock_ns() + utc_ahead_ns_; }
  [[nodiscard]] std::int64_t median_ns() const;
  void take_samples(std::vector<std::uint64_t>& samples, CaseRecord& record);
  // Appends samples until the stopping rule is content (true) or the case's time is up.
  [[nodiscard]] bool sample_until_enough(std::vector<std::uint64_t>& samples, std::int64_t sample_ns,
                                         CaseRecord& record);
  // Runs samples on all ranks and returns how long that took, ns.
  std::int64_t run(std::uint64_t samples, std::uint32_t operations);
  [[nodiscard]] std::int64_t warm_up();
  [[nodiscard]] std::uint32_t choose_operations(std::int64_t operation_ns) const;
  [[nodiscard]] std::uint64_t chunk_for(std::int64_t sample_ns) const;
  void release(CasePart& part, CaseRecord& record);
  void judge_load(CaseRecord& record) const;
  void say(Verb verb, std::uint64_t samples = 0, std::uint32_t operations = 1, std::uint32_t round = 0);

  Control& control_;
  CaseRunner& runner_;
  const LaunchShape& shape_;
  const MeasureSettings& settings_;
  const PlannedLaunch& launch_;
  std::int64_t budget_ns_ = 0;    // of one problem of the case
  std::uint32_t operations_ = 0;  // a sample, of all problems of the case; 0: not chosen yet
  std::uint32_t index_ = 0;
  StartPolicy starts_;
  std::int64_t utc_ahead_ns_;  // of the lead's clock, as the launch began
  std::int64_t aligned_ns_ = 0, observed_ns_ = 0, collected_ns_ = 0;
  std::vector<TelemetryRecord> telemetry_;
};

}  // namespace podbench
