#include "bench/case_runner.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
#include <new>

#include "analysis/statistics.hpp"
#include "base/clock.hpp"
#include "base/stream.hpp"
#include "bench/data_check.hpp"
#include "bench/mirror.hpp"
#include "bench/native_call.hpp"
#include "results/codec.hpp"

namespace podbench {
namespace {

constexpr std::size_t most_own_times = 1 << 20;
// A sample that does not count. It is the greatest of all, so that one rank's word prevails.
constexpr std::uint64_t late = ~std::uint64_t{0};

template <std::size_t N>
void copy_text(char (&into)[N], std::string_view text) {
  const std::size_t length = std::min(text.size(), N - 1);
  std::memcpy(into, text.data(), length);
  into[length] = '\0';
}

std::uint64_t measure_clock_cost_ns() {
  std::int64_t least = 1'000'000;
  for (int i = 0; i < 1'000; ++i) {
    const std::int64_t begin = now_ns();
    least = std::min(least, now_ns() - begin);
  }
  return static_cast<std::uint64_t>(least);
}

// A step that moves much may take long without anything being wrong: a second for each 16 MiB on top. Where a
// workload or a count matrix brings the sizes, the buffers tell them.
std::chrono::nanoseconds patience_for(const PlannedCase& planned, const Pattern& pattern,
                                      const Problem& problem, const MeasureSettings& settings) {
  const bool has_window = (pattern.knobs & knob_window) != 0;
  const std::uint64_t windows =
      planned.count() * static_cast<std::uint64_t>(has_window ? std::max(1, planned.parameters.window) : 1);
  const std::uint64_t buffers = std::max(pattern.input_count(problem), pattern.output_count(problem));
  const std::uint64_t moved = std::max(windows, buffers) * size_of(planned.type);
  return std::chrono::nanoseconds(settings.patience_ns) + std::chrono::seconds(moved >> 24);
}

std::vector<Schedule> schedules_of_all(const Algorithm& algorithm, Problem problem) {
  std::vector<Schedule> schedules;
  for (problem.rank = 0; problem.rank < problem.ranks; ++problem.rank)
    schedules.push_back(algorithm.generate(problem));
  return schedules;
}

// Ranks that share cores cannot all be awake at one moment: there a barrier is what is left.
StartSync choose_sync(Control& control, const LaunchShape& shape, const std::string& wanted) {
  if (wanted == "barrier") return StartSync::barrier;
  if (wanted == "clock") return StartSync::clock;
  const std::byte crowded{shape.crowded};
  for (const Blob& theirs : control.exchange({&crowded, 1}))
    if (theirs.front() != std::byte{0}) return StartSync::barrier;
  return StartSync::clock;
}

}  // namespace

const char* name_of(StartSync sync) {
  constexpr std::array names{"none", "barrier", "clock"};
  return names[static_cast<std::size_t>(sync)];
}

struct CaseRunner::Active {
  Active(const PlannedCase& planned_case, int series_index, const LaunchShape& shape, int rank,
         const MeasureSettings& settings)
      : planned(planned_case),
        pattern(*find_pattern(planned_case.pattern)),
        problem(problem_of(planned_case, rank, shape.node_of_rank)),
        waiter(shape.crowded, patience_for(planned, pattern, problem, settings)) {
    if (pattern.series != nullptr) pattern.series->choose(problem.parameters, series_index);
  }
  // Whether this rank's end counts for the sample.
  [[nodiscard]] bool timed() const { return pattern.timed == nullptr || pattern.timed(problem); }

  const PlannedCase& planned;
  const Pattern& pattern;
  Problem problem;
  Waiter waiter;
  std::optional<CaseBuffers> buffers;
  RemoteBuffers remotes;
  std::optional<Program> program;  // by messages
  std::optional<direct::Patience> patience;
  std::optional<direct::Program> direct;  // by loads and stores, where it is there
  std::optional<Mirror> mirror;           // what peers see of private buffers

  // In the order of Buffer: what peers may reach by loads and stores, and what need not be reached.
  [[nodiscard]] std::array<const Memory*, 3> in_reach() const {
    std::array<const Memory*, 3> memories{};
    for (const Buffer buffer : {Buffer::input, Buffer::output, Buffer::scratch}) {
      const Memory*& memory = memories[static_cast<std::size_t>(buffer)];
      if (mirror)
        memory = &mirror->memory(buffer);
      else if (buffers && planned.buffers == BufferKind::transport)
        memory = &buffers->memory(buffer);
    }
    return memories;
  }

