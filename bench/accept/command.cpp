#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "analysis/accept/acceptance.hpp"
#include "base/names.hpp"
#include "base/quantity.hpp"
#include "base/utc.hpp"
#include "base/uuid.hpp"
#include "bench/accept/discover.hpp"
#include "bench/accept/dry_run.hpp"
#include "bench/accept/lost.hpp"
#include "bench/accept/session.hpp"
#include "bench/accept_command.hpp"
#include "bench/launch/launch.hpp"
#include "bench/rendezvous/join.hpp"
#include "bench/rendezvous/launch_environment.hpp"
#include "bench/run_file.hpp"
#include "bench/session.hpp"
#include "bench/shared_text.hpp"
#include "bench/terminal.hpp"
#include "bench/version.hpp"
#include "results/reader.hpp"
#include "results/spool.hpp"
#include "transports/wrap/fault.hpp"

namespace podbench {
namespace {

using accept::AcceptOrder;
using accept::Places;
using accept::Planner;
using accept::Stage;

constexpr auto sharing_time = std::chrono::seconds(60);
constexpr std::int64_t default_soak_ns = 600'000'000'000;

std::string text_of_file(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw RequestError(fmt::format("{}: cannot be read", path));
  return text.str();
}

// Everything that is decided before the first launch.
struct Prepared {
  Pod pod;
  AcceptOrder order;  // its spool is not known yet
};

std::vector<Stage> stages_of(const AcceptRequest& request) {
  std::vector<Stage> asked;
  for (const std::string& name : request.stages) asked.push_back(accept::parse_stage(name));
  std::vector<Stage> stages;
  for (const Stage stage : accept::all_stages) {
    const bool by_name = std::find(asked.begin(), asked.end(), stage) != asked.end();
    const bool by_itself = asked.empty() && (stage != Stage::soak || request.soak_ns);
    if (by_name || by_itself) stages.push_back(stage);
  }
  return stages;
}

Prepared prepare(const AcceptRequest& request) {
  if (request.pod.empty())
    throw RequestError(
        "--pod POD.toml says what the pod should be; --discover --hosts a,b writes a first one");
  Prepared prepared{load_pod(request.pod), {}};
  AcceptOrder& order = prepared.order;
  order.pod_text = text_of_file(request.pod);
  order.pod_source = request.pod;
  order.stages = stages_of(request);
  order.transport = request.transport;
  order.within_nodes = request.within_nodes;
  order.soak_ns = request.soak_ns.value_or(default_soak_ns);
  order.most_launches = request.launches.value_or(order.most_launches);
  order.settings.seed = request.seed.value_or(random_seed());
  order.settings.faults = request.faults;
  order.quiet = request.quiet;
  if (!request.faults.empty()) (void)parse_faults(request.faults);
  const auto& nodes = prepared.pod.nodes;
  if (!request.hosts.empty() && request.hosts.size() != nodes.size())
    throw RequestError(fmt::format("--hosts names {} hosts, and {} has {} nodes; one each, in the same order",
                                   request.hosts.size(), request.pod, nodes.size()));
  for (std::size_t i = 0; i < request.hosts.size(); ++i) {
    const std::string& host = request.hosts[i];
    order.node_of_host[host.substr(host.find('@') + 1)] = nodes[i].name;
  }
  return prepared;
}

RunRecord record_of(const AcceptRequest& request, const Prepared& prepared) {
  RunRecord run;
  run.run_id = new_uuid();
  run.started_utc = utc_now();
  run.pod = prepared.pod.name;
  run.program_version = program_version();
  run.git_revision = git_revision();
  run.command_line = request.command_line;
  run.config = prepared.order.pod_text;
  run.seed = prepared.order.settings.seed;
  return run;
}

ExitCode print_forecast(const AcceptRequest& request, const Prepared& prepared) {
  const Planner planner(prepared.pod, request.transport, request.within_nodes,
                        Places(prepared.pod, Places::wanted_hosts(prepared.pod)));
  const auto stages =
      accept::forecast(planner, prepared.order.stages, prepared.order.soak_ns, prepared.order.most_launches);
  if (request.format == "json")
    fmt::print("{}", accept::forecast_json(stages));
  else if (request.format == "csv")
    fmt::print("{}", accept::forecast_csv(stages));
  else
    fmt::print("{}", accept::forecast_text(stages, terminal_colour(), terminal_width()));
  return ExitCode::good;
}

ExitCode give_verdict(const AcceptRequest& request, const Run& run, const Pod& pod) {
  const accept::Acceptance acceptance = accept::judge(run, pod);
  const Findings findings = accept::findings_of(acceptance);
  // A launcher's own terminal between a rank and the person is no terminal.
  const bool colour = terminal_colour() && !detect_launch_environment().is_rank();
  const Judged judged{findings, [&] { return accept::text_of(acceptance, colour); },
                      [&] { return accept::json_of(acceptance); },
                      [&] { return accept::html_of(acceptance, run, pod); }};
  return give_out(judged, request.files, request.format);
}

// The run file out of the spool, and what is to be said of it.
ExitCode finish(const AcceptRequest& request, const Prepared& prepared, RunFile& file, RunRecord run,
                bool completed) {
  if (completed) {
    run.planned_cases = read_spool(file.spool()).run.cases.size();
    amend_spool(file.spool(), run);
  }
  (void)file.finish();
  const ExitCode code = give_verdict(request, read_run(file.path()), prepared.pod);
  fmt::print(request.format == "table" ? stdout : stderr, "\nrun file: {}\n", file.path().string());
  return completed ? code : ExitCode::not_completed;
}

// Who starts the ranks; not yet where, how many and what they are told.
LaunchRequest start_of(const AcceptRequest& request) {
  const Registry registry;
  const Device& device = registry.find(request.transport).device;
  (void)registry.find(request.within_nodes);
  LaunchRequest start;
  start.launcher = request.launcher;
  if (request.launcher == "auto" && !device.launch_command.empty())
    start.launcher = "mpirun";
  else if (request.launcher == "auto")
    start.launcher = std::getenv("SLURM_JOB_ID") != nullptr ? "srun" : "ssh";
  start.launch_command = device.launch_command;
  start.rank_arguments = {"accept-rank"};
  return start;
}

LaunchRequest launch_request(const AcceptRequest& request, const Pod& pod) {
  LaunchRequest start = start_of(request);
  start.ranks = static_cast<int>(Places::wanted_hosts(pod).size());
  if (start.launcher == "local") return start;
  for (std::size_t i = 0; i < pod.nodes.size(); ++i) {
    // Launchers deal ranks out evenly; where nodes differ in their ports, a host is named once a rank.
    const bool even = pod.nodes.size() * pod.nodes[i].ports.size() == static_cast<std::size_t>(start.ranks);
    const std::string& host = request.hosts.empty() ? pod.nodes[i].name : request.hosts[i];
    start.hosts.insert(start.hosts.end(), even ? 1 : pod.nodes[i].ports.size(), host);
  }
  return start;
}

ExitCode direct_discovery(const AcceptRequest& request) {
  LaunchRequest start = start_of(request);
  if (request.hosts.empty())
    throw RequestError("--discover asks the nodes of --hosts; name them: --hosts node1,node2,...");
  start.ranks = static_cast<int>(request.hosts.size());
  start.hosts = request.hosts;
  check_launch(start);
  const accept::Discovery discovery(request);
  start.published = text_parts(order_key, discovery.order().to_json());
  const LaunchOutcome outcome = run_launch(start);
  if (!outcome.completed) throw RunError(outcome.blame);
  discovery.write();
  return ExitCode::good;
}

ExitCode direct(const AcceptRequest& request) {
  Prepared prepared = prepare(request);
  LaunchRequest start = launch_request(request, prepared.pod);
  if (request.dry_run) return print_forecast(request, prepared);
  check_launch(start);
  check_output_files(request.files);
  const RunRecord run = record_of(request, prepared);
  RunFile file(request.out, "accept", run);
  prepared.order.spool_folder = file.spool();
  prepared.order.launcher = start.launcher;
  start.published = text_parts(order_key, prepared.order.to_json());
  const LaunchOutcome outcome = run_launch(start);
  if (outcome.completed && outcome.exit_code == static_cast<int>(ExitCode::wrong_request)) {
    remove_spool(file.spool());
    return ExitCode::wrong_request;  // the lead has said why
  }
  if (!outcome.completed) {
    fmt::print(stderr, "podbench: {}\n", outcome.blame);
    accept::keep_loss(prepared.order, prepared.pod, outcome);
  }
  return finish(request, prepared, file, run, outcome.completed);
}

ExitCode lead_discovery(const AcceptRequest& request, Rendezvous& rendezvous, const Registry& registry) {
  std::optional<accept::Discovery> discovery;
  try {
    discovery.emplace(request);
  } catch (...) {
    publish_text(rendezvous, order_key, "");
    rendezvous.fence(Deadline::after(sharing_time));
    throw;
  }
  const AcceptOrder order = discovery->order();
  publish_text(rendezvous, order_key, order.to_json());
  rendezvous.fence(Deadline::after(sharing_time));
  const ExitCode code = accept::run_stages(order, rendezvous, registry);
  discovery->write();
  return code;
}

// The lead of a user's own launch plans, judges and merges; the others wait for its order.
ExitCode lead(const AcceptRequest& request, Rendezvous& rendezvous, const Registry& registry) {
  std::optional<Prepared> prepared;
  std::optional<RunFile> file;
  RunRecord run;
  try {
    prepared = prepare(request);
    if (!request.dry_run) {
      check_output_files(request.files);
      run = record_of(request, *prepared);
      file.emplace(request.out, "accept", run);
      prepared->order.spool_folder = file->spool();
      prepared->order.launcher = std::getenv("SLURM_STEP_ID") != nullptr ? "srun" : "mpirun";
    }
  } catch (...) {
    publish_text(rendezvous, order_key, "");
    rendezvous.fence(Deadline::after(sharing_time));
    throw;
  }
  publish_text(rendezvous, order_key, file ? prepared->order.to_json() : "");
  rendezvous.fence(Deadline::after(sharing_time));
  if (!file) return print_forecast(request, *prepared);
  const ExitCode code = accept::run_stages(prepared->order, rendezvous, registry);
  if (code == ExitCode::wrong_request) {
    remove_spool(file->spool());
    return code;
  }
  return finish(request, *prepared, *file, run, true);
}

ExitCode take_part(const AcceptRequest& request) {
  const std::unique_ptr<Rendezvous> rendezvous = join_launch(Deadline::after(sharing_time));
  const Registry registry;
  if (rendezvous->rank() == 0)
    return request.discover ? lead_discovery(request, *rendezvous, registry)
                            : lead(request, *rendezvous, registry);
  rendezvous->fence(Deadline::after(sharing_time));
  const std::string text = lookup_text(*rendezvous, 0, order_key, Deadline::after(sharing_time));
  if (text.empty()) return ExitCode::good;
  return accept::run_stages(AcceptOrder::from_json(text), *rendezvous, registry);
}

}  // namespace

ExitCode accept_command(const AcceptRequest& request) {
  if (!request.judge.empty()) {
    const Pod pod = load_pod(request.pod);
    check_output_files(request.files);
    return give_verdict(request, read_run(request.judge), pod);
  }
  const LaunchEnvironment environment = detect_launch_environment();
  if (environment.kind == LaunchKind::unsupported) {
    if (environment.rank > 0) return ExitCode::wrong_request;  // rank 0 says why
    throw RequestError(environment.reason);
  }
  if (environment.is_rank()) return take_part(request);
  return request.discover ? direct_discovery(request) : direct(request);
}

ExitCode accept_rank_command() {
  return accept::run_accept_rank();
}

}  // namespace podbench
