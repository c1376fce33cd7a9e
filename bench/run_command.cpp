#include "bench/run_command.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <optional>

#include "analysis/table.hpp"
#include "base/quantity.hpp"
#include "base/utc.hpp"
#include "base/uuid.hpp"
#include "bench/ab/plan_document.hpp"
#include "bench/launch/launch.hpp"
#include "bench/machine/noise_warning.hpp"
#include "bench/rendezvous/join.hpp"
#include "bench/rendezvous/launch_environment.hpp"
#include "bench/run_file.hpp"
#include "bench/session.hpp"
#include "bench/shared_text.hpp"
#include "bench/terminal.hpp"
#include "bench/version.hpp"
#include "transports/wrap/fault.hpp"

namespace podbench {
namespace {

constexpr auto sharing_time = std::chrono::seconds(60);

Suite suite_of(const RunRequest& request) {
  if (!request.suite.empty()) return load_suite(request.suite);
  Suite suite;
  suite.name = "run";
  suite.requests = {request.cases};
  return suite;
}

// Who started this launch, for the record.
std::string launcher_name() {
  return std::getenv("SLURM_STEP_ID") ? "srun" : "mpirun";
}

// Everything that is decided before the first launch.
struct Prepared {
  RunRequest request;
  Suite suite;
  RunPlan plan;

  [[nodiscard]] RunRecord record() const {
    RunRecord run;
    run.run_id = new_uuid();
    run.started_utc = utc_now();
    run.program_version = program_version();
    run.git_revision = git_revision();
    run.command_line = request.command_line;
    run.config = suite.text;
    run.seed = request.settings.seed;
    run.planned_cases = plan.cases();
    return run;
  }

  // Who starts the ranks, where and how many; not yet what they are told.
  [[nodiscard]] LaunchRequest launch_request(const PlannedLaunch& launch, const Registry& registry) const {
    const TransportEntry& entry = registry.find(launch.transport);
    LaunchRequest start;
    start.ranks = launch.ranks;
    start.hosts = request.hosts;
    start.launcher = request.launcher;
    if (request.launcher == "auto" && !entry.device.launch_command.empty())
      start.launcher = "mpirun";
    else if (request.launcher == "auto")
      start.launcher = request.hosts.empty() ? "local" : "ssh";
    start.launch_command = entry.device.launch_command;
    start.rank_arguments = {"rank"};
    return start;
  }

  [[nodiscard]] LaunchOrder order(const std::filesystem::path& spool) const {
    LaunchOrder order;
    order.settings = request.settings;
    order.spool_folder = spool.string();
    order.benchmark_flags = request.benchmark_flags;
    order.planned_cases = plan.cases();
    order.began_utc_ns = utc_now_ns();
    order.quiet = request.quiet;
    return order;
  }
};

Prepared prepare(RunRequest request, const Registry& registry) {
  Prepared prepared;
  prepared.suite = suite_of(request);
  (void)parse_table_format(request.format);
  if (!request.settings.faults.empty()) (void)parse_faults(request.settings.faults);
  request.settings.seed = request.seed.value_or(random_seed());
  request.choices.seed = request.settings.seed;
  if (request.time_per_case_ns)
    request.settings.time_per_case_ns = *request.time_per_case_ns;
  else if (prepared.suite.time_per_case_ns)
    request.settings.time_per_case_ns = *prepared.suite.time_per_case_ns;
  prepared.plan = make_plan(prepared.suite, registry, request.choices);
  prepared.request = std::move(request);
  return prepared;
}

void print_notes(const Prepared& prepared) {
  if (prepared.request.quiet) return;
  for (const std::string& note : prepared.plan.notes) fmt::print(stderr, "{}\n", note);
}

// For other programs: each case once, however often it would be launched.
PlannedRun plan_for_programs(const Prepared& prepared) {
  const MeasureSettings& settings = prepared.request.settings;
  PlannedRun plan;
  plan.launches = static_cast<int>(prepared.plan.launches.size());
  plan.expected_ns = prepared.plan.expected_ns(settings);
  for (const PlannedLaunch& launch : prepared.plan.launches)
    for (const PlannedCase& planned : launch.cases)
      if (launch.replicate == 0)
        plan.cases.push_back(key_of(planned, 1, settings.sync == "auto" ? "" : settings.sync));
  return plan;
}

ExitCode print_plan(const Prepared& prepared) {
  switch (parse_table_format(prepared.request.format)) {
    case TableFormat::json:
      fmt::print("{}", plan_json(plan_for_programs(prepared)));
      return ExitCode::good;
    case TableFormat::csv:
      fmt::print("{}", plan_csv(plan_for_programs(prepared)));
      return ExitCode::good;
    case TableFormat::terminal:
      break;
  }
  for (const PlannedLaunch& launch : prepared.plan.launches)
    for (const PlannedCase& planned : launch.cases) fmt::print("{}\n", name_of(planned));
  const double expected_ns = static_cast<double>(prepared.plan.expected_ns(prepared.request.settings));
  fmt::print(stderr, "{} cases in {} launches, about {}\n", prepared.plan.cases(),
             prepared.plan.launches.size(), format_duration_ns(expected_ns));
  return ExitCode::good;
}

// The table (or document) and the name of the file: the end of every run.
void print_result(const RunRequest& request, RunFile& file) {
  const StoredRun stored = file.finish();
  ShowRequest show_request;
  show_request.format = parse_table_format(request.format);
  // A launcher's own terminal between a rank and the person is no terminal.
  if (!detect_launch_environment().is_rank()) {
    show_request.colour = terminal_colour();
    show_request.width_columns = terminal_width();
  }
  fmt::print("{}", show({&stored.summary, 1}, show_request));
  fmt::print(show_request.format == TableFormat::terminal ? stdout : stderr, "\nrun file: {}\n",
             file.path().string());
  if (request.quiet) return;
  for (const std::string& warning : noise_warnings(stored.nodes))
    fmt::print(stderr, "podbench: {}\n", warning);
}

// A launch of its own names its own file of Google Benchmark's, or the last one would be all that is left.
std::vector<std::string> flags_for(const std::vector<std::string>& flags, int launch, std::size_t launches) {
  std::vector<std::string> own = flags;
  for (std::string& flag : own)
    if (launches > 1 && flag.starts_with("--benchmark_out=")) flag += fmt::format(".launch-{}", launch);
  return own;
}

// The director: plans, starts launches one after the other, merges.
class Director {
 public:
  Director(Prepared& prepared, const Registry& registry, RunFile& file)
      : prepared_(prepared), registry_(registry), file_(file), order_(prepared.order(file.spool())) {}

