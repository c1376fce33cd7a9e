// What the doctor found, as a value that travels between nodes and prints for people and programs.
// Thread-safety: values. Errors: RequestError for JSON that holds no findings.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace podbench {

enum class Severity : std::uint8_t {
  info,     // worth knowing when numbers are compared
  warning,  // makes numbers worse or less steady
  problem,  // makes numbers wrong, or something not run at all
};
[[nodiscard]] std::string_view name_of(Severity severity) noexcept;

struct MachineFinding {
  std::string node;
  std::string id;  // "governor": short, stable
  Severity severity = Severity::info;
  std::string what;    // one sentence with the value found
  std::string effect;  // what that does to numbers
  std::string mend;    // a command, or what to ask for where no command helps
  friend bool operator==(const MachineFinding&, const MachineFinding&) = default;
};

// Worst first; otherwise in the order given.
void sort_findings(std::vector<MachineFinding>& findings);

// For people: equal findings of several nodes are told once, with the nodes' names. Ends with a line break.
[[nodiscard]] std::string findings_text(std::span<const MachineFinding> findings, bool colour);

// A JSON array of objects with the members' names, and back. The text may come from another node: it is
// bounded and checked.
[[nodiscard]] std::string findings_to_json(std::span<const MachineFinding> findings);
[[nodiscard]] std::vector<MachineFinding> findings_from_json(std::string_view json);

}  // namespace podbench