  void run() {
    if (!direct) return program->run();
    if (mirror) mirror->before_run();
    direct->run();
    if (mirror) mirror->after_run();
  }
  // Loads and stores leave nothing open when a run returns.
  void settle() {
    if (!direct) program->settle();
  }
};

CaseRunner::CaseRunner(Endpoint& endpoint, Control& control, const LaunchShape& shape, const Clocks& clocks,
                       const MeasureSettings& settings, std::span<const PlannedCase> cases)
    : endpoint_(endpoint),
      control_(control),
      shape_(shape),
      settings_(settings),
      cases_(cases),
      isolated_sync_(choose_sync(control, shape, settings.sync)),
      common_start_(endpoint, control, clocks.clock_of_rank, clocks.mine, shape.crowded),
      clock_cost_ns_(measure_clock_cost_ns()),
      transport_pool_(endpoint, BufferKind::transport),
      private_pool_(endpoint, BufferKind::private_memory),
      peer_memory_(endpoint, [&control](std::span<const std::byte> mine) { return control.exchange(mine); }) {
  if (settings.telemetry.on && shape.first_on_its_node(endpoint.rank())) sampler_.emplace();
}

CaseRunner::~CaseRunner() = default;

void CaseRunner::obey(const Command& command) {
  switch (command.verb) {
    case Verb::prepare:
      collect(prepare(cases_[command.case_index], static_cast<int>(command.round)), prepare_reports_);
      break;
    case Verb::align:
      collect(common_start_.align(), start_qualities_);
      break;
    case Verb::verify:
      collect(verify(command.round), check_reports_);
      break;
    case Verb::sample:
      sample(command);
      break;
    case Verb::release:
      collect(release(), rank_times_);
      break;
    case Verb::observe:
      if (sampler_) sampler_->sample();
      break;
    case Verb::hand_over:
      telemetry_ = control_.gather_blobs(handed_over());
      break;
    case Verb::finish:
      break;
  }
}

template <typename Report>
void CaseRunner::collect(const Report& mine, std::vector<Report>& all) {
  const std::vector<std::byte> bytes = control_.gather(std::as_bytes(std::span(&mine, 1)));
  all.resize(bytes.size() / sizeof(Report));
  if (!bytes.empty()) std::memcpy(all.data(), bytes.data(), bytes.size());
}

PrepareReport CaseRunner::prepare(const PlannedCase& planned, int series_index) {
  active_.reset();
  own_entries_ns_.clear();
  own_exits_ns_.clear();
  PrepareReport report;
  try {
    if (const std::optional<std::string> reason = build(planned, series_index)) {
      report.outcome = PrepareReport::Outcome::unavailable;
      copy_text(report.reason, *reason);
    }
  } catch (const LostPeer&) {
    throw;
  } catch (const StalledError&) {
    throw;
  } catch (const RunError& error) {
    report.outcome = PrepareReport::Outcome::failed;
    copy_text(report.reason, error.what());
  } catch (const std::bad_alloc&) {
    report.outcome = PrepareReport::Outcome::failed;
    copy_text(report.reason, "no memory for the buffers of this case");
  }
  if (report.outcome != PrepareReport::Outcome::ready) active_.reset();
  if (shape_.first_on_its_node(endpoint_.rank())) load_.begin();
  return report;
}

std::optional<std::string> CaseRunner::build(const PlannedCase& planned, int series_index) {
  auto active = std::make_unique<Active>(planned, series_index, shape_, endpoint_.rank(), settings_);
  const Pattern& pattern = active->pattern;
  const Problem& problem = active->problem;
  const Algorithm& algorithm = *find_algorithm(planned.pattern, planned.algorithm);
  BufferPool& pool = planned.buffers == BufferKind::transport ? transport_pool_ : private_pool_;
  const std::size_t element_bytes = size_of(planned.type);
  const std::uint64_t input = pattern.input_count(problem), output = pattern.output_count(problem);
  if (!algorithm.generate) {
    if (auto reason = native_missing(endpoint_, planned)) return reason;
    active->buffers.emplace(pool, element_bytes, input, output, 0, 0);
    active->program.emplace(endpoint_, active->waiter,
                            NativeArguments(*active->buffers, planned, problem).call());
  } else {
    const Schedule schedule = algorithm.generate(problem);
    if (pattern.one_sided)
      if (auto reason = one_sided_missing(schedule)) return reason;
    std::exception_ptr trouble;
    try {
      active->buffers.emplace(pool, element_bytes, input, output, schedule.scratch_count,
                              staging_bytes(schedule, endpoint_, element_bytes));
    } catch (const std::exception&) {
      trouble = std::current_exception();  // peers that attach to each other must hear of it first
    }
    const bool is_direct = build_direct(algorithm, *active);
    if (trouble) std::rethrow_exception(trouble);
    if (pattern.one_sided) active->remotes = attach_peers(*active->buffers);
    const bool in_pieces = (pattern.knobs & knob_piece) != 0;
    if (!is_direct)
      active->program.emplace(
          endpoint_, active->waiter, *active->buffers, schedule, active->remotes,
          Program::Reduction{planned.type, planned.op, in_pieces ? planned.parameters.piece_bytes : 0},
          pattern.ends_on_receipt ? Program::Return::on_receipt : Program::Return::complete);
  }
  fill(*active->buffers, planned, endpoint_.rank(), 0);
  active_ = std::move(active);
  return std::nullopt;
}

// Collective: a rank that only lends its memory has nothing missing in its own plan, and must not wait for
// peers that cannot use it.
std::optional<std::string> CaseRunner::one_sided_missing(const Schedule& schedule) {
  const Capabilities& can = endpoint_.capabilities();
  std::string mine;
  for (const Action& action : schedule.actions) {
    if (action.kind == ActionKind::put && !can.put) mine = "this transport has no one-sided put";
    if (action.kind == ActionKind::get && !can.get) mine = "this transport has no one-sided get";
  }
  if (!mine.empty() && !can.one_sided_missing.empty()) mine += " here: " + can.one_sided_missing;
  for (const Blob& theirs : control_.exchange(std::as_bytes(std::span(mine))))
    if (!theirs.empty()) return std::string(reinterpret_cast<const char*>(theirs.data()), theirs.size());
  return std::nullopt;
}

// What is about single messages stays with messages; so does what has too many ranks for each of them to know
// all plans. All of this every rank decides alike.
bool CaseRunner::build_direct(const Algorithm& algorithm, Active& active) {
  constexpr int most_ranks = 64;
  const PlannedCase& planned = active.planned;
  if (active.pattern.metric != Metric::time || active.pattern.one_sided || planned.ranks > most_ranks ||
      !peer_memory_.works())
    return false;
  const std::vector<Schedule> schedules = schedules_of_all(algorithm, active.problem);
  if (!direct::can_compile(schedules)) return false;
  const std::size_t element_bytes = size_of(planned.type);
  const auto ranks = static_cast<std::size_t>(planned.ranks);
  const direct::Edges edges = direct::find_edges(schedules, element_bytes);
  const std::vector<direct::SeenBuffers> seen = direct::seen_by_peers(schedules, edges);
  if (planned.buffers == BufferKind::private_memory)
    mirror_small(active, seen[static_cast<std::size_t>(endpoint_.rank())]);
  const auto bases = peer_memory_.attach(active.in_reach(), seen);
  if (!bases) return false;
  active.patience.emplace(endpoint_, active.waiter);
  active.direct.emplace(direct::make_plan(schedules, edges, endpoint_.rank()),
                        direct::Setting{.rank = endpoint_.rank(),
                                        .links = peer_memory_.links(),
                                        .patience = *active.patience,
                                        .bases = *bases,
                                        .element_bytes = element_bytes,
                                        .reduce = reducer_for(planned.type, planned.op),
                                        .past_caches = ranks * active.buffers->bytes() > last_cache_bytes()});
  return true;
}

// Ranks that share cores wait a turn for every answer of a peer, and messages take more answers than loads
// and stores: there copies within the caches cost less, up to 2 MiB of them by measurement. With a core a
// rank only what needs none goes without messages.
void CaseRunner::mirror_small(Active& active, const direct::SeenBuffers& seen) {
  const std::size_t most_bytes = active.waiter.crowded() ? std::size_t{2} << 20 : 0;
  if (!active.buffers || Mirror::copied_bytes(*active.buffers, seen) > most_bytes) return;
  try {
    active.mirror.emplace(*active.buffers, seen, transport_pool_);
  } catch (const RunError&) {  // messages need no mirror
  }
}

RemoteBuffers CaseRunner::attach_peers(const CaseBuffers& buffers) {
  std::vector<std::unique_ptr<RemoteMemory>> memories;
  std::vector<std::vector<Blob>> exposed(3);
  for (const Buffer buffer : {Buffer::input, Buffer::output, Buffer::scratch})
    exposed[static_cast<std::size_t>(buffer)] = control_.exchange(endpoint_.expose(buffers.memory(buffer)));
  for (int rank = 0; rank < endpoint_.size(); ++rank)
    for (const std::vector<Blob>& blobs : exposed)
      memories.push_back(endpoint_.attach(rank, blobs[static_cast<std::size_t>(rank)]));
  return RemoteBuffers(std::move(memories));
}

CheckReport CaseRunner::verify(std::uint64_t round) {
  fill(*active_->buffers, active_->planned, endpoint_.rank(), round);
  control_.barrier();
  active_->run();
  active_->settle();
  control_.barrier();
  CheckReport report;
  if (const auto wrong = check_output(*active_->buffers, active_->planned, active_->problem, round)) {
    report.wrong = 1;
    report.element = wrong->element;
    report.wrong_elements = wrong->wrong_elements;
    copy_text(report.expected, wrong->expected);
    copy_text(report.found, wrong->found);
  }
  return report;
}

StartSync CaseRunner::sync() const {
  const bool isolated = active_->planned.cadence == Cadence::isolated && !active_->pattern.self_timed;
  return isolated ? isolated_sync_ : StartSync::none;
}

CaseRunner::Interval CaseRunner::time_once(StartSync sync, const Command& command) {
  CommonStart::Moment begin{};
  if (sync == StartSync::clock) {
    begin = common_start_.await(command.slack_ns);
  } else {
    if (sync == StartSync::barrier) control_.barrier();
    begin.start_ns = begin.entry_ns = common_start_.now_ns();
  }
  for (std::uint32_t i = 0; i < command.operations; ++i) {
    if (i > 0) active_->settle();
    active_->run();
  }
  const Interval interval{begin.start_ns, begin.entry_ns - begin.start_ns,
                          common_start_.now_ns() - begin.start_ns};
  active_->settle();
  return interval;
}

void CaseRunner::sample(const Command& command) {
  const StartSync sync = this->sync();
  const bool timed = active_->timed();
  const bool keep = own_exits_ns_.size() + command.samples <= most_own_times;
  samples_ns_.clear();
  began_ns_.clear();
  control_.barrier();
  for (std::uint64_t i = 0; i < command.samples; ++i) {
    const Interval interval = time_once(sync, command);
    began_ns_.push_back(interval.start_ns);
    if (interval.entry_ns > command.tolerance_ns) {
      samples_ns_.push_back(late);
      continue;
    }
    const auto exit_ns = static_cast<std::uint64_t>(interval.exit_ns);
    const std::uint64_t took_ns = exit_ns > clock_cost_ns_ ? exit_ns - clock_cost_ns_ : 0;
    samples_ns_.push_back(timed ? took_ns : 0);
    if (!keep) continue;
    own_entries_ns_.push_back(static_cast<std::uint64_t>(interval.entry_ns));
    own_exits_ns_.push_back(took_ns);
  }
  combine_ranks();
}

void CaseRunner::combine_ranks() {
  if (!active_->pattern.self_timed) control_.reduce_max(samples_ns_);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < samples_ns_.size(); ++i) {
    if (samples_ns_[i] == late) continue;
    samples_ns_[kept] = samples_ns_[i];
    began_ns_[kept++] = began_ns_[i];
  }
  late_samples_ = samples_ns_.size() - kept;
  samples_ns_.resize(kept);
  began_ns_.resize(kept);
}

