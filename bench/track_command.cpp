#include "bench/track_command.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "analysis/track/load.hpp"
#include "analysis/track/report.hpp"
#include "analysis/track/retention.hpp"
#include "analysis/track/self_test.hpp"

namespace podbench {
namespace {

void check(const TrackRequest& request) {
  check_output_files(request.files);
  if (request.dry_run && request.keep.empty())
    throw RequestError("--dry-run goes with --keep: it lists what would be deleted");
  if (request.self_test && !request.keep.empty())
    throw RequestError("--selftest judges copies and deletes nothing; leave --keep away");
  if (!(request.least_effect >= 0 && request.least_effect < 1))
    throw RequestError(
        fmt::format("--least {}: a share from 0 to below 1 is needed, 0.01 for 1%", request.least_effect));
}

void retain(const TrackRequest& request, const track::History& history, const track::Judgement& judgement,
            const track::Rules& rules) {
  const track::Retention retention =
      track::plan_retention(history, judgement, rules, track::parse_keep(request.keep));
  if (retention.needed > 0)
    fmt::print(stderr, "podbench: {} more runs are older than --keep {} and stay: judgements rest on them\n",
               retention.needed, request.keep);
  if (!request.dry_run) {
    for (const std::string& line : track::delete_runs(history, retention))
      fmt::print(stderr, "podbench: {}\n", line);
    return;
  }
  for (const std::size_t night : retention.deletable)
    fmt::print(stderr, "podbench: would delete {}\n", history.nights[night].source);
}

}  // namespace

ExitCode track_command(const TrackRequest& request) {
  check(request);
  if (!request.keep.empty()) static_cast<void>(track::parse_keep(request.keep));
  track::Rules rules;
  rules.least_effect = request.least_effect;
  const track::History history = track::load_history(request.places);
  for (const std::string& note : history.notes) fmt::print(stderr, "podbench: {}\n", note);
  const track::Judgement judgement = track::judge(history, rules);
  if (request.self_test) {
    const track::SelfTest result = track::self_test(history, judgement, rules, {});
    fmt::print("{}", track::self_test_text(result));
    return result.series == 0 ? ExitCode::inconclusive : ExitCode::good;
  }
  const Findings findings = track::findings_of(history, judgement);
  const Judged judged{findings, [&] { return track::terminal_text(history, judgement); },
                      [&] { return track::json_of(findings, history, judgement); },
                      [&] { return track::html_of(findings, history, judgement); }};
  const ExitCode code = give_out(judged, request.files, request.format);
  // Only after the verdict is out.
  if (!request.keep.empty()) retain(request, history, judgement, rules);
  return code;
}

}  // namespace podbench
