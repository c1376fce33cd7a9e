#include "analysis/accept/stages.hpp"
#include "base/quantity.hpp"
#include "bench/options/add.hpp"

namespace podbench {
namespace {

// A pod of any kind has these.
constexpr const char* everywhere = "tcp";
constexpr const char* within_any_node = "shm";

std::vector<std::string> stage_names() {
  std::vector<std::string> names;
  for (const accept::Stage stage : accept::all_stages) names.emplace_back(accept::name_of(stage));
  return names;
}

void finish(AcceptRequest& request, const std::string& soak) {
  if (!soak.empty()) request.soak_ns = parse_duration_ns(soak);
  if (request.discover && !request.judge.empty())
    throw RequestError(
        "--discover and --judge exclude each other: one asks the nodes, the other only a file");
  if (request.pod.empty() && !request.discover)
    throw RequestError(
        "--pod POD.toml says what the pod should be; --discover --hosts a,b,... writes a first one");
}

}  // namespace

void add_accept(CLI::App& app, Invocation& chosen) {
  CLI::App& accept =
      *app.add_subcommand("accept", "Decide whether a pod is fit for service, and name what to replace");
  auto soak = std::make_shared<std::string>();
  AcceptRequest& request =
      request_of<AcceptRequest>(accept, chosen, [soak](AcceptRequest& whole) { finish(whole, *soak); });
  request.transport = everywhere;
  request.within_nodes = within_any_node;
  accept.add_option("--pod", request.pod, "What the pod should be: a TOML file");
  accept.add_option("--stage", request.stages, "Only these (default: all but soak)")
      ->delimiter(',')
      ->check(CLI::IsMember(stage_names()));
  accept.add_option("--soak", *soak,
                    "Also repeat for so long at the end, with telemetry: 1h (default: no soak)");
  accept
      .add_option("--launches", request.launches,
                  "Most launches of a stage: 10, 20 or 40 (default), where something stays inconclusive")
      ->check(CLI::IsMember({10, 20, 40}));
  accept.add_option("--judge", request.judge,
                    "Judge this run file again under the pod file; measure nothing");
  accept.add_flag("--discover", request.discover, "Ask the nodes of --hosts and write a first pod file");
  accept.add_option("--transport", request.transport, "How bytes move (default tcp)");
  accept.add_option(
      "--within-nodes", request.within_nodes,
      "How they move between the ranks of a node with several ports, in stage node (default shm)");
  accept
      .add_option("--launcher", request.launcher,
                  "How ranks are started; auto: srun inside a Slurm allocation, else ssh")
      ->check(CLI::IsMember({"auto", "local", "mpirun", "srun", "ssh"}));
  accept
      .add_option("--hosts", request.hosts,
                  "How the pod's nodes are reached, in its order (default: by name)")
      ->delimiter(',');
  accept.add_option("--seed", request.seed, "Seed of the order of cases (default: a new one, stored)");
  accept.add_option("--fault", request.faults, "Disturb the transport on purpose, e.g. flip:rank=1,after=3");
  accept.add_option("--out", request.out,
                    "The run file (default: a new name under results/runs/); with --discover the pod file");
  add_format(accept, request.format);
  add_output_files(accept, request.files);
  accept.add_flag("--dry-run", request.dry_run, "Print stages, cases and the expected time, run nothing");
  accept.add_flag("--quiet", request.quiet, "No progress");
  accept.footer(
      "Examples:\n"
      "  podbench accept --discover --hosts n1,n2,n3,n4 --out pod.toml\n"
      "  podbench accept --pod pod.toml --dry-run\n"
      "  podbench accept --pod pod.toml --html report.html --junit accept.xml\n"
      "  podbench accept --pod pod.toml --stage pairs,links\n"
      "  podbench accept --pod pod.toml --soak 1h\n"
      "  podbench accept --judge results/runs/NAME.h5 --pod other.toml\n"
      "  srun --mpi=pmix -N4 -n4 podbench accept --pod pod.toml\n"
      "Exit codes: 0 accepted, 1 rejected, 3 inconclusive, 4 not completed.");
}

}  // namespace podbench
