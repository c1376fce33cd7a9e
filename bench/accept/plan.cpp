#include "bench/accept/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/pod/apart_sets.hpp"
#include "analysis/pod/link_groups.hpp"
#include "base/affinity.hpp"
#include "patterns/alltoallv/count_matrix.hpp"
#include "patterns/stress/tournament.hpp"

namespace podbench::accept {
namespace {

// A stream is long enough that what a common start leaves of ranks' differences, and what one message takes
// to cross the pod, is little beside it.
constexpr double stream_s = 0.02;
constexpr double collective_s = 0.005;
constexpr int window = 8;
// Within what any node has memory for, above what a network card answers from its own buffers.
constexpr std::uint64_t least_bytes = 64 << 10, most_bytes = std::uint64_t{256} << 20;
constexpr std::uint64_t copied_bytes = std::uint64_t{32} << 20;
constexpr double copied_bytes_per_second = 4e9;       // a guess, for the expected time only
constexpr std::uint64_t shared_bytes = copied_bytes;  // that each rank sends within its node
// Operations of a case in a launch: two data checks, warm-up, samples (engine.cpp).
constexpr std::uint64_t samples = 6;  // the fewest of which a median has an interval
constexpr std::uint32_t warm_up = 2;
constexpr double operations = 2 + 1 + warm_up + 1 + samples;
constexpr double small_operation_s = 0.001, case_s = 0.005, section_s = 0.03;
constexpr std::uint64_t small_bytes = 8;

struct Collective {
  const char* pattern;
  const char* small_algorithm;
  const char* large_algorithm;
};
constexpr Collective collectives_of_scale[] = {
    {"allreduce", "recursive_doubling", "ring"},
    {"reduce_scatter", "recursive", "ring"},
    {"allgather", "bruck", "ring"},
    {"broadcast", "binomial", "scatter_allgather"},
    {"reduce", "binomial", "binomial"},
    {"gather", "binomial", "binomial"},
};

double slowest_port(const Pod& pod) {
  std::vector<double> best(pod.vertices.size());
  for (const PodLink& link : pod.links)
    for (const int end : {link.a, link.b}) {
      double& rate = best[static_cast<std::size_t>(end)];
      rate = std::max(rate, link.rate_bits_per_second);
    }
  double slowest = std::numeric_limits<double>::infinity();
  for (const PodNode& node : pod.nodes)
    for (const int port : node.ports) slowest = std::min(slowest, best[static_cast<std::size_t>(port)]);
  return slowest / 8;
}

std::vector<int> nodes_of_several_ports(const Pod& pod) {
  std::vector<int> nodes;
  for (std::size_t node = 0; node < pod.nodes.size(); ++node)
    if (pod.nodes[node].ports.size() > 1) nodes.push_back(static_cast<int>(node));
  return nodes;
}

std::shared_ptr<const CountMatrix> matrix_of(const std::vector<std::uint64_t>& counts, int ranks,
                                             const std::string& name) {
  std::string text;
  for (int from = 0; from < ranks; ++from)
    for (int to = 0; to < ranks; ++to)
      text += fmt::format("{}{}",
                          counts[static_cast<std::size_t>(from) * static_cast<std::size_t>(ranks) +
                                 static_cast<std::size_t>(to)],
                          to + 1 == ranks ? '\n' : ' ');
  return parse_count_matrix({name, text});
}

// "n01 > n04", "n01:1 > n04:0" where nodes have several ports.
std::string name_of(const Pod& pod, const Flow& flow) {
  const auto port = [&](int node, int rail) {
    return pod.vertices[static_cast<std::size_t>(port_of(pod, node, rail))].name;
  };
  return fmt::format("{} > {}", port(flow.from_node, flow.from_rail), port(flow.to_node, flow.to_rail));
}

}  // namespace

MeasureSettings accept_settings() {
  MeasureSettings settings;
  settings.least_samples = samples;
  settings.warm_up_samples = warm_up;
  settings.relative_interval = std::numeric_limits<double>::max();
  settings.try_again = false;  // another launch comes anyway
  settings.patience_ns = 4'000'000'000;
  return settings;
}

Planner::Planner(const Pod& pod, std::string transport, std::string within_nodes, Places places)
    : pod_(pod),
      transport_(std::move(transport)),
      within_nodes_(std::move(within_nodes)),
      places_(std::move(places)),
      port_rate_bytes_per_second_(slowest_port(pod)),
      groups_(places_.ranks() > 1 ? plan_links(pod).groups : std::vector<std::vector<Flow>>{}),
      apart_(plan_apart(pod, groups_)),
      shared_by_ranks_(nodes_of_several_ports(pod)) {}

std::uint64_t Planner::bytes_in(double seconds, std::uint64_t multiple) const {
  const double wanted = port_rate_bytes_per_second_ * seconds;
  const auto bytes = static_cast<std::uint64_t>(
      std::clamp(wanted, static_cast<double>(least_bytes), static_cast<double>(most_bytes)));
  return std::max(bytes / multiple, std::uint64_t{1}) * multiple;
}

PlannedCase Planner::new_case(Stage stage, std::string pattern, std::string algorithm) const {
  PlannedCase planned;
  planned.transport = transport_;
  planned.pattern = std::move(pattern);
  planned.algorithm = std::move(algorithm);
  planned.type = find_pattern(planned.pattern)->reduces ? DataType::float32 : DataType::uint8;
  planned.ranks = places_.ranks();
  planned.labels["stage"] = name_of(stage);
  return planned;
}

PlannedSection Planner::section(std::vector<PlannedCase> cases, int series, double busy_s,
                                std::vector<int> members) const {
  PlannedSection section;
  const double overhead_s = section_s + case_s * series * static_cast<double>(cases.size());
  section.launch.transport = transport_;
  section.launch.ranks = places_.ranks();
  section.launch.members = std::move(members);
  // The engine shares a case's time out over its series; samples of the longest operation decide.
  section.time_per_case_ns = static_cast<std::int64_t>(1e9 * stream_s * samples) * series;
  section.launch.cases = std::move(cases);
  section.expected_ns = static_cast<std::int64_t>(1e9 * (overhead_s + busy_s));
  return section;
}

std::vector<PlannedSection> Planner::replicate(Stage stage) const {
  switch (stage) {
    case Stage::inventory:
      return {};
    case Stage::node:
      return nodes();
    case Stage::pairs:
      if (places_.ranks() < 2) return {};
      return {pairs(stage)};
    case Stage::links:
      if (groups_.empty()) return {};
      return {links(stage)};
    case Stage::scale: {
      std::vector<PlannedSection> sections;
      for (const Part& part : parts()) sections.push_back(collectives(part));
      return sections;
    }
    case Stage::congestion:
      if (places_.ranks() < 2) return {};
      return {congestion()};
    case Stage::soak: {
      if (places_.ranks() < 2) return {};
      std::vector<PlannedSection> sections{pairs(stage)};
      if (!groups_.empty()) sections.push_back(links(stage));
      return sections;
    }
  }
  return {};
}

// All at once, for none disturbs another; nodes that share cores do, and go in turn.
std::vector<PlannedSection> Planner::nodes() const {
  std::vector<PlannedSection> sections;
  if (!cores_are_shared()) sections.push_back(copies({"pod", {}}));
  for (int node = 0; cores_are_shared() && node < static_cast<int>(pod_.nodes.size()); ++node)
    sections.push_back(
        copies({pod_.nodes[static_cast<std::size_t>(node)].name, places_.ranks_of({&node, 1})}));
  if (!shared_by_ranks_.empty()) sections.push_back(shared_memory());
  return sections;
}

PlannedSection Planner::copies(const Part& part) const {
  PlannedCase copy = new_case(Stage::node, "copy", "direct");
  copy.bytes = copied_bytes;
  copy.ranks = ranks_of(part);
  copy.labels["part"] = part.name;
  PlannedSection section = this->section(
      {copy}, 1, operations * static_cast<double>(copied_bytes) / copied_bytes_per_second, part.members);
  section.check = false;  // whose cost is many times the copy's; streams and collectives check what they move
  return section;
}

// All nodes at once or in turn, as they copy.
PlannedSection Planner::shared_memory() const {
  std::vector<PlannedCase> cases;
  if (!cores_are_shared()) cases.push_back(rings(shared_by_ranks_, "pod"));
  for (std::size_t i = 0; cores_are_shared() && i < shared_by_ranks_.size(); ++i) {
    const int node = shared_by_ranks_[i];
    cases.push_back(rings({&node, 1}, pod_.nodes[static_cast<std::size_t>(node)].name));
  }
  const double each_s = operations * static_cast<double>(shared_bytes) / copied_bytes_per_second;
  const double busy_s = each_s * static_cast<double>(cases.size());
  PlannedSection section = this->section(std::move(cases), 1, busy_s);
  section.launch.within_nodes = within_nodes_;
  return section;
}

// Of each node's ranks every one sends to the next.
PlannedCase Planner::rings(std::span<const int> nodes, const std::string& part) const {
  PlannedCase planned = new_case(Stage::node, "flows", "direct");
  planned.transport = within_nodes_;
  planned.labels["part"] = part;
  planned.parameters.window = window;
  planned.bytes = shared_bytes / window;
  const auto all = static_cast<std::size_t>(places_.ranks());
  std::vector<std::uint64_t> counts(all * all);
  for (const int node : nodes) {
    const std::vector<int> ranks = places_.ranks_of({&node, 1});
    for (std::size_t i = 0; i < ranks.size(); ++i) {
      const auto from = static_cast<std::size_t>(ranks[i]);
      const auto to = static_cast<std::size_t>(ranks[(i + 1) % ranks.size()]);
      counts[from * all + to] = planned.bytes;
    }
  }
  planned.parameters.matrix = matrix_of(counts, places_.ranks(), part);
  return planned;
}

PlannedSection Planner::pairs(Stage stage) const {
  PlannedCase latency = new_case(stage, "pairs", "direct");
  latency.bytes = small_bytes;
  PlannedCase rate = new_case(stage, "flows", "direct");
  rate.parameters.window = window;
  rate.bytes = bytes_in(stream_s, window) / window;
  const int rounds = tournament_rounds(places_.ranks());
  return section({latency, rate}, rounds, rounds * (operations * stream_s + 30 * small_operation_s));
}

// Every flow gets bytes in proportion to what it can have of its links while all run, so that all of them end
// at the same moment and no flow is alone at any time.
PlannedCase Planner::streams(Stage stage, std::span<const Flow> flows, const std::string& part) const {
  PlannedCase planned = new_case(stage, "flows", "direct");
  planned.labels["part"] = part;
  planned.parameters.window = window;
  const auto ranks = static_cast<std::size_t>(places_.ranks());
  std::vector<std::uint64_t> counts(ranks * ranks);
  Routes routes(pod_);
  const std::vector<double> rates = fair_rates(routes, flows);
  const double fastest = *std::max_element(rates.begin(), rates.end());
  const double fastest_bytes =
      std::clamp(fastest / 8 * stream_s, static_cast<double>(least_bytes), static_cast<double>(most_bytes));
  for (std::size_t i = 0; i < flows.size(); ++i) {
    const auto from = static_cast<std::size_t>(places_.sender(flows[i]));
    const auto to = static_cast<std::size_t>(places_.receiver(flows[i]));
    const auto count = static_cast<std::uint64_t>(std::llround(rates[i] / fastest * fastest_bytes / window));
    counts[from * ranks + to] = std::max<std::uint64_t>(count, 1);
    planned.bytes = std::max(planned.bytes, counts[from * ranks + to]);
  }
  planned.parameters.matrix = matrix_of(counts, places_.ranks(), part);
  return planned;
}

PlannedSection Planner::links(Stage stage) const {
  std::vector<PlannedCase> cases;
  for (std::size_t set = 0; set < groups_.size(); ++set)
    cases.push_back(streams(stage, groups_[set], fmt::format("set{}", set)));
  for (std::size_t set = 0; set < apart_.size(); ++set)
    cases.push_back(streams(stage, apart_[set], fmt::format("apart{}", set)));
  const double busy_s = operations * stream_s * static_cast<double>(cases.size());
  return section(std::move(cases), 1, busy_s);
}

PlannedSection Planner::second_partners(std::span<const Flow> flows) const {
  std::vector<PlannedCase> cases;
  for (std::size_t i = 0; i < flows.size(); ++i) {
    cases.push_back(streams(Stage::links, flows.subspan(i, 1), fmt::format("again{}", i)));
    cases.back().labels["flow"] = name_of(pod_, flows[i]);
  }
  return section(std::move(cases), 1, operations * stream_s * static_cast<double>(flows.size()));
}

// Each rack, the first half of the racks (of the nodes, where there are none), and all.
std::vector<Planner::Part> Planner::parts() const {
  std::vector<std::vector<int>> racks(pod_.racks.size());
  std::vector<int> half;
  for (std::size_t i = 0; i < pod_.nodes.size(); ++i) {
    const int rack = pod_.nodes[i].rack, node = static_cast<int>(i);
    if (rack >= 0) racks[static_cast<std::size_t>(rack)].push_back(node);
    const bool first_half = racks.size() > 2 ? rack >= 0 && 2 * rack < static_cast<int>(racks.size())
                                             : racks.empty() && 2 * i < pod_.nodes.size();
    if (first_half) half.push_back(node);
  }
  std::vector<Part> parts;
  if (racks.size() > 1)
    for (std::size_t i = 0; i < racks.size(); ++i)
      parts.push_back({pod_.racks[i].name, places_.ranks_of(racks[i])});
  parts.push_back({"racks", places_.ranks_of(half)});
  std::erase_if(parts, [this](const Part& part) {
    return part.members.size() < 2 || part.members.size() == static_cast<std::size_t>(places_.ranks());
  });
  if (places_.ranks() > 1) parts.push_back({"pod", {}});
  return parts;
}

int Planner::ranks_of(const Part& part) const {
  return part.members.empty() ? places_.ranks() : static_cast<int>(part.members.size());
}

PlannedSection Planner::collectives(const Part& part) const {
  const int ranks = ranks_of(part);
  std::vector<PlannedCase> cases;
  for (const Collective& collective : collectives_of_scale)
    for (const bool large : {false, true}) {
      PlannedCase planned = new_case(Stage::scale, collective.pattern,
                                     large ? collective.large_algorithm : collective.small_algorithm);
      planned.ranks = ranks;
      planned.labels["part"] = part.name;
      planned.bytes = large ? bytes_in(collective_s, 64) : small_bytes;
      const Problem problem = problem_of(planned, 0, {});
      const Pattern& pattern = *find_pattern(planned.pattern);
      if (refusal(pattern, *find_algorithm(planned.pattern, planned.algorithm), problem)) continue;
      cases.push_back(std::move(planned));
    }
  const double each_s = operations * (2 * collective_s + std::log2(ranks) * small_operation_s);
  const double busy_s = each_s * static_cast<double>(cases.size()) / 2;
  return section(std::move(cases), 1, busy_s, part.members);
}

PlannedSection Planner::congestion() const {
  std::vector<PlannedCase> cases;
  if (places_.ranks() >= find_pattern("congestion")->least_ranks) {
    PlannedCase congested = new_case(Stage::congestion, "congestion", "direct");
    congested.parameters.window = window;
    congested.bytes = bytes_in(collective_s, window) / window;
    cases.push_back(congested);
  }
  PlannedCase incast = new_case(Stage::congestion, "incast", "direct");
  incast.bytes = bytes_in(2 * collective_s, 64);
  cases.push_back(incast);
  incast.parameters.root = places_.ranks() - 1;
  cases.push_back(incast);
  return section(std::move(cases), 2, operations * 8 * collective_s);
}

}  // namespace podbench::accept
