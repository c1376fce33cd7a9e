#include "analysis/accept/run_view.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/statistics.hpp"
#include "base/error.hpp"

namespace podbench::accept {
namespace {

const std::string& host_of(const Run& run, int launch, std::size_t rank) {
  return std::find_if(run.launches.begin(), run.launches.end(),
                      [&](const LaunchRecord& record) { return record.launch == launch; })
      ->hosts[rank];
}

}  // namespace

RunView::RunView(const Run& run, const Pod& pod) : run_(run), pod_(pod) {
  for (std::size_t n = 0; n < pod.nodes.size(); ++n) nodes_.emplace(pod.nodes[n].name, static_cast<int>(n));
  read_hosts();
  read_cases();
}

void RunView::read_hosts() {
  for (const LaunchRecord& launch : run_.launches) {
    std::vector<Place>& places = places_[launch.launch];
    places.clear();
    std::map<int, int> ranks_on;
    for (const std::string& host : launch.hosts) {
      const int here = node(host);
      places.push_back({here, here < 0 ? 0 : ranks_on[here]++});
    }
  }
}

void RunView::read_cases() {
  for (const CaseRecord& record : run_.cases) {
    const std::string_view stage = option(record, "stage");
    if (stage.empty()) continue;
    records_[parse_stage(stage)].push_back(&record);
    const auto ranks = static_cast<std::size_t>(std::max(record.key.ranks, 0));
    const auto found = places_.find(record.launch);
    if (record.status == CaseStatus::failed) continue;
    if (ranks == 0 || found == places_.end() || found->second.size() < ranks)
      throw RequestError(
          fmt::format("launch {} of the run does not say on which nodes its ranks were", record.launch));
    for (std::size_t rank = 0; rank < ranks; ++rank)
      if (found->second[rank].node < 0)
        throw RequestError(fmt::format("{}, where rank {} of launch {} was, is no node of {}",
                                       host_of(run_, record.launch, rank), rank, record.launch, pod_.source));
  }
  if (records_.empty() && std::none_of(run_.nodes.begin(), run_.nodes.end(),
                                       [&](const NodeRecord& record) { return node(record.node) >= 0; }))
    throw RequestError(
        fmt::format("the run is no acceptance of {}: it has no case of a stage and none of its "
                    "nodes; `podbench accept` makes one",
                    pod_.source));
  for (auto& [stage, records] : records_)
    std::stable_sort(records.begin(), records.end(),
                     [](const CaseRecord* a, const CaseRecord* b) { return a->launch < b->launch; });
}

bool RunView::cores_are_shared() const {
  return std::any_of(run_.nodes.begin(), run_.nodes.end(), [](const NodeRecord& node) {
    const auto found = node.attributes.find("cpu.shared_cores");
    return found != node.attributes.end() && found->second == "1";
  });
}

std::span<const Place> RunView::places(int launch) const {
  const auto found = places_.find(launch);
  return found == places_.end() ? std::span<const Place>() : found->second;
}

int RunView::node(std::string_view host) const {
  const auto exact = nodes_.find(host);
  if (exact != nodes_.end()) return exact->second;
  const auto by_short_name = nodes_.find(host.substr(0, host.find('.')));
  return by_short_name == nodes_.end() ? -1 : by_short_name->second;
}

std::string RunView::name(int node, int rail) const {
  const auto ports = pod_.nodes[static_cast<std::size_t>(node)].ports.size();
  return ports < 2 ? name(node) : fmt::format("{}:{}", name(node), static_cast<std::size_t>(rail) % ports);
}

std::string RunView::name(const Flow& flow) const {
  return name(flow.from_node, flow.from_rail) + " > " + name(flow.to_node, flow.to_rail);
}

const std::vector<const CaseRecord*>& RunView::records(Stage stage) const {
  static const std::vector<const CaseRecord*> none;
  const auto found = records_.find(stage);
  return found == records_.end() ? none : found->second;
}

std::vector<CaseSeries> RunView::series(Stage stage) const {
  std::vector<CaseSeries> all;
  std::map<std::uint64_t, std::size_t> place_of;
  for (const CaseRecord* record : records(stage)) {
    if (!has_figures(*record)) continue;
    const auto [place, fresh] = place_of.try_emplace(record->key.series_id(), all.size());
    if (fresh) all.push_back({record->key, {}});
    all[place->second].launches.push_back(record);
  }
  return all;
}

std::string_view option(const CaseKey& key, std::string_view name) {
  const auto found = key.options.find(std::string(name));
  return found == key.options.end() ? std::string_view() : std::string_view(found->second);
}

std::string_view option(const CaseRecord& record, std::string_view name) {
  return option(record.key, name);
}

bool has_figures(const CaseRecord& record) {
  const bool whole = record.status == CaseStatus::good || record.status == CaseStatus::not_converged ||
                     record.status == CaseStatus::contended;
  return whole && (!record.samples_ns.empty() || !record.matrix.empty());
}

double median_seconds(const CaseRecord& record) {
  std::vector<double> times = operation_times_ns(record);
  std::sort(times.begin(), times.end());
  return quantile(times, 0.5) / 1e9;
}

}  // namespace podbench::accept
