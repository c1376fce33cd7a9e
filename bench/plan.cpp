#include "bench/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <regex>
#include <set>

#include "base/error.hpp"
#include "base/names.hpp"
#include "base/quantity.hpp"
#include "base/random.hpp"
#include "bench/imported_cases.hpp"
#include "bench/tuning.hpp"
#include "patterns/imported/imported_schedule.hpp"
#include "transports/cores.hpp"

namespace podbench {
namespace {

// The algorithm that is not one: a table says which is quickest for each case.
constexpr std::string_view tuned = "best";

constexpr std::size_t most_cases = 1'000'000;
constexpr int most_ranks = 1'000'000;
constexpr std::uint64_t most_bytes = std::uint64_t{1} << 40;

// A word that a person typed, looked up by name.
template <typename Value, typename Parse, typename All>
Value known(const std::string& kind, const std::string& given, Parse parse, All all) {
  if (const std::optional<Value> value = parse(given)) return *value;
  std::vector<std::string> names;
  for (const Value value : all) names.emplace_back(name_of(value));
  throw RequestError(unknown_name(kind, given, names));
}

const Pattern& pattern_named(const std::string& name) {
  if (const Pattern* pattern = find_pattern(name)) return *pattern;
  std::vector<std::string> names;
  for (const Pattern* pattern : all_patterns()) names.emplace_back(pattern->name);
  throw RequestError(unknown_name("pattern", name, names));
}

// The algorithms a request means for one pattern. A name is an error only where no pattern of the request has
// it: `--pattern allreduce alltoall --algorithm ring bruck` gives each pattern its own. All of them are those
// that need no schedule from a file; with one, it is meant.
std::vector<const Algorithm*> algorithms_for(const Pattern& pattern, const CaseRequest& request) {
  const std::vector<std::string>& names = request.algorithms;
  std::vector<const Algorithm*> found;
  if (names.empty() || names == std::vector<std::string>{"all"}) {
    found = algorithms_of(pattern.name);
    std::erase_if(found, [&](const Algorithm* algorithm) {
      return is_imported(*algorithm) ? request.parameters.schedule == nullptr : means_only_imported(request);
    });
    return found;
  }
  for (const std::string& name : names)
    if (const Algorithm* algorithm = find_algorithm(pattern.name, name)) found.push_back(algorithm);
  return found;
}

void check_algorithm_names(const std::vector<const Pattern*>& patterns,
                           const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (name == "all" || name == tuned) continue;
    const bool somewhere = std::any_of(patterns.begin(), patterns.end(), [&](const Pattern* pattern) {
      return find_algorithm(pattern->name, name) != nullptr;
    });
    if (somewhere) continue;
    std::set<std::string> all;
    for (const Pattern* pattern : patterns)
      for (const Algorithm* algorithm : algorithms_of(pattern->name)) all.emplace(algorithm->name);
    std::vector<std::string> all_names(all.begin(), all.end());
    throw RequestError(unknown_name(fmt::format("algorithm of {}", patterns.front()->name), name, all_names));
  }
}

std::vector<std::string> transports_for(const std::vector<std::string>& specs, const Registry& registry,
                                        std::vector<std::string>& notes) {
  std::vector<std::string> names;
  for (const std::string& spec : specs.empty() ? std::vector<std::string>{"all"} : specs) {
    if (spec != "all") {
      const TransportEntry& entry = registry.find(spec);
      if (!entry.usable())
        throw RunError(fmt::format("{} cannot be used here: {}", entry.spec(), entry.device.unusable_reason));
      names.push_back(entry.spec());
      continue;
    }
    for (const TransportEntry& entry : registry.entries()) {
      if (entry.usable())
        names.push_back(entry.spec());
      else
        notes.push_back(fmt::format("{} left out: {}", entry.spec(), entry.device.unusable_reason));
    }
  }
  std::set<std::string> seen;
  std::erase_if(names, [&seen](const std::string& name) { return !seen.insert(name).second; });
  if (names.empty()) throw RunError("no transport can be used here; `podbench list transports` says why");
  return names;
}

std::vector<std::uint64_t> sizes_for(const CaseRequest& request, DataType type) {
  std::vector<std::uint64_t> sizes;
  for (const std::string& text : request.bytes) {
    for (const std::uint64_t bytes : parse_byte_list(text)) sizes.push_back(bytes);
  }
  for (const std::string& text : request.counts)
    for (const std::uint64_t count : parse_byte_list(text)) {
      if (count > most_bytes / size_of(type)) throw RequestError("--count " + text + ": too many elements");
      sizes.push_back(count * size_of(type));
    }
  if (request.bytes.empty() && request.counts.empty()) sizes = {8, 64 << 10, 1 << 20};
  for (const std::uint64_t bytes : sizes) {
    if (bytes % size_of(type) != 0)
      throw RequestError(fmt::format("{} bytes are no whole number of {} elements of {} bytes; {} would be",
                                     bytes, name_of(type), size_of(type), bytes - bytes % size_of(type)));
    if (bytes > most_bytes)
      throw RequestError(fmt::format("{} a rank is too much; at most 1 TiB", format_bytes(bytes)));
  }
  return sizes;
}

std::vector<int> rank_counts_for(const CaseRequest& request, const PlanChoices& choices) {
  std::vector<int> counts;
  for (const std::string& text : request.ranks)
    for (const int ranks : parse_rank_list(text)) counts.push_back(ranks);
  if (counts.empty() && request.parameters.schedule != nullptr && !choices.fixed_ranks)
    return {request.parameters.schedule->ranks()};
  if (!choices.fixed_ranks) return counts.empty() ? std::vector{std::clamp(usable_cores(), 2, 8)} : counts;
  for (const int ranks : counts)
    if (ranks != *choices.fixed_ranks)
      throw RequestError(
          fmt::format("--ranks {} inside a launch of {} ranks; leave --ranks out, or start {} ranks", ranks,
                      *choices.fixed_ranks, ranks));
  return {*choices.fixed_ranks};
}

// Collects cases from one request; knows what makes a case impossible and whether that is the person's fault.
class Expansion {
 public:
  Expansion(const CaseRequest& request, const Registry& registry, const PlanChoices& choices, RunPlan& plan,
            std::vector<PlannedCase>& cases)
      : request_(request),
        registry_(registry),
        plan_(plan),
        cases_(cases),
        transports_(transports_for(request.transports, registry, plan.notes)),
        rank_counts_(rank_counts_for(request, choices)) {}

