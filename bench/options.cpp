#include "bench/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/names.hpp"
#include "base/quantity.hpp"
#include "bench/parameters.hpp"
#include "bench/version.hpp"

namespace podbench {
namespace {

// What the director starts; nobody types it.
constexpr const char* hidden_command = "rank";

// Google Benchmark reads its own flags; everything else is ours.
std::vector<std::string> take_benchmark_flags(std::vector<std::string>& words) {
  std::vector<std::string> taken;
  std::erase_if(words, [&taken](const std::string& word) {
    if (!word.starts_with("--benchmark_")) return false;
    taken.push_back(word);
    return true;
  });
  return taken;
}

void add_format(CLI::App& command, std::string& format) {
  command.add_option("--format", format, "table, json or csv")
      ->check(CLI::IsMember({"table", "json", "csv"}));
}

// What was typed for the patterns' parameters, by name; read once the command line is known to be whole.
using TypedParameters = std::map<std::string, std::string>;

// Those that a command has a use for.
void add_parameters(CLI::App& command, TypedParameters& typed, std::uint32_t knobs = ~0U) {
  for (const ParameterOption& option : parameter_options()) {
    if ((option.knobs & knobs) == 0) continue;
    const std::string name(option.name);
    command.add_option_function<std::string>(
        "--" + name, [&typed, name](const std::string& text) { typed[name] = text; },
        std::string(option.help));
  }
}

Parameters read_parameters(const TypedParameters& typed) {
  Parameters parameters;
  for (const ParameterOption& option : parameter_options())
    if (const auto given = typed.find(std::string(option.name)); given != typed.end()) try {
        give(option, given->second, "", parameters);
      } catch (const RequestError& error) {
        throw RequestError(fmt::format("--{}: {}", option.name, error.what()));
      }
  return parameters;
}

// Values that need their own grammar arrive as text and are parsed after the command line is known to be
// whole.
struct RunTexts {
  std::string time_per_case, check = "on", deadline;
  TypedParameters parameters;
};

void add_case_options(CLI::App& run, RunRequest& request, TypedParameters& typed) {
  CaseRequest& cases = request.cases;
  run.add_option("--transport", cases.transports, "Transports: shm, libfabric:tcp, ... or all (default)")
      ->delimiter(',');
  run.add_option("--pattern", cases.patterns, "Patterns: pingpong, allreduce, ...")->delimiter(',');
  run.add_option("--algorithm", cases.algorithms,
                 "Algorithms: ring, native, ... (default: all of the pattern)")
      ->delimiter(',');
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

void add_run(CLI::App& app, RunRequest& request, RunTexts& texts) {
  CLI::App& run = *app.add_subcommand("run", "Run cases and keep every sample in a run file");
  run.add_option("--suite", request.suite, "A built-in suite, or a TOML file");
  add_case_options(run, request, texts.parameters);
  run.add_option("--launches", request.choices.launches, "Launches with fresh processes and connections")
      ->check(CLI::Range(1, most_launches));
  run.add_option("--launcher", request.launcher, "How ranks are started")
      ->check(CLI::IsMember({"auto", "local", "mpirun", "srun", "ssh"}));
  run.add_option("--hosts", request.hosts, "Hosts for --launcher ssh")->delimiter(',');
  run.add_option("--time-per-case", texts.time_per_case, "Most time for one case: 500ms, 2s (default 2s)");
  run.add_option("--seed", request.seed, "Seed of the order of cases (default: a new one, stored)");
  run.add_option("--check", texts.check, "Check the data outside the timed part")
      ->check(CLI::IsMember({"on", "off"}));
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
  run.callback([&request, &texts] {
    if (!texts.time_per_case.empty()) request.time_per_case_ns = parse_duration_ns(texts.time_per_case);
    if (!texts.deadline.empty()) request.settings.patience_ns = parse_duration_ns(texts.deadline);
    request.settings.check = texts.check == "on";
    request.cases.parameters = read_parameters(texts.parameters);
    if (request.suite.empty() == request.cases.patterns.empty())
      throw RequestError(request.suite.empty()
                             ? "nothing to run: give --suite smoke, or --pattern and what goes with it"
                             : "--suite and --pattern exclude each other; a suite names its own patterns");
  });
}

void add_list(CLI::App& app, ListRequest& request) {
  CLI::App& list = *app.add_subcommand("list", "What is here: transports, patterns, suites, workloads");
  list.add_option("what", request.what, "transports, patterns, suites or workloads")
      ->required()
      ->check(CLI::IsMember({"transports", "patterns", "suites", "workloads"}));
  add_format(list, request.format);
  list.footer("Examples:\n  podbench list transports\n  podbench list patterns --format json");
}

void add_doctor(CLI::App& app, DoctorRequest& request) {
  CLI::App& doctor =
      *app.add_subcommand("doctor", "What will spoil numbers on this machine, and how to mend it");
  add_format(doctor, request.format);
  doctor.footer("Examples:\n  podbench doctor\n  mpirun -n 4 --map-by node podbench doctor");
}

void add_verify(CLI::App& app, VerifyRequest& request, TypedParameters& typed) {
  CLI::App& verify = *app.add_subcommand("verify", "Prove schedules before anything runs");
  verify.add_option("--pattern", request.patterns, "Patterns (default: all)")->delimiter(',');
  verify.add_option("--algorithm", request.algorithms, "Algorithms (default: all)")->delimiter(',');
  verify.add_option("--ranks", request.ranks, "Rank counts to prove: 1:512 (default 1:64)");
  add_parameters(verify, typed, knob_schedule | knob_root);
  add_format(verify, request.format);
  verify.footer(
      "Examples:\n  podbench verify\n  podbench verify --pattern allreduce --algorithm ring --ranks 1:512\n"
      "  podbench verify --schedule allreduce_ring_4.xml");
  verify.callback([&request, &typed] {
    request.parameters = read_parameters(typed);
    if (typed.contains("root") && !request.parameters.schedule)
      throw RequestError("--root goes with --schedule; the catalogue is proved for several roots");
  });
}

void add_show(CLI::App& app, ShowCommand& command) {
  CLI::App& show = *app.add_subcommand("show", "A table or pivot of any runs");
  show.add_option("files", command.files, "Run files")->required();
  show.add_option("--where", command.show.where, "key=value; repeat for more");
  show.add_option("--rows", command.show.rows, "Key down the side of a pivot, e.g. bytes");
  show.add_option("--cols", command.show.cols, "Key across the top of a pivot, e.g. transport");
  show.add_option("--value", command.show.values, "p50 p99 busbw algbw ...")->delimiter(',');
  add_format(show, command.format);
  show.footer(
      "Examples:\n"
      "  podbench show run.h5\n"
      "  podbench show run.h5 --where pattern=allreduce --rows bytes --cols transport --value busbw");
}

void add_recover(CLI::App& app, RecoverCommand& command) {
  CLI::App& recover = *app.add_subcommand("recover", "Make the run file of an interrupted run");
  recover.add_option("spool", command.spool, "The spool folder, NAME.spool")->required();
  recover.add_option("--out", command.out, "The run file (default: beside the spool, NAME.h5)");
  recover.footer("Example:\n  podbench recover results/runs/20260101T020000Z-smoke.spool");
}

void add_export(CLI::App& app, ExportCommand& command) {
  CLI::App& exporter = *app.add_subcommand("export", "A run file for other tools");
  exporter.add_option("file", command.file, "A run file")->required();
  exporter.add_option("--as", command.as, "csv, json, gbench or openmetrics")->required();
  exporter.add_option("-o,--out", command.out, "A file (default: standard output)");
  exporter.footer(
      "Examples:\n  podbench export run.h5 --as csv\n  podbench export run.h5 --as gbench -o run.json");
}

// One line out of CLI11's message.
std::string in_one_line(std::string text) {
  for (char& c : text)
    if (c == '\n') c = ' ';
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

// CLI11 would only say that a command is missing.
void check_command(const CLI::App& app, const std::vector<std::string>& words) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands(nullptr))
    if (!command->get_group().empty()) names.push_back(command->get_name());
  if (words.empty())
    throw RequestError(
        fmt::format("which command? one of {}; `podbench --help` says more", fmt::join(names, ", ")));
  const std::string& first = words.front();
  const bool known =
      std::any_of(names.begin(), names.end(), [&first](const std::string& n) { return n == first; });
  if (!known && !first.starts_with('-') && first != hidden_command)
    throw RequestError(unknown_name("command", first, names));
}

std::string command_line_of(int argc, const char* const* argv) {
  std::string line;
  for (int i = 0; i < argc; ++i) line += (i == 0 ? "" : " ") + std::string(argv[i]);
  return line;
}

}  // namespace

Invocation parse_command_line(int argc, const char* const* argv) {
  RunRequest run;
  RunTexts run_texts;
  ListRequest list;
  DoctorRequest doctor;
  VerifyRequest verify;
  ShowCommand show;
  RecoverCommand recover;
  ExportCommand exporter;

  CLI::App app("podbench: the interconnect and collectives benchmark suite for AI and HPC pods", "podbench");
  app.set_version_flag("--version", fmt::format("podbench {} ({})", program_version(), git_revision()));
  app.require_subcommand(1);
  add_run(app, run, run_texts);
  add_list(app, list);
  add_doctor(app, doctor);
  TypedParameters verify_parameters;
  add_verify(app, verify, verify_parameters);
  add_show(app, show);
  add_recover(app, recover);
  add_export(app, exporter);
  app.add_subcommand(hidden_command, "One rank of a launch; started by podbench itself")->group("");
  app.footer(
      "Examples:\n"
      "  podbench list transports\n"
      "  podbench run --suite smoke\n"
      "  podbench show results/runs/NAME.h5 --rows bytes --cols transport\n"
      "Exit codes: 0 good, 1 a check failed, 2 the request is wrong, 3 inconclusive, 4 not completed.");

  std::vector<std::string> words(argv + 1, argv + argc);
  run.benchmark_flags = take_benchmark_flags(words);
  run.command_line = command_line_of(argc, argv);
  check_command(app, words);
  std::reverse(words.begin(), words.end());
  try {
    app.parse(words);
  } catch (const CLI::Success& help) {
    app.exit(help);
    return NothingToDo{};
  } catch (const CLI::ParseError& error) {
    throw RequestError(in_one_line(error.what()) + "; `podbench --help` shows what is possible");
  }

  const std::string chosen = app.get_subcommands().front()->get_name();
  if (chosen == "run") return run;
  if (chosen == "list") return list;
  if (chosen == "doctor") return doctor;
  if (chosen == "verify") return verify;
  if (chosen == "show") return show;
  if (chosen == "recover") return recover;
  if (chosen == "export") return exporter;
  return RankCommand{};
}

}  // namespace podbench
