#include "base/quantity.hpp"
#include "bench/options/add.hpp"
#include "bench/options/typed_parameters.hpp"

namespace podbench {
namespace {

// Values that need their own grammar arrive as text and are parsed after the command line is known to be
// whole.
struct RunTexts {
  std::string time_per_case, check = "on", deadline, telemetry = "cases";
  TypedParameters parameters;
};

void add_case_options(CLI::App& run, RunRequest& request, TypedParameters& typed) {
  CaseRequest& cases = request.cases;
  run.add_option("--transport", cases.transports, "Transports: shm, libfabric:tcp, ... or all (default)")
      ->delimiter(',');
  run.add_option("--pattern", cases.patterns, "Patterns: pingpong, allreduce, ...")->delimiter(',');
  run.add_option(
         "--algorithm", cases.algorithms,
         "Algorithms: ring, native, ..., or best: the quickest by --tuning (default: all of the pattern)")
      ->delimiter(',');
  run.add_option(
      "--tuning", cases.tuning,
      "What best goes by: a tuning.json of `podbench compare --tuning` (default: what comes along)");
  run.add_option("--bytes", cases.bytes, "Bytes a rank: 8  64Ki  8:64Mi:x4  8,64Ki (default 8,64Ki,1Mi)");
  run.add_option("--count", cases.counts, "Elements a rank, in place of --bytes: 1000003  0,1,7");
  run.add_option("--ranks", cases.ranks, "Rank counts: 2  2,4,7  1:8 (default: a core each, 2 to 8)");
  run.add_option("--dtype", cases.datatypes, "float32 float64 bfloat16 float16 int32 int64 uint8")
      ->delimiter(',');
  run.add_option("--op", cases.ops, "sum min max prod")->delimiter(',');
  run.add_option("--cadence", cases.cadence, "isolated (default) or streaming");
  run.add_option("--buffers", cases.buffers, "transport (default) or private memory");
  add_parameters(run, typed);
}

void finish(RunRequest& request, const RunTexts& texts) {
  if (!texts.time_per_case.empty()) request.time_per_case_ns = parse_duration_ns(texts.time_per_case);
  if (!texts.deadline.empty()) request.settings.patience_ns = parse_duration_ns(texts.deadline);
  request.settings.check = texts.check == "on";
  request.settings.telemetry = parse_telemetry(texts.telemetry);
  request.cases.parameters = read_parameters(texts.parameters);
  if (request.suite.empty() == request.cases.patterns.empty())
    throw RequestError(request.suite.empty()
                           ? "nothing to run: give --suite smoke, or --pattern and what goes with it"
                           : "--suite and --pattern exclude each other; a suite names its own patterns");
}

}  // namespace

void add_run(CLI::App& app, Invocation& chosen) {
  CLI::App& run = *app.add_subcommand("run", "Run cases and keep every sample in a run file");
  auto texts_kept = std::make_shared<RunTexts>();
  RunTexts& texts = *texts_kept;
  RunRequest& request =
      request_of<RunRequest>(run, chosen, [texts_kept](RunRequest& whole) { finish(whole, *texts_kept); });
  run.add_option("--suite", request.suite, "A built-in suite, or a TOML file");
  add_case_options(run, request, texts.parameters);
  run.add_option("--launches", request.choices.launches, "Launches with fresh processes and connections")
      ->check(CLI::Range(1, most_launches));
  run.add_option("--launcher", request.launcher, "How ranks are started")
      ->check(CLI::IsMember({"auto", "local", "mpirun", "srun", "ssh"}));
  run.add_option("--hosts", request.hosts,
                 "Hosts for the ranks; with --launcher auto over ssh, or by the transport's own launcher")
      ->delimiter(',');
  run.add_option("--time-per-case", texts.time_per_case, "Most time for one case: 500ms, 2s (default 2s)");
  run.add_option("--seed", request.seed, "Seed of the order of cases (default: a new one, stored)");
  run.add_option("--check", texts.check, "Check the data outside the timed part")
      ->check(CLI::IsMember({"on", "off"}));
  run.add_option(
         "--telemetry", texts.telemetry,
         "When sensors and counters are read, always between measurements: cases (default; where cases "
         "begin and end), a period for within cases too (1s), or off")
      ->type_name("TEXT:{off,cases,1s}");
  run.add_option("--filter", request.choices.filter, "Only cases whose name matches this regular expression");
  run.add_option("--bind", request.settings.binding, "auto, none, core, numa or a list of cores");
  run.add_option(
         "--sync", request.settings.sync,
         "How isolated operations start: by clock, behind a barrier, or auto (default): by clock where "
         "every rank has a core")
      ->check(CLI::IsMember({"auto", "clock", "barrier"}));
  run.add_option("--deadline", texts.deadline,
                 "How long a step may take before its peers count as lost (default 10s)");
  run.add_option("--fault", request.settings.faults,
                 "Disturb the transport on purpose, e.g. flip:rank=1,after=3");
  run.add_option("--out", request.out, "The run file (default: a new name under results/runs/)");
  add_format(run, request.format);
  run.add_flag("--dry-run", request.dry_run, "Print the cases and the expected time, run nothing");
  run.add_flag("--quiet", request.quiet, "No progress");
  run.add_flag("--verbose", request.verbose, "More notes");
  run.footer(
      "Examples:\n"
      "  podbench run --suite smoke\n"
      "  podbench run --transport shm --pattern allreduce --algorithm ring --bytes 8:64M:x4 --ranks 4\n"
      "  podbench run --pattern training_step --workload llama2-7b-sharded --scale 0.01 --ranks 4\n"
      "  podbench run --transport ucx:tcp --pattern pingpong bandwidth --bytes 8,1Mi --format json\n"
      "  mpirun -n 4 podbench run --transport mpi --pattern alltoall --bytes 64Ki\n"
      "Flags that begin with --benchmark_ go to Google Benchmark.");
}

}  // namespace podbench
