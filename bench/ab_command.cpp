#include "bench/ab_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/quantity.hpp"
#include "base/utc.hpp"
#include "base/uuid.hpp"
#include "bench/ab/campaign.hpp"
#include "bench/ab/output.hpp"
#include "bench/machine/record.hpp"
#include "bench/rendezvous/launch_environment.hpp"
#include "bench/terminal.hpp"
#include "bench/version.hpp"

namespace podbench {
namespace {

// As it was typed, but for the values of variables that look secret.
std::string command_line_of(const AbRequest& request, const Experiment& experiment) {
  std::string line = request.command_line;
  for (const PlannedSide* planned : {&experiment.a, &experiment.b})
    for (const auto& [name, value] : planned->side.environment) {
      if (value.empty() || !looks_secret(name, value)) continue;
      for (std::size_t at = line.find(value); at != std::string::npos; at = line.find(value, at))
        line.replace(at, value.size(), "(masked)");
    }
  return line;
}

RunRecord record_of(const AbRequest& request, const Experiment& experiment) {
  RunRecord run;
  run.started_utc = utc_now();
  run.program_version = program_version();
  run.git_revision = git_revision();
  run.command_line = command_line_of(request, experiment);
  return run;
}

ExitCode print_plan(const Experiment& experiment) {
  for (const CaseMatch& match : experiment.matching.matches) fmt::print("{}\n", match.name);
  fmt::print(stderr, "{} cases, at most {} pairs of launches, about {}; looks after {} pairs\n",
             experiment.matching.matches.size(), experiment.most_pairs(),
             format_duration_ns(static_cast<double>(experiment.expected_ns())),
             fmt::join(experiment.looks, ", "));
  return ExitCode::good;
}

std::string name_of_file(const PairFiles& files, char side) {
  return files.run_file(side).string();
}

// Run files out of the spools; where that fails, what is finished is still in them.
void finish_files(PairFiles& files, const CampaignResult& result) {
  try {
    for (const std::string& problem : files.finish(result.by_itself()))
      fmt::print(stderr, "podbench: {}\n", problem);
  } catch (const std::exception& error) {
    throw RunError(fmt::format("{}; the finished launches are in {} and {}: `podbench recover` them",
                               error.what(), files.spool('a').string(), files.spool('b').string()));
  }
}

ExitCode give_out(const AbRequest& request, const AbReport& report) {
  const Findings findings = ab_findings(report);
  const Judged judged{findings,
                      [&] { return ab_terminal(report, findings, terminal_colour(), terminal_width()); },
                      [&] { return ab_json(report, findings); }, [&] { return ab_html(report, findings); }};
  const ExitCode code = give_out(judged, request.files, request.format);
  if (report.result.by_itself()) return code;
  fmt::print(stderr, "podbench: {}\n", report.result.why);
  return ExitCode::not_completed;
}

}  // namespace

ExitCode ab_command(const AbRequest& request) {
  if (detect_launch_environment().is_rank())
    throw RequestError("ab starts its launches itself; call it outside mpirun and srun");
  check_output_files(request.files);
  PairFiles files(request.out);
  const SignalReader signals;
  PlannedSide a = plan_side(make_side('a', request.common, request.a, request.a_program), signals);
  PlannedSide b = plan_side(make_side('b', request.common, request.b, request.b_program), signals);
  const Experiment experiment = design(std::move(a), std::move(b), request.seed.value_or(random_seed()),
                                       request.least, request.launches);
  if (request.dry_run) return print_plan(experiment);
  files.create(experiment, record_of(request, experiment));
  Ledger ledger(experiment);
  const CampaignResult result = Campaign(experiment, files, ledger, signals, request.quiet).run();
  finish_files(files, result);
  return give_out(request, {experiment, ledger.cases(), result, ledger.whole_pairs(),
                            name_of_file(files, 'a'), name_of_file(files, 'b')});
}

}  // namespace podbench
