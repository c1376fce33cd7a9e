// Stage 2: each node by itself against the fleet: memory, shared memory, what the machine takes away.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "analysis/accept/checks.hpp"
#include "analysis/accept/fleet.hpp"
#include "analysis/accept/flow_sets.hpp"
#include "analysis/accept/stage_judges.hpp"
#include "base/quantity.hpp"

namespace podbench::accept {
namespace {

// Of time that interruptions take from a core: more than this above the fleet's is a node's own trouble,
// however small the fleet's is.
constexpr double noticeable_missing_share = 0.05;
// A tail so many times the fleet's says that something stops the node now and then.
constexpr double noticeable_tail = 2;

// What one figure says of every node: seconds (or a ratio) by launch.
using ByNode = std::map<int, std::vector<double>>;

bool on_one_node(std::span<const Place> places, int ranks) {
  return std::all_of(places.begin(), places.begin() + ranks,
                     [&](const Place& place) { return place.node == places.front().node; });
}

// A node's time in a launch is that of its slowest rank.
template <typename Time>
void add_ranks(const RunView& view, const CaseRecord& record, Time time, ByNode& by_node) {
  const auto places = view.places(record.launch);
  std::map<int, double> slowest;
  for (std::size_t rank = 0; rank < static_cast<std::size_t>(record.key.ranks); ++rank)
    if (const double value = time(rank); value > 0) {
      double& most = slowest[places[rank].node];
      most = std::max(most, value);
    }
  for (const auto& [node, value] : slowest) by_node[node].push_back(value);
}

// What one measurement says of every node: its time, and how far its tail is from it.
struct Figures {
  ByNode times, tails;
};

// Of what a rank has copied or received; 0: nothing.
double slowest_of(std::span<const double> row) {
  double most = 0;
  for (const double value : row)
    if (value > most) most = value;
  return most;
}

void add_record(const RunView& view, const CaseRecord& record, Figures& figures) {
  const auto ranks = static_cast<std::size_t>(record.key.ranks);
  if (record.matrix.size() == ranks * ranks) {
    const auto slowest = [&](const std::vector<double>& matrix, std::size_t rank) {
      return matrix.size() == ranks * ranks ? slowest_of(std::span(matrix).subspan(rank * ranks, ranks)) : 0;
    };
    add_ranks(
        view, record, [&](std::size_t rank) { return slowest(record.matrix, rank) / 1e9; }, figures.times);
    add_ranks(
        view, record,
        [&](std::size_t rank) { return slowest(record.matrix_p99, rank) / slowest(record.matrix, rank); },
        figures.tails);
  } else if (on_one_node(view.places(record.launch), record.key.ranks)) {
    if (const double seconds = median_seconds(record); seconds > 0)
      figures.times[view.places(record.launch).front().node].push_back(seconds);
  } else if (record.exit_ns.size() == ranks && record.entry_ns.size() == ranks) {
    add_ranks(
        view, record,
        [&](std::size_t rank) {
          return (static_cast<double>(record.exit_ns[rank]) - static_cast<double>(record.entry_ns[rank])) /
                 1e9;
        },
        figures.times);
  }
}

// "copy 32MiB"; of what ranks send each other, over what: "shm 4MiB".
std::string what_of(const CaseRecord& record) {
  const bool sent = !option(record, "matrix").empty();
  return fmt::format("{} {}", sent ? record.key.transport : record.key.pattern,
                     format_bytes(record.key.bytes));
}

// By what was measured: the same of several nodes may be one case or one of each.
std::map<std::string, Figures> figures_of(const RunView& view) {
  std::map<std::string, Figures> all;
  for (const CaseRecord* record : view.records(Stage::node))
    if (has_figures(*record)) add_record(view, *record, all[what_of(*record)]);
  return all;
}

class Nodes {
 public:
  explicit Nodes(const RunView& view) : view_(view) { report_.stage = Stage::node; }

  StageReport report() {
    std::set<int> measured;
    for (const auto& [what, figures] : figures_of(view_)) {
      for (const auto& [node, values] : figures.times) measured.insert(node);
      judge(what, "s", view_.pod().limits.node_distance, figures.times, "takes");
      judge(what + " p99 / median", "ratio", noticeable_tail - 1, figures.tails,
            "says that it is stopped now and then:");
    }
    if (view_.records(Stage::node).empty()) return std::move(report_);
    judge_noise();
    report_.coverage.push_back({"nodes", measured.size(), view_.pod().nodes.size()});
    return std::move(report_);
  }

