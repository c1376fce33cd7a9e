// What a judging command found, in the forms that people's other tools read: JUnit for CI, OpenMetrics for
// monitoring, JSON for scripts, and the exit code. compare, ab, track and accept all end in Findings.
// Thread-safety: values and pure functions. Units: in the measures' names.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace podbench {

enum class Outcome : std::uint8_t { pass, fail, inconclusive, skipped };
[[nodiscard]] std::string_view name_of(Outcome outcome);

// A number behind a finding. `name` is snake_case with the unit last, in base units of OpenMetrics: seconds,
// bytes_per_second, ratio.
struct Measure {
  std::string name;
  double value = 0;  // NaN or infinite: left out of OpenMetrics, null in JSON
};

// One thing that was judged: a case, a series, a link.
struct Finding {
  std::string name;   // "allreduce/ring/shm/float32/1MiB/ranks:4"
  std::string group;  // what JUnit calls the class: the pattern, the stage
  Outcome outcome = Outcome::pass;
  std::string verdict;  // the command's own word: "slower", "equivalent", "step up"
  std::string text{};   // the evidence in one line
  std::vector<std::pair<std::string, std::string>> labels{};  // what else says which one it is
  std::vector<Measure> measures{};
};

struct Findings {
  std::string command;             // "compare"
  std::string title;               // one line for people
  std::vector<std::string> notes;  // what limits all of them: unlike environments, missing cases
  std::vector<Finding> findings;
};

// fail anywhere: check_failed; else inconclusive anywhere: inconclusive; else good.
[[nodiscard]] ExitCode exit_code(const Findings& findings);

// A document each, ended by a line break.
[[nodiscard]] std::string junit(const Findings& findings);
// Gauges podbench_COMMAND_MEASURE and podbench_COMMAND_outcome (0 pass, 1 fail, 2 inconclusive, 3 skipped).
[[nodiscard]] std::string openmetrics(const Findings& findings);
// {"command", "title", "notes", "findings": [{name, group, outcome, verdict, text, labels…, measures…}]}; a
// command adds what is its own to the object before it is dumped (document.hpp).
[[nodiscard]] nlohmann::ordered_json findings_object(const Findings& findings);
// A heading line and a line a finding; the columns are the union of labels and measures.
[[nodiscard]] std::string findings_csv(const Findings& findings);

}  // namespace podbench