  void run() {
    std::vector<const Pattern*> patterns;
    for (const std::string& name : request_.patterns) patterns.push_back(&pattern_named(name));
    check_algorithm_names(patterns, request_.algorithms);
    check_schedule(request_, patterns);
    for (const Pattern* pattern : patterns)
      for (const Algorithm* algorithm : algorithms_for(*pattern, request_))
        for_each_task(*pattern, [&](PlannedCase& task) { add(*pattern, *algorithm, task); });
    const auto& names = request_.algorithms;
    if (std::find(names.begin(), names.end(), tuned) == names.end()) return;
    tuning_ = Tuning::load(request_.tuning);
    for (const Pattern* pattern : patterns)
      for_each_task(*pattern, [&](PlannedCase& task) { add_tuned(*pattern, task); });
  }

 private:
  // Everything but algorithm and transport.
  template <typename Use>
  void for_each_task(const Pattern& pattern, const Use& use) {
    for (const DataType type : types_for(pattern))
      for (const Op op : ops_for(pattern))
        for (const std::uint64_t bytes : sizes_of(pattern, type))
          for (const int ranks : rank_counts_) {
            PlannedCase task;
            task.pattern = pattern.name;
            task.type = type;
            task.op = op;
            task.bytes = bytes;
            task.ranks = ranks;
            task.cadence = cadence();
            task.buffers = buffers();
            task.parameters = request_.parameters;
            use(task);
          }
  }

  void add(const Pattern& pattern, const Algorithm& algorithm, PlannedCase& planned) {
    planned.algorithm = algorithm.name;
    if (possible(pattern, algorithm, planned)) add_to_transports(algorithm, planned);
  }

