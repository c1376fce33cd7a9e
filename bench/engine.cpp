#include "bench/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "analysis/statistics.hpp"
#include "base/clock.hpp"
#include "base/utc.hpp"
#include "bench/machine/load.hpp"
#include "bench/tails.hpp"

namespace podbench {
namespace {

constexpr std::uint64_t most_samples_a_chunk = 4'096;
constexpr std::uint64_t most_samples_a_case = 1'000'000;
constexpr std::uint32_t most_operations = 1'000;
// An operation shorter than this many clock costs is timed in batches (docs/measuring.md).
constexpr std::uint64_t clock_costs_an_operation = 50;
// Nor is what streams timed in shorter pieces: ranks lead in turn there, and the longest interval of all
// would be everybody's slowest operation.
constexpr std::uint64_t least_streamed_ns = 20'000;
// A case that converges at once still gets this many samples, for its percentiles, unless a quarter of its
// time is gone.
constexpr std::size_t samples_for_percentiles = 1'000;
// Slow cases run over their time until they have the least number of samples, up to this many times over.
constexpr std::int64_t most_overtime = 60;
// Where not even one round in so many has all ranks in time, more time would bring nothing.
constexpr std::uint64_t hopeless_rounds_a_sample = 20;
// Sensors that were read a moment ago are not read again where a case begins or ends: many short ones would
// otherwise do little else.
constexpr std::int64_t boundary_apart_ns = 20'000'000;
// Clocks drift apart by some microseconds meanwhile, which telemetry can bear.
constexpr std::int64_t telemetry_alignment_ns = 10'000'000'000;

}  // namespace

Engine::Engine(Control& control, CaseRunner& runner, const LaunchShape& shape,
               const MeasureSettings& settings, const PlannedLaunch& launch)
    : control_(control),
      runner_(runner),
      shape_(shape),
      settings_(settings),
      launch_(launch),
      utc_ahead_ns_(utc_now_ns() - runner.clock_ns()) {}

void Engine::say(Verb verb, std::uint64_t samples, std::uint32_t operations, std::uint32_t round) {
  const Command command{verb, index_, samples, operations, round, starts_.slack_ns(), starts_.tolerance_ns()};
  runner_.obey(control_.announce(command));
}

void Engine::finish() {
  observe(0);
  collect_telemetry();
  control_.announce({.verb = Verb::finish});
}

CaseRecord Engine::measure(std::uint32_t index) {
  index_ = index;
  observe(boundary_apart_ns);
  CaseRecord record = measure_once();
  if (record.status == CaseStatus::contended && settings_.try_again) {
    const CaseRecord first = std::exchange(record, measure_once());
    record.remark(fmt::format("second try; beside the first: {}", first.note));
    record.seconds += first.seconds;
  }
  observe(boundary_apart_ns);
  collect_telemetry();
  return record;
}

void Engine::observe(std::int64_t least_apart_ns) {
  if (!settings_.telemetry.on || now_ns() - observed_ns_ < least_apart_ns) return;
  say(Verb::observe);
  observed_ns_ = now_ns();
}

void Engine::observe_within_case() {
  if (settings_.telemetry.period_ns > 0) observe(settings_.telemetry.period_ns);
}

void Engine::collect_telemetry() {
  if (!settings_.telemetry.on || observed_ns_ == collected_ns_) return;
  if (shape_.nodes() > 1 && now_ns() - aligned_ns_ > telemetry_alignment_ns) align();
  say(Verb::hand_over);
  collected_ns_ = observed_ns_;
  for (TelemetryRecord& record : runner_.telemetry()) {
    record.launch = launch_.launch;
    for (std::int64_t& at_ns : record.times_ns) at_ns += utc_ahead_ns_;
    telemetry_.push_back(std::move(record));
  }
}

std::vector<TelemetryRecord> Engine::take_telemetry() {
  return std::exchange(telemetry_, {});
}

CaseRecord Engine::measure_once() {
  const std::int64_t begin = now_ns(), started_ns = moment_ns();
  const Pattern& pattern = *find_pattern(planned().pattern);
  const Problem problem = problem_of(planned(), 0, shape_.node_of_rank);
  const int length = pattern.series == nullptr ? 1 : pattern.series->length(problem);
  budget_ns_ = settings_.time_per_case_ns / length;
  operations_ = 0;
  CaseRecord record = start_record(problem);
  std::vector<CasePart> parts;
  for (int i = 0; i < length; ++i) {
    parts.push_back({problem, {}, {}});
    if (pattern.series != nullptr) pattern.series->choose(parts.back().problem.parameters, i);
    if (!measure(parts.back(), i, record)) break;
  }
  combine(pattern, parts, record);
  record.seconds = static_cast<double>(now_ns() - begin) * 1e-9;
  record.started_ns = started_ns;
  record.ended_ns = moment_ns();
  return record;
}

bool Engine::measure(CasePart& part, int series_index, CaseRecord& record) {
  if (!prepare(series_index, record)) return false;
  record.key.sync = name_of(runner_.sync());
  keep_aligned(record);
  bool right = data_right(1, record);
  if (right) {
    take_samples(part.samples_ns, record);
    right = data_right(2, record);
  }
  release(part, record);
  return right;
}

CaseRecord Engine::start_record(const Problem& problem) const {
  const Pattern& pattern = *find_pattern(planned().pattern);
  const double element_bytes = static_cast<double>(size_of(planned().type));
  CaseRecord record;
  record.key = key_of(planned(), shape_.nodes(), "");
  record.launch = launch_.launch;
  record.started_utc = utc_now();
  const std::uint64_t moved = pattern.moved_count ? pattern.moved_count(problem) : problem.count;
  record.moved_bytes = moved * size_of(planned().type);
  if (pattern.bus_factor) record.bus_factor = pattern.bus_factor(planned().ranks);
  if (pattern.operations) record.time_divisor = pattern.operations(problem);
  if (pattern.lower_bound) {
    const Cost bound = pattern.lower_bound(problem);
    record.bound_rounds = bound.rounds;
    record.bound_bytes = bound.sent_elements * element_bytes;
  }
  return record;
}

bool Engine::prepare(int series_index, CaseRecord& record) {
  say(Verb::prepare, 0, 1, static_cast<std::uint32_t>(series_index));
  const auto reports = runner_.prepare_reports();
  const auto worst = std::max_element(reports.begin(), reports.end(),
                                      [](const auto& a, const auto& b) { return a.outcome < b.outcome; });
  if (worst->outcome == PrepareReport::Outcome::ready) return true;
  record.status =
      worst->outcome == PrepareReport::Outcome::unavailable ? CaseStatus::skipped : CaseStatus::failed;
  record.note = worst->reason;
  return false;
}

bool Engine::data_right(std::uint32_t round, CaseRecord& record) {
  if (!settings_.check) return true;
  say(Verb::verify, 0, 1, round);
  const auto reports = runner_.check_reports();
  for (std::size_t rank = 0; rank < reports.size(); ++rank) {
    const CheckReport& report = reports[rank];
    if (report.wrong == 0) continue;
    record.status = CaseStatus::wrong_data;
    record.wrong = WrongData{static_cast<int>(rank), report.element, report.expected, report.found,
                             report.wrong_elements};
    return false;
  }
  return true;
}

void Engine::keep_aligned(CaseRecord& record) {
  if (runner_.sync() != StartSync::clock) return;
  if (starts_.alignment_due(now_ns())) align();
  record.clock_error_ns = std::max(record.clock_error_ns, starts_.clock_error_ns());
}

void Engine::align() {
  const std::int64_t begin = now_ns();
  say(Verb::align);
  aligned_ns_ = now_ns();
  starts_.aligned(runner_.start_qualities(), begin, aligned_ns_);
}

std::int64_t Engine::run(std::uint64_t samples, std::uint32_t operations) {
  const std::int64_t begin = now_ns();
  say(Verb::sample, samples, operations);
  starts_.adapt(samples, runner_.late_samples());
  return now_ns() - begin;
}

std::uint32_t Engine::choose_operations(std::int64_t operation_ns) const {
  const bool self_timed = find_pattern(planned().pattern)->self_timed;
  const bool back_to_back = self_timed || planned().cadence == Cadence::streaming;
  const std::uint64_t least_ns = std::max(clock_costs_an_operation * runner_.clock_cost_ns(),
                                          self_timed ? std::uint64_t{0} : least_streamed_ns);
  const auto each_ns = static_cast<std::uint64_t>(std::max<std::int64_t>(operation_ns, 1));
  if (!back_to_back || each_ns >= least_ns) return 1;
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>((least_ns + each_ns - 1) / each_ns, most_operations));
}

