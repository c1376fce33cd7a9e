// What the ranks of an acceptance are told: everything that the lead needs to plan, measure and judge by
// itself. Thread-safety: values. Errors: RequestError where a text is none.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/accept/stages.hpp"
#include "bench/accept/plan.hpp"
#include "bench/case.hpp"

namespace podbench::accept {

struct AcceptOrder {
  std::string pod_text, pod_source;
  std::vector<Stage> stages;  // in order
  std::string transport, within_nodes;
  std::int64_t soak_ns = 0;
  int most_launches = 40;  // of a stage
  MeasureSettings settings = accept_settings();
  std::string spool_folder;
  std::string launcher;
  std::map<std::string, std::string> node_of_host;  // where hosts are not called as the pod calls its nodes
  bool quiet = false;

  [[nodiscard]] std::string to_json() const;
  [[nodiscard]] static AcceptOrder from_json(const std::string& text);
};

}  // namespace podbench::accept
