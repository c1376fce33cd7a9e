// What each stage of an acceptance measures: its cases, their sizes, which ranks take part, and how long that
// should take. docs/accepting.md says why it is these.
//
// Sizes follow from the declared rates, so that an operation takes about as long on any pod, and the number
// of operations does not depend on the number of nodes but for the rounds of the tournament, N - 1 of them.
// Thread-safety: values; a Planner belongs to one thread. Units: in the names. Errors: RequestError.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analysis/accept/stages.hpp"
#include "bench/accept/places.hpp"
#include "bench/case.hpp"

namespace podbench::accept {

// One planned launch of an acceptance. All its cases have series of one length.
struct PlannedSection {
  PlannedLaunch launch;               // launch and replicate are set when it is run
  std::int64_t time_per_case_ns = 0;  // for MeasureSettings
  bool check = true;                  // the data
  std::int64_t expected_ns = 0;       // of the whole section, on a healthy pod
};

// How an acceptance measures: few operations a launch, for launches are what is counted.
[[nodiscard]] MeasureSettings accept_settings();

class Planner {
 public:
  // `pod` outlives it. `within_nodes` is the transport between the ranks of a node, where it has several.
  Planner(const Pod& pod, std::string transport, std::string within_nodes, Places places);

  // One replicate of a stage, empty for inventory.
  [[nodiscard]] std::vector<PlannedSection> replicate(Stage stage) const;

  // Each flow alone, of the links stage.
  [[nodiscard]] PlannedSection second_partners(std::span<const Flow> flows) const;

  [[nodiscard]] const Places& places() const { return places_; }

 private:
  struct Part {
    std::string name;
    std::vector<int> members;  // ranks; empty: all
  };
  [[nodiscard]] int ranks_of(const Part& part) const;
  [[nodiscard]] PlannedSection section(std::vector<PlannedCase> cases, int series, double busy_s,
                                       std::vector<int> members = {}) const;
  [[nodiscard]] PlannedCase new_case(Stage stage, std::string pattern, std::string algorithm) const;
  [[nodiscard]] PlannedCase streams(Stage stage, std::span<const Flow> flows, const std::string& part) const;
  [[nodiscard]] PlannedSection pairs(Stage stage) const;
  [[nodiscard]] PlannedSection links(Stage stage) const;
  [[nodiscard]] PlannedSection collectives(const Part& part) const;
  [[nodiscard]] std::vector<Part> parts() const;
  [[nodiscard]] std::vector<PlannedSection> nodes() const;
  [[nodiscard]] PlannedSection copies(const Part& part) const;
  [[nodiscard]] PlannedSection shared_memory() const;
  [[nodiscard]] PlannedCase rings(std::span<const int> nodes, const std::string& part) const;
  [[nodiscard]] PlannedSection congestion() const;
  // Bytes that a port moves in so many seconds, a multiple of `multiple`.
  [[nodiscard]] std::uint64_t bytes_in(double seconds, std::uint64_t multiple) const;

  const Pod& pod_;
  std::string transport_, within_nodes_;
  Places places_;
  double port_rate_bytes_per_second_ = 0;          // of the slowest port
  std::vector<std::vector<Flow>> groups_, apart_;  // of the links stage
  std::vector<int> shared_by_ranks_;               // nodes of several ports, so of several ranks
};

}  // namespace podbench::accept