// A twentieth of the problem's time, so that the stopping rule is asked often enough.
std::uint64_t Engine::chunk_for(std::int64_t sample_ns) const {
  const std::int64_t fits = budget_ns_ / 20 / std::max<std::int64_t>(sample_ns, 1);
  return std::clamp<std::uint64_t>(static_cast<std::uint64_t>(std::max<std::int64_t>(fits, 1)), 1,
                                   most_samples_a_chunk);
}

// How long the operations that just ran took, ns.
std::int64_t Engine::median_ns() const {
  std::vector<std::uint64_t> samples(runner_.samples_ns().begin(), runner_.samples_ns().end());
  return static_cast<std::int64_t>(upper_median(samples));
}

// Until first and last third agree, a quarter of the problem's time at most. Returns what one operation takes
// now, ns: a cold one takes several times as long as a warm one.
std::int64_t Engine::warm_up() {
  const std::int64_t most_ns = budget_ns_ / 4;
  starts_.tolerate_all();
  run(1, 1);
  run(settings_.warm_up_samples, 1);
  std::int64_t operation_ns = median_ns();
  const std::uint32_t operations = choose_operations(operation_ns);
  const std::uint64_t chunk = std::max<std::uint64_t>(chunk_for(operation_ns * operations) / 4, 1);
  std::vector<std::uint64_t> recent;
  for (std::int64_t spent = 0; spent < most_ns;) {
    starts_.tolerate_for(operation_ns);
    observe_within_case();
    spent += run(chunk, operations);
    if (runner_.samples_ns().empty()) continue;
    operation_ns = median_ns() / operations;
    recent.insert(recent.end(), runner_.samples_ns().begin(), runner_.samples_ns().end());
    if (recent.size() >= 9 && thirds_agree(recent)) break;
  }
  starts_.tolerate_for(operation_ns);
  return operation_ns;
}

