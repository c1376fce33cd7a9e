// An acceptance's run beside its pod: who was where, and which records belong together.
// Thread-safety: values; pure. Lifetime: refers to the run and the pod. Errors: RequestError where the run is
// no acceptance of this pod.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/accept/stages.hpp"
#include "analysis/pod/pod.hpp"
#include "analysis/pod/routes.hpp"
#include "results/record.hpp"

namespace podbench::accept {

// A rank's port: node and rail.
struct Place {
  int node = -1, rail = 0;
};

// A case in all of its launches, in their order; only records with something measured in them.
struct CaseSeries {
  CaseKey key;
  std::vector<const CaseRecord*> launches;
};

class RunView {
 public:
  RunView(const Run& run, const Pod& pod);

  [[nodiscard]] const Run& run() const noexcept { return run_; }
  [[nodiscard]] const Pod& pod() const noexcept { return pod_; }

  // Whether ranks share cores on some node: there the scheduler decides what is short.
  [[nodiscard]] bool cores_are_shared() const;
  // By rank.
  [[nodiscard]] std::span<const Place> places(int launch) const;
  [[nodiscard]] std::span<const Place> places(const CaseSeries& series) const {
    return places(series.launches.front()->launch);
  }
  // −1: not a node of the pod.
  [[nodiscard]] int node(std::string_view host) const;
  [[nodiscard]] const std::string& name(int node) const {
    return pod_.nodes[static_cast<std::size_t>(node)].name;
  }
  // "n03", "n03:1" where it has several ports.
  [[nodiscard]] std::string name(int node, int rail) const;
  [[nodiscard]] std::string name(const Flow& flow) const;

  // Every record of the stage, whatever became of it.
  [[nodiscard]] const std::vector<const CaseRecord*>& records(Stage stage) const;
  [[nodiscard]] std::vector<CaseSeries> series(Stage stage) const;

 private:
  void read_hosts();
  void read_cases();

  const Run& run_;
  const Pod& pod_;
  std::map<std::string, int, std::less<>> nodes_;
  std::map<int, std::vector<Place>> places_;
  std::map<Stage, std::vector<const CaseRecord*>> records_;
};

// An option of the case's key; empty where there is none.
[[nodiscard]] std::string_view option(const CaseRecord& record, std::string_view name);
[[nodiscard]] std::string_view option(const CaseKey& key, std::string_view name);

// Whether it was measured to its end.
[[nodiscard]] bool has_figures(const CaseRecord& record);

// The median of one operation, s.
[[nodiscard]] double median_seconds(const CaseRecord& record);

}  // namespace podbench::accept
