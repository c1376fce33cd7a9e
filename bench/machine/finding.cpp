#include "bench/machine/finding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "bench/machine/system_root.hpp"

namespace podbench {
namespace {

constexpr std::array<std::string_view, 3> severity_names{"info", "warning", "problem"};
constexpr std::size_t longest_json = 16 * 1024 * 1024;
constexpr std::size_t most_findings = 100'000;
constexpr std::size_t longest_text = 4096;
constexpr std::size_t most_nodes_named = 4;

// One finding and all nodes that have it.
struct Group {
  const MachineFinding* finding;
  std::vector<std::string> nodes;
};

bool same_but_for_node(const MachineFinding& a, const MachineFinding& b) {
  return a.id == b.id && a.severity == b.severity && a.what == b.what && a.effect == b.effect &&
         a.mend == b.mend;
}

std::vector<Group> grouped(std::span<const MachineFinding> findings) {
  std::vector<Group> groups;
  for (const MachineFinding& finding : findings) {
    const auto group = std::find_if(groups.begin(), groups.end(),
                                    [&](const Group& g) { return same_but_for_node(*g.finding, finding); });
    if (group == groups.end())
      groups.push_back({&finding, {finding.node}});
    else
      group->nodes.push_back(finding.node);
  }
  return groups;
}

std::string nodes_text(const std::vector<std::string>& nodes) {
  const std::size_t named = std::min(nodes.size(), most_nodes_named);
  std::string text =
      fmt::format("{}", fmt::join(nodes.begin(), nodes.begin() + static_cast<std::ptrdiff_t>(named), ", "));
  if (nodes.size() > named) text += fmt::format(" and {} more", nodes.size() - named);
  return text;
}

std::string painted(Severity severity, bool colour) {
  const std::string_view name = name_of(severity);
  if (!colour) return std::string(name);
  const int code = severity == Severity::problem ? 31 : severity == Severity::warning ? 33 : 36;
  return fmt::format("\x1b[{}m{}\x1b[0m", code, name);
}

std::string text_member(const nlohmann::json& object, const char* name) {
  const std::string& text = object.at(name).get_ref<const std::string&>();
  if (text.size() > longest_text)
    throw RequestError(fmt::format("a finding's {} is over {} characters", name, longest_text));
  return printable_ascii(text);
}

MachineFinding finding_from(const nlohmann::json& object) {
  MachineFinding finding{
      text_member(object, "node"), text_member(object, "id"),     Severity::info,
      text_member(object, "what"), text_member(object, "effect"), text_member(object, "mend")};
  const auto name = std::find(severity_names.begin(), severity_names.end(), text_member(object, "severity"));
  if (name == severity_names.end()) throw RequestError("a finding's severity is info, warning or problem");
  finding.severity = static_cast<Severity>(name - severity_names.begin());
  return finding;
}

}  // namespace

std::string_view name_of(Severity severity) noexcept {
  return severity_names[static_cast<std::size_t>(severity)];
}

void sort_findings(std::vector<MachineFinding>& findings) {
  std::stable_sort(findings.begin(), findings.end(),
                   [](const MachineFinding& a, const MachineFinding& b) { return a.severity > b.severity; });
}

std::string findings_text(std::span<const MachineFinding> findings, bool colour) {
  if (findings.empty()) return "Nothing found that would spoil numbers.\n";
  std::string text;
  for (const Group& group : grouped(findings)) {
    const MachineFinding& finding = *group.finding;
    text += fmt::format("{} {} ({})\n  {}\n  {}\n", painted(finding.severity, colour), finding.id,
                        nodes_text(group.nodes), finding.what, finding.effect);
    if (!finding.mend.empty()) text += fmt::format("  mend: {}\n", finding.mend);
  }
  return text;
}

std::string findings_to_json(std::span<const MachineFinding> findings) {
  nlohmann::json array = nlohmann::json::array();
  for (const MachineFinding& finding : findings)
    array.push_back({{"node", finding.node},
                     {"id", finding.id},
                     {"severity", name_of(finding.severity)},
                     {"what", finding.what},
                     {"effect", finding.effect},
                     {"mend", finding.mend}});
  return array.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::vector<MachineFinding> findings_from_json(std::string_view text) {
  if (text.size() > longest_json) throw RequestError("findings of one node are at most 16 MiB of JSON");
  try {
    const nlohmann::json array = nlohmann::json::parse(text);
    if (!array.is_array() || array.size() > most_findings)
      throw RequestError("findings are a JSON array of objects");
    std::vector<MachineFinding> findings;
    for (const nlohmann::json& object : array) findings.push_back(finding_from(object));
    return findings;
  } catch (const nlohmann::json::exception& error) {
    throw RequestError(fmt::format("findings are a JSON array of objects: {}", error.what()));
  }
}

}  // namespace podbench
