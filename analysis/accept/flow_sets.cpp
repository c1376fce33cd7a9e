#include "analysis/accept/flow_sets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/statistics.hpp"
#include "patterns/stress/tournament.hpp"

namespace podbench::accept {
namespace {

using Ranks = std::pair<std::size_t, std::size_t>;  // sender, receiver

double entry(const std::vector<double>& matrix, std::size_t ranks, std::size_t row, std::size_t column) {
  return matrix.size() == ranks * ranks ? matrix[row * ranks + column]
                                        : std::numeric_limits<double>::quiet_NaN();
}

Flow flow_of(std::span<const Place> places, const Ranks& ends) {
  const Place &from = places[ends.first], &to = places[ends.second];
  return {from.node, to.node, from.rail, to.rail, 0};
}

// The streams of one set, as ranks: whatever some launch measured.
std::vector<Ranks> measured_streams(const CaseSeries& series) {
  std::vector<Ranks> streams;
  const auto ranks = static_cast<std::size_t>(series.key.ranks);
  for (std::size_t to = 0; to < ranks; ++to)
    for (std::size_t from = 0; from < ranks; ++from)
      if (std::any_of(series.launches.begin(), series.launches.end(), [&](const CaseRecord* record) {
            return std::isfinite(entry(record->matrix, ranks, to, from));
          }))
        streams.emplace_back(from, to);
  return streams;
}

std::vector<Ranks> round_streams(int ranks, int round) {
  std::vector<Ranks> streams;
  for (int rank = 0; rank < ranks; ++rank)
    if (const int partner = tournament_partner(ranks, round, rank); partner >= 0)
      streams.emplace_back(static_cast<std::size_t>(partner), static_cast<std::size_t>(rank));
  return streams;
}

int hops_of(Routes& routes, const Flow& flow) {
  double hops = 0;
  for (const ArcLoad& load : routes.of(flow)) hops += load.share;
  return static_cast<int>(std::lround(hops));
}

// `seconds`: of one launch, with the place of the time in the matrix.
template <typename Seconds, typename Tail>
FlowSetSeries set_of(const RunView& view, Routes& routes, const CaseSeries& series, std::string name,
                     const std::vector<Ranks>& streams, Seconds seconds, Tail tail) {
  const std::string_view part = option(series.key, "part");
  FlowSetSeries set{std::move(name), part.starts_with("again"), part.starts_with("apart"), {}};
  const auto places = view.places(series);
  std::vector<Flow> flows;
  std::vector<Ranks> over_network;
  for (const Ranks& ends : streams)
    if (places[ends.first].node != places[ends.second].node) {
      flows.push_back(flow_of(places, ends));
      over_network.push_back(ends);
    }
  const std::vector<double> fair = fair_rates(routes, flows);
  const std::vector<double> assured = assured_rates(routes, flows, fair);
  for (std::size_t f = 0; f < flows.size(); ++f) {
    const bool one_path = has_one_path(routes.of(flows[f]));
    FlowSeries one{flows[f], hops_of(routes, flows[f]), one_path, fair[f], assured[f], {}, {}, {}};
    for (const CaseRecord* record : series.launches) {
      const double time = seconds(*record, over_network[f]);
      if (!(time > 0)) continue;
      one.seconds.push_back(time);
      const double tail_time = tail(*record, over_network[f]);
      if (tail_time > 0) one.tail.push_back(tail_time / time);
    }
    if (!one.seconds.empty()) set.flows.push_back(std::move(one));
  }
  return set;
}

// Bits of a stream over its time; in a set of planned flows each has bytes in proportion to its fair share.
void find_rates(const CaseSeries& series, bool planned, std::size_t streams, FlowSetSeries& set) {
  double all_fair = 0;
  for (const FlowSeries& flow : set.flows) all_fair += flow.expected_bits_per_second;
  const double moved_bits = 8 * static_cast<double>(series.launches.front()->moved_bytes);
  for (FlowSeries& flow : set.flows) {
    const double bits =
        moved_bits * (planned ? flow.expected_bits_per_second / all_fair : 1 / static_cast<double>(streams));
    for (const double time : flow.seconds) flow.bits_per_second.push_back(bits / time);
  }
}

auto receivers_time(std::vector<double> CaseRecord::*matrix, std::size_t ranks) {
  return [=](const CaseRecord& record, const Ranks& ends) {
    return entry(record.*matrix, ranks, ends.second, ends.first) / 1e9;
  };
}

// Whoever sends first sees the whole round trip: the lower rank.
auto first_senders_time(std::vector<double> CaseRecord::*matrix, std::size_t ranks) {
  return [=](const CaseRecord& record, const Ranks& ends) {
    return entry(record.*matrix, ranks, std::min(ends.first, ends.second),
                 std::max(ends.first, ends.second)) /
           1e9;
  };
}

}  // namespace

std::vector<FlowSetSeries> stream_sets(const RunView& view, Stage stage) {
  std::vector<FlowSetSeries> sets;
  Routes routes(view.pod());
  for (const CaseSeries& series : view.series(stage)) {
    if (series.key.pattern != "flows") continue;
    const auto ranks = static_cast<std::size_t>(series.key.ranks);
    const bool planned = !option(series.key, "matrix").empty();
    const auto add = [&](std::string name, const std::vector<Ranks>& streams, std::size_t all_streams) {
      FlowSetSeries set =
          set_of(view, routes, series, std::move(name), streams, receivers_time(&CaseRecord::matrix, ranks),
                 receivers_time(&CaseRecord::matrix_p99, ranks));
      find_rates(series, planned, all_streams, set);
      if (!set.flows.empty()) sets.push_back(std::move(set));
    };
    if (planned) {
      const std::vector<Ranks> streams = measured_streams(series);
      add(std::string(option(series.key, "part")), streams, streams.size());
      continue;
    }
    for (int round = 0; round < tournament_rounds(series.key.ranks); ++round)
      add(fmt::format("round {}", round), round_streams(series.key.ranks, round), 2 * (ranks / 2));
  }
  return sets;
}

std::vector<FlowSetSeries> ping_pong_sets(const RunView& view, Stage stage) {
  std::vector<FlowSetSeries> sets;
  Routes routes(view.pod());
  for (const CaseSeries& series : view.series(stage)) {
    if (series.key.pattern != "pairs") continue;
    const auto ranks = static_cast<std::size_t>(series.key.ranks);
    for (int round = 0; round < tournament_rounds(series.key.ranks); ++round) {
      FlowSetSeries set = set_of(
          view, routes, series, fmt::format("round {}", round), round_streams(series.key.ranks, round),
          first_senders_time(&CaseRecord::matrix, ranks), first_senders_time(&CaseRecord::matrix_p99, ranks));
      if (!set.flows.empty()) sets.push_back(std::move(set));
    }
  }
  return sets;
}

}  // namespace podbench::accept
