// The doctor's checks, grouped in files by what they look at. Internal to bench/machine.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "bench/machine/doctor.hpp"

namespace podbench {

// Collects one node's findings.
class Findings {
 public:
  explicit Findings(std::string node) : node_(std::move(node)) {}
  void add(Severity severity, std::string id, std::string what, std::string effect, std::string mend) {
    all_.push_back({node_, std::move(id), severity, std::move(what), std::move(effect), std::move(mend)});
  }
  [[nodiscard]] std::vector<MachineFinding> take() { return std::move(all_); }

 private:
  std::string node_;
  std::vector<MachineFinding> all_;
};

void check_processor(const Examination& node, Findings& findings);
void check_others(const Examination& node, Findings& findings);  // what shares the processors
void check_memory(const Examination& node, Findings& findings);
void check_limits(const Examination& node, Findings& findings);
void check_network(const Examination& node, Findings& findings);

}  // namespace podbench
