#include "analysis/compare/match.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "analysis/selection.hpp"
#include "base/error.hpp"

namespace podbench::compare {
namespace {

using Identity = std::vector<std::string>;

// One case of one side, over all its files.
struct PooledCase {
  CaseKey key;
  std::vector<LaunchValue> launches;
  std::set<CaseStatus> statuses;
};

using PooledSide = std::map<Identity, PooledCase>;

bool is_time(double ns) {
  return std::isfinite(ns) && ns > 0;
}

void add(PooledCase& pooled, const CaseSummary& summary, std::size_t file) {
  pooled.statuses.insert(summary.status);
  for (const LaunchPoint& point : summary.points)
    if (is_time(point.p50_ns) && is_time(point.p99_ns))
      pooled.launches.push_back({file, point.launch, point.p50_ns, point.p99_ns});
}

PooledSide pool(std::span<const RunSummary> runs, const std::vector<TableCase>& selected,
                const std::vector<std::string>& free_keys, std::string_view option) {
  PooledSide side;
  for (const TableCase& row : selected) {
    const CaseKey& key = row.summary->key;
    const auto [place, is_new] = side.try_emplace(key_without(key, free_keys), PooledCase{key, {}, {}});
    if (!is_new && !(place->second.key == key))
      throw RequestError(fmt::format("{} leaves both {} and {} for one case; select one of them", option,
                                     place->second.key.name(), key.name()));
    add(place->second, *row.summary, static_cast<std::size_t>(row.run - runs.data()));
  }
  return side;
}

std::vector<TableCase> select(std::span<const RunSummary> runs, std::vector<std::string> where,
                              const std::vector<std::string>& also, std::string_view side) {
  where.insert(where.end(), also.begin(), also.end());
  std::vector<TableCase> selected = select_cases(runs, where);
  if (selected.empty())
    throw RequestError(
        fmt::format("no case is left on the {} side; `podbench show` lists what the files hold", side));
  return selected;
}

// The keys of conditions that belong to a case's identity.
void add_keys(const std::vector<std::string>& where, std::vector<std::string>& keys) {
  for (const std::string& condition : where) {
    const KeyColumn& column = find_key(std::string_view(condition).substr(0, condition.find('=')));
    const auto& identity = identity_columns();
    const bool is_new = std::find(keys.begin(), keys.end(), column.name) == keys.end();
    if (is_new && std::find(identity.begin(), identity.end(), &column) != identity.end())
      keys.emplace_back(column.name);
  }
}

bool is_broken(const PooledCase& pooled) {
  return pooled.statuses.contains(CaseStatus::wrong_data) || pooled.statuses.contains(CaseStatus::failed);
}

// The worst that keeps a case from being compared, or "".
std::string obstacle(const PooledCase& pooled, std::string_view side) {
  for (const CaseStatus status : {CaseStatus::wrong_data, CaseStatus::failed, CaseStatus::skipped})
    if (pooled.statuses.contains(status)) return fmt::format("{} in the {} runs", name_of(status), side);
  return pooled.launches.empty() ? fmt::format("no sample in the {} runs", side) : "";
}

std::string remark(const PooledCase& base, const PooledCase& next) {
  std::string note;
  for (const CaseStatus status : {CaseStatus::not_converged, CaseStatus::contended}) {
    const bool in_base = base.statuses.contains(status), in_next = next.statuses.contains(status);
    if (!in_base && !in_next) continue;
    const char* where = in_base && in_next ? "on both sides" : in_base ? "in the base" : "in the new runs";
    note += fmt::format("{}{} {}", note.empty() ? "" : ", ", name_of(status), where);
  }
  return note;
}

auto reading_order(const CaseKey& key) {
  return std::tie(key.pattern, key.datatype, key.op, key.ranks, key.transport, key.algorithm, key.nodes,
                  key.cadence, key.sync, key.buffers, key.options, key.bytes);
}

}  // namespace

std::size_t broken_cases(const Matching& matching) {
  return static_cast<std::size_t>(std::count_if(matching.left_out.begin(), matching.left_out.end(),
                                                [](const LeftOutCase& one) { return one.broken; }));
}

const std::vector<const KeyColumn*>& identity_columns() {
  static const std::vector<const KeyColumn*> columns = [] {
    const std::set<std::string_view> others = {"run", "started", "pod", "status"};
    std::vector<const KeyColumn*> identity;
    for (const KeyColumn& column : key_columns())
      if (!others.contains(column.name)) identity.push_back(&column);
    return identity;
  }();
  return columns;
}

std::string key_text(const KeyColumn& column, const CaseKey& key) {
  static const RunSummary no_run{};
  CaseSummary summary;
  summary.key = key;
  return column.text({&no_run, &summary});
}

std::vector<std::string> key_without(const CaseKey& key, std::span<const std::string> names) {
  Identity identity;
  for (const KeyColumn* column : identity_columns())
    if (std::find(names.begin(), names.end(), column->name) == names.end())
      identity.push_back(key_text(*column, key));
  return identity;
}

std::string MatchedCase::name() const {
  std::string name = base_key.name();
  if (base_key == next_key) return name;
  std::string others;
  for (const KeyColumn* column : identity_columns())
    if (const std::string other = key_text(*column, next_key); other != key_text(*column, base_key))
      others += fmt::format("{}{} {}", others.empty() ? "" : ", ", column->name, other);
  return fmt::format("{} against {}", name, others);
}

Matching match(std::span<const RunSummary> base, std::span<const RunSummary> next,
               const Selection& selection) {
  Matching result;
  add_keys(selection.base, result.selected_by);
  add_keys(selection.next, result.selected_by);
  const PooledSide side_a =
      pool(base, select(base, selection.both, selection.base, "base"), result.selected_by, "--base-where");
  const PooledSide side_b =
      pool(next, select(next, selection.both, selection.next, "new"), result.selected_by, "--vs-where");
  for (const auto& [identity, pooled] : side_a) {
    const auto other = side_b.find(identity);
    if (other == side_b.end()) {
      result.only_base.push_back(pooled.key.name());
      continue;
    }
    MatchedCase matched{pooled.key, other->second.key, pooled.launches, other->second.launches,
                        remark(pooled, other->second)};
    const std::string in_base = obstacle(pooled, "base"), in_next = obstacle(other->second, "new");
    if (!in_base.empty())
      result.left_out.push_back({matched.name(), in_base});
    else if (!in_next.empty())
      result.left_out.push_back({matched.name(), in_next, is_broken(other->second)});
    else
      result.cases.push_back(std::move(matched));
  }
  for (const auto& [identity, pooled] : side_b)
    if (!side_a.contains(identity)) result.only_next.push_back(pooled.key.name());
  std::sort(result.cases.begin(), result.cases.end(), [](const MatchedCase& a, const MatchedCase& b) {
    return reading_order(a.base_key) < reading_order(b.base_key);
  });
  return result;
}

}  // namespace podbench::compare
