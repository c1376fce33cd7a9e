// Which ranks begin late and which end last: skew told apart from slowness.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/report/run/parts.hpp"
#include "analysis/statistics.hpp"

namespace podbench::report {
namespace {

constexpr std::size_t most_rows = 40;
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

bool has_ranks(const CaseRecord& record) {
  const auto ranks = static_cast<std::size_t>(record.key.ranks);
  return ranks > 1 && record.entry_ns.size() == ranks && record.exit_ns.size() == ranks;
}

// By rank: what the launches and cases of one number of ranks say.
struct ByRank {
  std::vector<std::vector<double>> entry, exit;
  void see(const CaseRecord& record) {
    entry.resize(record.entry_ns.size());
    exit.resize(record.exit_ns.size());
    const std::uint64_t first = *std::min_element(record.exit_ns.begin(), record.exit_ns.end());
    for (std::size_t rank = 0; rank < entry.size(); ++rank) {
      entry[rank].push_back(static_cast<double>(record.entry_ns[rank]));
      exit[rank].push_back(static_cast<double>(record.exit_ns[rank] - first));
    }
  }
};

Curve quartile_curve(const std::string& label, std::vector<std::vector<double>> by_rank) {
  Curve curve{.label = label, .x = {}, .y = {}, .points_only = true};
  for (std::size_t rank = 0; rank < by_rank.size(); ++rank) {
    std::sort(by_rank[rank].begin(), by_rank[rank].end());
    curve.x.push_back(static_cast<double>(rank));
    curve.y.push_back(quantile(by_rank[rank], 0.5));
    curve.lo.push_back(quantile(by_rank[rank], 0.25));
    curve.hi.push_back(quantile(by_rank[rank], 0.75));
  }
  return curve;
}

// Later than the first rank to end, in percent of the case's median; launches' median.
std::vector<double> relative_lateness(const ShownCase& one, std::size_t ranks) {
  std::vector<double> late(ranks, nothing);
  for (std::size_t rank = 0; rank < static_cast<std::size_t>(one.summary->key.ranks); ++rank) {
    std::vector<double> launches;
    for (const CaseRecord* record : one.records) {
      if (!has_ranks(*record)) continue;
      const std::uint64_t first = *std::min_element(record->exit_ns.begin(), record->exit_ns.end());
      const double operations = record->operations_per_sample * record->time_divisor;
      launches.push_back(100 * static_cast<double>(record->exit_ns[rank] - first) / operations /
                         one.summary->p50_ns);
    }
    std::sort(launches.begin(), launches.end());
    late[rank] = quantile(launches, 0.5);
  }
  return late;
}

struct Row {
  std::string label;
  std::vector<double> late;
  double worst = 0;
};

std::vector<Row> latest_first(const std::vector<ShownCase>& cases, std::size_t ranks) {
  std::vector<Row> rows;
  const auto keys = differing_keys(cases);
  for (const ShownCase& one : cases) {
    Row row{label_of(one, keys), relative_lateness(one, ranks)};
    for (const double late : row.late) row.worst = std::max(row.worst, std::isfinite(late) ? late : 0);
    rows.push_back(std::move(row));
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.worst > b.worst; });
  return rows;
}

void add_case_map(Page& page, const std::vector<ShownCase>& cases, std::size_t ranks) {
  std::vector<Row> rows = latest_first(cases, ranks);
  const bool all = rows.size() <= most_rows;
  if (!all) rows.resize(most_rows);
  HeatMap map{.title = "Ending after the first rank, by case",
              .note = "In percent of the case's median time; median over launches.",
              .rows = {},
              .columns = {},
              .values = {},
              .unit = Unit::percent};
  if (!all) map.note += fmt::format(" The {} cases with the latest ranks, of {}.", most_rows, cases.size());
  for (std::size_t rank = 0; rank < ranks; ++rank) map.columns.push_back(std::to_string(rank));
  for (Row& row : rows) {
    map.rows.push_back(row.label.empty() ? "the case" : row.label);
    map.values.insert(map.values.end(), row.late.begin(), row.late.end());
  }
  page.add(std::move(map));
}

}  // namespace

void add_lateness(Page& page, const std::vector<ShownCase>& cases) {
  std::map<int, ByRank> by_ranks;
  std::vector<ShownCase> with;
  std::size_t most_ranks = 0;
  for (const ShownCase& one : cases) {
    bool any = false;
    for (const CaseRecord* record : one.records) {
      if (!has_ranks(*record)) continue;
      by_ranks[record->key.ranks].see(*record);
      any = true;
    }
    if (!any) continue;
    with.push_back(one);
    most_ranks = std::max(most_ranks, static_cast<std::size_t>(one.summary->key.ranks));
  }
  if (with.empty()) return;
  page.section("Ranks",
               "Which ranks begin late, and which end last. A rank that both begins and ends late was kept "
               "from starting; "
               "one that only ends late is slow, or waits for one that is.");
  Chart entries{.title = "Beginning after the common start",
                .note = "Median over cases and launches, and the quartiles.",
                .x = {"rank", Unit::count, false},
                .y = {"time of a sample", Unit::time_ns, false},
                .curves = {}};
  Chart exits = entries;
  exits.title = "Ending after the first rank";
  for (const auto& [ranks, times] : by_ranks) {
    const std::string label = fmt::format("{} ranks", ranks);
    entries.curves.push_back(quartile_curve(label, times.entry));
    exits.curves.push_back(quartile_curve(label, times.exit));
  }
  page.add(std::move(entries));
  page.add(std::move(exits));
  add_case_map(page, with, most_ranks);
}

}  // namespace podbench::report