  ExitCode run() {
    for (const PlannedLaunch& launch : prepared_.plan.launches) {
      const LaunchOutcome outcome = run_launch(request_for(launch));
      order_.first_case_number += launch.cases.size();
      if (!outcome.completed) {
        fmt::print(stderr, "podbench: {} (launch {}: {} with {} ranks)\n", outcome.blame, launch.launch,
                   launch.transport, launch.ranks);
        worst_ = ExitCode::not_completed;
        if (outcome.signal != 0) break;
      } else if (worst_ != ExitCode::not_completed && outcome.exit_code > static_cast<int>(worst_)) {
        worst_ = static_cast<ExitCode>(outcome.exit_code);
      }
    }
    return worst_;
  }

 private:
  LaunchRequest request_for(const PlannedLaunch& launch) {
    LaunchRequest request = prepared_.launch_request(launch, registry_);
    order_.launcher = request.launcher;
    order_.launches = {launch};
    order_.benchmark_flags =
        flags_for(prepared_.request.benchmark_flags, launch.launch, prepared_.plan.launches.size());
    request.published = text_parts(order_key, order_.to_json());
    return request;
  }

  Prepared& prepared_;
  const Registry& registry_;
  RunFile& file_;
  LaunchOrder order_;
  ExitCode worst_ = ExitCode::good;
};

ExitCode direct(RunRequest request) {
  const Registry registry;
  Prepared prepared = prepare(std::move(request), registry);
  if (prepared.request.dry_run) return print_plan(prepared);
  for (const PlannedLaunch& launch : prepared.plan.launches)
    check_launch(prepared.launch_request(launch, registry));
  RunFile file(prepared.request.out, prepared.suite.name, prepared.record());
  print_notes(prepared);
  const ExitCode code = Director(prepared, registry, file).run();
  print_result(prepared.request, file);
  return code;
}

// Inside a user's own launch: the lead plans and merges, the others wait for its order. A request that is
// wrong ends every rank with the lead's one line.
ExitCode take_part(RunRequest request) {
  const std::unique_ptr<Rendezvous> rendezvous = join_launch(Deadline::after(sharing_time));
  const Registry registry;
  request.choices.fixed_ranks = rendezvous->size();
  if (rendezvous->rank() != 0) {
    rendezvous->fence(Deadline::after(sharing_time));
    const std::string text = lookup_text(*rendezvous, 0, order_key, Deadline::after(sharing_time));
    if (text.empty()) return ExitCode::good;
    return run_session(LaunchOrder::from_json(text), *rendezvous, registry);
  }
  std::optional<Prepared> prepared;
  std::optional<RunFile> file;
  try {
    prepared = prepare(std::move(request), registry);
    if (!prepared->request.dry_run)
      file.emplace(prepared->request.out, prepared->suite.name, prepared->record());
    print_notes(*prepared);
  } catch (...) {
    publish_text(*rendezvous, order_key, "");
    rendezvous->fence(Deadline::after(sharing_time));
    throw;
  }
  LaunchOrder order = prepared->order(file ? file->spool() : "");
  order.launches = prepared->plan.launches;
  order.launcher = launcher_name();
  publish_text(*rendezvous, order_key, file ? order.to_json() : "");
  rendezvous->fence(Deadline::after(sharing_time));
  if (!file) return print_plan(*prepared);
  const ExitCode code = run_session(order, *rendezvous, registry);
  print_result(prepared->request, *file);
  return code;
}

}  // namespace

ExitCode run_command(RunRequest request) {
  const LaunchEnvironment environment = detect_launch_environment();
  if (environment.kind == LaunchKind::unsupported) {
    if (environment.rank > 0) return ExitCode::wrong_request;  // rank 0 says why
    throw RequestError(environment.reason);
  }
  return environment.is_rank() ? take_part(std::move(request)) : direct(std::move(request));
}

}  // namespace podbench