  // On each transport the algorithm that its table names, with the table's parameters.
  void add_tuned(const Pattern& pattern, const PlannedCase& task) {
    for (const std::string& transport : transports_) {
      PlannedCase planned = task;
      planned.transport = transport;
      const std::optional<Tuning::Choice> choice = tuning_.find(planned);
      if (!choice) {
        leave_out(
            fmt::format("best of {} over {} is in no tuning table (`podbench compare --tuning` makes one)",
                        pattern.name, transport),
            request_.algorithms.size() == 1);
        continue;
      }
      if (choice->ranks != planned.ranks)
        plan_.notes.push_back(fmt::format("best of {} over {} with {} ranks is that of {}", pattern.name,
                                          transport, planned.ranks, choice->ranks));
      planned.algorithm = choice->algorithm;
      for (const ParameterOption& option : parameter_options())
        if (const auto given = choice->options.find(std::string(option.name));
            given != choice->options.end() && option.set != nullptr)
          option.set(planned.parameters, given->second);
      if (possible(pattern, *find_algorithm(pattern.name, planned.algorithm), planned)) keep(planned);
    }
  }

  void add_to_transports(const Algorithm& algorithm, PlannedCase& planned) {
    for (const std::string& transport : transports_) {
      const bool native = algorithm.generate == nullptr;
      if (native && !registry_.transport(registry_.find(transport)).has_native()) {
        leave_out(transport + " brings no collectives of its own: native", request_.algorithms.size() == 1);
        continue;
      }
      planned.transport = transport;
      keep(planned);
    }
  }

  void keep(const PlannedCase& planned) {
    if (cases_.size() == most_cases)
      throw RequestError(fmt::format("more than {} cases; ask for fewer sizes or transports", most_cases));
    cases_.push_back(planned);
  }

  // What cannot run is the person's error where exactly that was asked for, and a note elsewhere.
  void leave_out(const std::string& line, bool asked_for) {
    if (asked_for && transports_.size() == 1) throw RequestError(line);
    plan_.notes.push_back(line + " left out");
  }

  [[nodiscard]] bool possible(const Pattern& pattern, const Algorithm& algorithm,
                              const PlannedCase& planned) {
    if (planned.ranks < 1 || planned.ranks > most_ranks)
      throw RequestError(fmt::format("{} ranks; from 1 to {} are possible", planned.ranks, most_ranks));
    const Problem problem = problem_of(planned, 0, {});
    const std::optional<std::string> reason = refusal(pattern, algorithm, problem);
    if (!reason) {
      proofs_.demand(pattern, algorithm, problem);
      return true;
    }
    const std::string line =
        fmt::format("{}/{} with {} ranks: {}", pattern.name, algorithm.name, planned.ranks, *reason);
    const bool by_algorithm = algorithm.forbids && algorithm.forbids(problem);
    const bool asked_for =
        request_.patterns.size() == 1 &&
        (!by_algorithm || request_.algorithms.size() == 1 || means_only_imported(request_));
    if (asked_for) throw RequestError(line);
    plan_.notes.push_back(line + "; left out");
    return false;
  }

  // A workload brings its own sizes, and so does a count matrix; the chunks of a schedule make the usual ones
  // a little longer.
  [[nodiscard]] std::vector<std::uint64_t> sizes_of(const Pattern& pattern, DataType type) const {
    const bool own =
        (pattern.knobs & knob_workload) != 0 ||
        ((pattern.knobs & (knob_skew | knob_matrix)) != 0 && request_.parameters.matrix != nullptr);
    if (!pattern.sized || own) return {0};
    std::vector<std::uint64_t> sizes = sizes_for(request_, type);
    if (means_only_imported(request_) && request_.bytes.empty() && request_.counts.empty())
      for (std::uint64_t& bytes : sizes) bytes = divisible_bytes(bytes, size_of(type), request_.parameters);
    return sizes;
  }

  [[nodiscard]] std::vector<DataType> types_for(const Pattern& pattern) const {
    std::vector<DataType> types;
    for (const std::string& name : request_.datatypes)
      types.push_back(known<DataType>("datatype", name, parse_datatype, all_datatypes()));
    if (types.empty() || !pattern.sized) types = {pattern.reduces ? DataType::float32 : DataType::uint8};
    return types;
  }