 private:
  // Higher is worse.
  void judge(const std::string& what, const std::string& unit, double relative, const ByNode& values,
             const std::string& verb) {
    if (values.size() < 2) return;
    std::vector<FleetMember> members;
    for (const auto& [node, by_launch] : values) members.push_back(member_of({node}, by_launch));
    const Fleet fleet = fleet_of(members);
    const double limit = std::exp(fleet.limit(relative));
    smallest_ = std::max(smallest_, unit == "s" ? limit / std::exp(fleet.centre) - 1 : 0);
    for (const auto& [node, by_launch] : values) {
      Check check =
          check_of({view_.name(node), what, unit, Limit::at_most, limit, "fleet's median"}, by_launch);
      if (check.outcome == Outcome::fail)
        blame(node, check.measured / std::exp(fleet.centre),
              fmt::format("{} {} {}, the fleet's median {}", what, verb, number_text(check.measured, unit),
                          number_text(std::exp(fleet.centre), unit)));
      report_.checks.push_back(std::move(check));
    }
    if (smallest_ > 0)
      report_.smallest_caught =
          fmt::format("a node that takes {} longer than the others", percent_text(smallest_));
  }

  // Time missing from each second, in all readings of the run. There are a few only: they accuse where all of
  // them agree, and excuse where one is good.
  void judge_noise() {
    constexpr std::string_view figure = ".missing_ns_per_second";
    std::map<int, double> least;
    for (const NodeRecord& record : view_.run().nodes) {
      const int node = view_.node(record.node);
      if (node < 0) continue;
      for (const auto& [name, value] : record.attributes) {
        if (name.find("noise.") == std::string::npos || !name.ends_with(figure)) continue;
        double missing_ns = 0;
        if (std::from_chars(value.data(), value.data() + value.size(), missing_ns).ec != std::errc())
          continue;
        const auto [place, fresh] = least.try_emplace(node, missing_ns / 1e9);
        place->second = std::min(place->second, missing_ns / 1e9);
      }
    }
    if (least.size() < 2) return;
    if (view_.cores_are_shared()) {
      report_.notes.push_back(
          "nodes share cores: what takes time from one is the others, and the noise test judges nobody");
      return;
    }
    std::vector<FleetMember> members;
    for (const auto& [node, share] : least) members.push_back({{node}, share});
    const double usual = fleet_of(members).centre;
    if (usual > noticeable_missing_share) {
      report_.notes.push_back(
          fmt::format("something takes {} of a core's time on the usual node: the noise test "
                      "judges nobody on machines that are that busy",
                      percent_text(usual)));
      return;
    }
    const double limit = usual + noticeable_missing_share;
    for (const auto& [node, share] : least) {
      const bool good = share <= limit;
      const std::string evidence =
          fmt::format("something takes {} of a core's time, the fleet's median is {}", percent_text(share),
                      percent_text(usual));
      Check check = plain_check(view_.name(node), "missing time", good ? Outcome::pass : Outcome::fail,
                                "fleet's median", evidence);
      check.unit = "ratio", check.limit = limit, check.measured = check.bound = share, check.launches = 1;
      if (!good) blame(node, 1 / std::max(1 - share, 1e-3), evidence);
      report_.checks.push_back(std::move(check));
    }
  }

  void blame(int node, double effect, const std::string& evidence) {
    if (blamed_nodes(report_).contains(node)) return;
    report_.culprits.push_back({blame_of_node(node, Way::both, effect, 1),
                                fmt::format("node {}, slow CPU or memory: {}", view_.name(node), evidence),
                                true});
  }

  const RunView& view_;
  StageReport report_;
  double smallest_ = 0;
};

}  // namespace

StageReport judge_nodes(const RunView& view) {
  return Nodes(view).report();
}

std::set<int> blamed_nodes(const StageReport& report) {
  std::set<int> nodes;
  for (const Culprit& culprit : report.culprits)
    if (const auto& suspects = culprit.blame.suspects;
        suspects.size() == 1 && suspects.front().suspect.kind == SuspectKind::node)
      nodes.insert(suspects.front().suspect.index);
  return nodes;
}

Blame blame_of_node(int node, Way way, double effect, double confidence) {
  Blame blame;
  blame.suspects = {{{SuspectKind::node, way, node}, effect, confidence}};
  blame.confidence = confidence;
  blame.effect_lo = blame.effect_hi = effect;
  return blame;
}

}  // namespace podbench::accept
