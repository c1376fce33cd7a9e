#include "bench/ab/campaign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace podbench {
namespace {

constexpr int most_tries = 3;
constexpr auto planning_time = std::chrono::seconds(120);
// A launch is ended when it takes so much longer than planned: large messages may take far longer than the
// time for a case, but nothing is waited for without an end.
constexpr int patience_factor = 20;
constexpr auto patience_more = std::chrono::minutes(10);

std::chrono::nanoseconds patience_of(const PlannedSide& side) {
  return std::chrono::nanoseconds(side.run.expected_ns) * patience_factor + patience_more;
}

std::string time_left(std::int64_t gone_ns, int done, int most) {
  const std::int64_t seconds = gone_ns / done * (most - done) / 1'000'000'000;
  return fmt::format("at most {}:{:02} left", seconds / 60, seconds % 60);
}

}  // namespace

PlannedSide plan_side(Side side, const SignalReader& signals) {
  const ChildResult result = run_child(plan_command(side), side.environment, planning_time, signals);
  const std::string who = fmt::format("side {}", side.letter);
  if (result.exited_with(static_cast<int>(ExitCode::wrong_request)))
    throw RequestError(fmt::format("{}: {}", who, result.reason()));
  if (!result.exited_with(static_cast<int>(ExitCode::good)))
    throw RunError(fmt::format("{} cannot be planned: {}", who, result.reason()));
  try {
    PlannedRun run = parse_plan(result.output);
    return {std::move(side), std::move(run)};
  } catch (const RequestError& error) {
    throw RequestError(fmt::format("{}: {}: {}", who, side.program, error.what()));
  }
}

Campaign::Campaign(const Experiment& experiment, PairFiles& files, Ledger& ledger,
                   const SignalReader& signals, bool quiet)
    : experiment_(experiment), files_(files), ledger_(ledger), signals_(signals), quiet_(quiet) {}

CampaignResult Campaign::run() {
  began_ns_ = now_ns();
  try {
    run_pairs();
  } catch (const Trouble& trouble) {
    result_.end = trouble.end;
    result_.why = trouble.why;
  }
  if (ledger_.whole_pairs() > looked_after_) look(ledger_.whole_pairs());
  return result_;
}

void Campaign::run_pairs() {
  const auto& looks = experiment_.looks;
  for (int pair = 0; pair < experiment_.most_pairs(); ++pair) {
    run_pair(pair);
    if (std::find(looks.begin(), looks.end(), pair + 1) != looks.end()) look(pair + 1);
    if (!quiet_) report(pair);
    if (looked_after_ == pair + 1 && ledger_.all_decided()) {
      result_.end = CampaignEnd::decided;
      return;
    }
  }
}

void Campaign::run_pair(int pair) {
  const bool a_first = experiment_.pairs[static_cast<std::size_t>(pair)].a_first;
  run_half(pair, a_first ? experiment_.a : experiment_.b);
  run_half(pair, a_first ? experiment_.b : experiment_.a);
}

void Campaign::run_half(int pair, const PlannedSide& side) {
  std::string why;
  for (int tries = 1; tries <= most_tries; ++tries) {
    why = try_half(pair, side);
    if (why.empty()) return;
    fmt::print(stderr, "podbench: launch {} of pair {} failed: {}{}\n", side.side.letter, pair, why,
               tries < most_tries ? "; it is tried again" : "");
  }
  throw Trouble{CampaignEnd::broken,
                fmt::format("launch {} of pair {} failed {} times", side.side.letter, pair, most_tries)};
}

std::string Campaign::try_half(int pair, const PlannedSide& side) {
  const std::filesystem::path half = files_.fresh_half(pair, side.side.letter);
  const std::uint64_t case_seed = experiment_.pairs[static_cast<std::size_t>(pair)].case_seed;
  const ChildResult result = run_child(launch_command(side.side, case_seed, half), side.side.environment,
                                       patience_of(side), signals_);
  if (result.signal != 0) throw Trouble{CampaignEnd::by_person, result.reason()};
  // Wrong data is a result; it is in the file.
  if (!result.exited_with(static_cast<int>(ExitCode::good)) &&
      !result.exited_with(static_cast<int>(ExitCode::check_failed)))
    return result.reason();
  try {
    ledger_.take(pair, side.side.letter, files_.take(half, pair, side));
  } catch (const RequestError& error) {
    return error.what();
  } catch (const std::exception& error) {
    throw Trouble{CampaignEnd::broken, fmt::format("launch {} of pair {} cannot be kept: {}",
                                                   side.side.letter, pair, error.what())};
  }
  return "";
}

void Campaign::look(int pairs) {
  result_.share = share_of_look(looked_after_, pairs, experiment_.most_pairs());
  ledger_.judge(result_.share);
  looked_after_ = pairs;
}

void Campaign::report(int pair) const {
  const int done = pair + 1, most = experiment_.most_pairs();
  const std::string count = fmt::format("{}", most);
  std::string line = fmt::format("[{:>{}}/{}] pair {} {}", done, count.size(), count, pair,
                                 experiment_.pairs[static_cast<std::size_t>(pair)].a_first ? "a b" : "b a");
  if (looked_after_ > 0)
    line += fmt::format("  {} of {} cases decided after {} pairs", ledger_.decided(), ledger_.cases().size(),
                        looked_after_);
  if (done < most && !(looked_after_ == done && ledger_.all_decided()))
    line += "  " + time_left(now_ns() - began_ns_, done, most);
  fmt::print(stderr, "{}\n", line);
}

}  // namespace podbench