  [[nodiscard]] std::vector<Op> ops_for(const Pattern& pattern) const {
    std::vector<Op> ops;
    for (const std::string& name : request_.ops) ops.push_back(known<Op>("op", name, parse_op, all_ops()));
    if (ops.empty() || !pattern.reduces) ops = {Op::sum};
    return ops;
  }

  [[nodiscard]] Cadence cadence() const {
    if (request_.cadence == "isolated") return Cadence::isolated;
    if (request_.cadence == "streaming") return Cadence::streaming;
    throw RequestError(
        unknown_name("cadence", request_.cadence, std::vector<std::string>{"isolated", "streaming"}));
  }

  [[nodiscard]] BufferKind buffers() const {
    if (request_.buffers == "transport") return BufferKind::transport;
    if (request_.buffers == "private") return BufferKind::private_memory;
    throw RequestError(
        unknown_name("kind of buffers", request_.buffers, std::vector<std::string>{"transport", "private"}));
  }

  const CaseRequest& request_;
  const Registry& registry_;
  RunPlan& plan_;
  std::vector<PlannedCase>& cases_;
  std::vector<std::string> transports_;
  std::vector<int> rank_counts_;
  ScheduleProofs proofs_;
  Tuning tuning_;
};

void keep_matching(std::vector<PlannedCase>& cases, const std::string& filter) {
  if (filter.empty()) return;
  try {
    const std::regex wanted(filter);
    std::erase_if(cases, [&wanted](const PlannedCase& c) { return !std::regex_search(name_of(c), wanted); });
  } catch (const std::regex_error&) {
    throw RequestError(
        fmt::format("--filter {}: no regular expression; for example 'allreduce/.*MiB'", filter));
  }
}

void drop_repeats(std::vector<PlannedCase>& cases) {
  std::set<std::string> seen;
  std::erase_if(cases, [&seen](const PlannedCase& c) {
    const CaseKey key = key_of(c, 1, "");
    return !seen.insert(key.name() + " " + std::to_string(key.series_id())).second;
  });
}

}  // namespace

std::uint64_t RunPlan::cases() const {
  std::uint64_t total = 0;
  for (const PlannedLaunch& launch : launches) total += launch.cases.size();
  return total;
}

std::int64_t RunPlan::expected_ns(const MeasureSettings& settings) const {
  constexpr std::int64_t launch_ns = 500'000'000;  // processes, connections, environment
  std::int64_t total = 0;
  for (const PlannedLaunch& launch : launches)
    total += launch_ns + static_cast<std::int64_t>(launch.cases.size()) * settings.time_per_case_ns / 2;
  return total;
}

RunPlan make_plan(const Suite& suite, const Registry& registry, const PlanChoices& choices) {
  RunPlan plan;
  std::vector<PlannedCase> cases;
  for (const CaseRequest& request : suite.requests) Expansion(request, registry, choices, plan, cases).run();
  keep_matching(cases, choices.filter);
  drop_repeats(cases);
  if (cases.empty())
    throw RequestError(
        choices.filter.empty()
            ? "no case is left to run: " + fmt::format("{}", fmt::join(plan.notes, "; "))
            : fmt::format("--filter {} matches no case; --dry-run without it lists them", choices.filter));
  std::sort(plan.notes.begin(), plan.notes.end());
  plan.notes.erase(std::unique(plan.notes.begin(), plan.notes.end()), plan.notes.end());

  std::map<std::pair<std::string, int>, std::vector<PlannedCase>> groups;
  for (PlannedCase& c : cases) groups[{c.transport, c.ranks}].push_back(std::move(c));
  Random random(choices.seed);
  const int launches = choices.launches.value_or(suite.launches.value_or(1));
  for (int replicate = 0; replicate < launches; ++replicate) {
    std::vector<PlannedLaunch> round;
    for (const auto& [who, group] : groups) {
      PlannedLaunch launch{0, replicate, who.first, who.second, group};
      random.shuffle(std::span(launch.cases));
      round.push_back(std::move(launch));
    }
    random.shuffle(std::span(round));
    for (PlannedLaunch& launch : round) {
      launch.launch = static_cast<int>(plan.launches.size());
      plan.launches.push_back(std::move(launch));
    }
  }
  return plan;
}

}  // namespace podbench
