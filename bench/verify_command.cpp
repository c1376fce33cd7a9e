// `podbench verify`: proves the schedules of the catalogue.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "base/clock.hpp"
#include "base/names.hpp"
#include "base/quantity.hpp"
#include "bench/commands.hpp"
#include "bench/imported_cases.hpp"
#include "bench/listing.hpp"
#include "patterns/check.hpp"
#include "patterns/imported/imported_schedule.hpp"
#include "patterns/pattern.hpp"

namespace podbench {
namespace {

constexpr int most_proved_ranks = 4'096;
constexpr const char* usual_ranks = "1:64";

bool wanted(const std::vector<std::string>& names, std::string_view name) {
  return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

// Every name given must be somewhere in the catalogue.
void check_names(const VerifyRequest& request) {
  std::set<std::string> patterns, algorithms;
  for (const Pattern* pattern : all_patterns()) patterns.emplace(pattern->name);
  for (const Algorithm* algorithm : all_algorithms())
    if (wanted(request.patterns, algorithm->pattern)) algorithms.emplace(algorithm->name);
  const auto check = [](const char* kind, const std::vector<std::string>& given,
                        const std::set<std::string>& known) {
    const std::vector<std::string> names(known.begin(), known.end());
    for (const std::string& name : given)
      if (!known.contains(name)) throw RequestError(unknown_name(kind, name, names));
  };
  check("pattern", request.patterns, patterns);
  check("algorithm", request.algorithms, algorithms);
}

std::vector<std::string> row_of(const Algorithm& algorithm, const Proof& proof, std::int64_t took_ns) {
  const std::string result =
      proof.fault ? fmt::format("FAULT at {}: {}", proof.fault_problem, proof.fault->what) : "proved";
  return {std::string(algorithm.pattern),
          std::string(algorithm.name),
          fmt::format("{}", proof.problems),
          fmt::format("{}", proof.steps),
          fmt::format("{}", proof.skipped),
          format_duration_ns(static_cast<double>(took_ns)),
          result};
}

std::vector<int> ranks_of(const VerifyRequest& request) {
  const ImportedSchedule* schedule = request.parameters.schedule.get();
  if (request.ranks.empty() && schedule != nullptr) return {schedule->ranks()};
  const std::vector<int> ranks = parse_rank_list(request.ranks.empty() ? usual_ranks : request.ranks);
  if (ranks.back() > most_proved_ranks)
    throw RequestError(
        fmt::format("--ranks {}: at most {} ranks can be proved", request.ranks, most_proved_ranks));
  if (schedule != nullptr && std::ranges::find(ranks, schedule->ranks()) == ranks.end())
    throw RequestError(fmt::format("--ranks {}: the schedule {} is for {} ranks", request.ranks,
                                   schedule->source.name, schedule->ranks()));
  return ranks;
}

// A schedule from a file stands alone; without one, its algorithm has nothing to prove.
bool is_meant(const VerifyRequest& request, const Algorithm& algorithm) {
  const ImportedSchedule* schedule = request.parameters.schedule.get();
  const bool of_schedule = schedule == nullptr
                               ? !is_imported(algorithm)
                               : is_imported(algorithm) && algorithm.pattern == schedule->pattern;
  return of_schedule && algorithm.generate != nullptr && wanted(request.patterns, algorithm.pattern) &&
         wanted(request.algorithms, algorithm.name);
}

[[noreturn]] void refuse_nothing(const VerifyRequest& request) {
  if (const ImportedSchedule* schedule = request.parameters.schedule.get())
    throw RequestError(fmt::format("the schedule {} is for {}; --pattern {}, or none, would be right",
                                   schedule->source.name, schedule->pattern, schedule->pattern));
  throw RequestError(
      "nothing to prove: none of these patterns has that algorithm, or it is the transport's own, or it "
      "needs "
      "--schedule FILE.xml");
}

}  // namespace

ExitCode verify_command(const VerifyRequest& request) {
  check_names(request);
  const std::vector<int> ranks = ranks_of(request);
  Listing listing{{"pattern", "algorithm", "problems", "steps", "forbidden", "time", "result"}, {}};
  bool faulty = false;
  const std::int64_t begin_ns = now_ns();
  for (const Algorithm* algorithm : all_algorithms()) {
    if (!is_meant(request, *algorithm)) continue;
    const std::int64_t start_ns = now_ns();
    const Proof proof = prove(*find_pattern(algorithm->pattern), *algorithm, ranks, request.parameters);
    faulty = faulty || proof.fault.has_value();
    listing.rows.push_back(row_of(*algorithm, proof, now_ns() - start_ns));
  }
  if (listing.rows.empty()) refuse_nothing(request);
  print(listing, request.format);
  const std::string usual = ranks.size() == 1 ? fmt::format("{}", ranks.front()) : usual_ranks;
  fmt::print(stderr, "every p of {} tested, in {}\n", request.ranks.empty() ? usual : request.ranks,
             format_duration_ns(static_cast<double>(now_ns() - begin_ns)));
  return faulty ? ExitCode::check_failed : ExitCode::good;
}

}  // namespace podbench