RankTimes CaseRunner::release() {
  active_.reset();
  RankTimes times{upper_median(own_entries_ns_), upper_median(own_exits_ns_), upper_p99(own_exits_ns_), {}};
  if (shape_.first_on_its_node(endpoint_.rank())) times.load = load_.end().value_or(LoadShares{});
  return times;
}

Blob CaseRunner::handed_over() {
  if (!sampler_) return {};
  TelemetryRecord record = sampler_->take();
  record.node = shape_.host_of_rank.at(static_cast<std::size_t>(endpoint_.rank()));
  record.clock_error_ns = common_start_.error_ns();
  for (std::int64_t& at_ns : record.times_ns) at_ns = common_start_.at_root_ns(at_ns);
  const std::vector<std::uint8_t> bytes = encode(record);
  const auto begin = reinterpret_cast<const std::byte*>(bytes.data());
  return {begin, begin + bytes.size()};
}

std::vector<TelemetryRecord> CaseRunner::telemetry() const {
  std::vector<TelemetryRecord> records;
  for (const Blob& blob : telemetry_) {
    if (blob.empty()) continue;
    const auto* begin = reinterpret_cast<const std::uint8_t*>(blob.data());
    records.push_back(std::get<TelemetryRecord>(decode({begin, blob.size()})));
  }
  return records;
}

void follow(Control& control, CaseRunner& runner) {
  for (Command command = control.announce({}); command.verb != Verb::finish; command = control.announce({}))
    runner.obey(command);
}

}  // namespace podbench