void Engine::take_samples(std::vector<std::uint64_t>& samples, CaseRecord& record) {
  const std::int64_t operation_ns = warm_up();
  // Equal in all problems of a case, whose samples may be put together.
  if (operations_ == 0) operations_ = choose_operations(operation_ns);
  record.operations_per_sample = operations_;
  const bool enough = sample_until_enough(samples, operation_ns * operations_, record);
  if (!enough && record.status == CaseStatus::good) record.status = CaseStatus::not_converged;
  if (samples.size() < settings_.least_samples) record.remark(fmt::format("only {} samples", samples.size()));
}

bool Engine::sample_until_enough(std::vector<std::uint64_t>& samples, std::int64_t sample_ns,
                                 CaseRecord& record) {
  StoppingRule rule(settings_.relative_interval, settings_.least_samples);
  std::uint64_t rounds = 0, late = 0;
  std::vector<std::int64_t> began_ns;
  for (std::int64_t spent_ns = 0;
       samples.size() < most_samples_a_case && spent_ns < budget_ns_ * most_overtime;) {
    keep_aligned(record);
    observe_within_case();
    const std::uint64_t chunk = chunk_for(sample_ns);
    const std::int64_t took_ns = run(chunk, operations_);
    spent_ns += took_ns;
    sample_ns = took_ns / static_cast<std::int64_t>(chunk);
    rounds += chunk;
    late += runner_.late_samples();
    samples.insert(samples.end(), runner_.samples_ns().begin(), runner_.samples_ns().end());
    began_ns.insert(began_ns.end(), runner_.began_ns().begin(), runner_.began_ns().end());
    const bool enough = rule.enough(samples);
    if (enough && (samples.size() >= samples_for_percentiles || spent_ns >= budget_ns_ / 4)) break;
    if (spent_ns < budget_ns_) continue;
    if (samples.size() >= settings_.least_samples ||
        rounds >= hopeless_rounds_a_sample * settings_.least_samples)
      break;
  }
  record.invalid_samples += late;
  if (10 * late > rounds) record.remark(fmt::format("{} of {} rounds began late", late, rounds));
  name_tails(samples, began_ns, runner_.clock_ns(), record);
  return rule.enough(samples);
}

void Engine::release(CasePart& part, CaseRecord& record) {
  say(Verb::release);
  record.entry_ns.clear();
  record.exit_ns.clear();
  for (const RankTimes& times : runner_.rank_times()) {
    record.entry_ns.push_back(times.entry_ns);
    record.exit_ns.push_back(times.exit_ns);
  }
  part.rank_ns = record.exit_ns;
  part.rank_p99_ns.clear();
  for (const RankTimes& times : runner_.rank_times()) part.rank_p99_ns.push_back(times.exit_p99_ns);
  judge_load(record);
}

void Engine::judge_load(CaseRecord& record) const {
  const auto times = runner_.rank_times();
  for (std::size_t rank = 0; rank < times.size(); ++rank) {
    const LoadShares& load = times[rank].load;
    if (!load.contended()) continue;
    if (record.status == CaseStatus::good || record.status == CaseStatus::not_converged)
      record.status = CaseStatus::contended;
    const std::string where = shape_.nodes() > 1 ? shape_.host_of_rank[rank] + ": " : "";
    record.remark(where + in_words(load));
  }
}

}  // namespace podbench
