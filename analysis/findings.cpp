#include "analysis/findings.hpp"

#include <fmt/format.h>
#include <tinyxml2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "analysis/columns.hpp"
#include "analysis/document.hpp"
#include "analysis/openmetrics.hpp"

namespace podbench {
namespace {

using nlohmann::ordered_json;

constexpr std::array<std::string_view, 4> outcome_names = {"pass", "fail", "inconclusive", "skipped"};

bool any(const Findings& findings, Outcome outcome) {
  return std::any_of(findings.findings.begin(), findings.findings.end(),
                     [outcome](const Finding& finding) { return finding.outcome == outcome; });
}

std::size_t count(const Findings& findings, Outcome outcome) {
  return static_cast<std::size_t>(
      std::count_if(findings.findings.begin(), findings.findings.end(),
                    [outcome](const Finding& finding) { return finding.outcome == outcome; }));
}

// XML 1.0 has no way to write most control characters.
std::string xml_text(std::string_view text) {
  std::string clean;
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n';
    clean += control ? '?' : c;
  }
  return clean;
}

void print_test_case(tinyxml2::XMLPrinter& printer, const Findings& findings, const Finding& finding) {
  printer.OpenElement("testcase");
  printer.PushAttribute("classname", xml_text(findings.command + "." + finding.group).c_str());
  printer.PushAttribute("name", xml_text(finding.name).c_str());
  if (finding.outcome == Outcome::pass) {
    printer.OpenElement("system-out");
    printer.PushText(xml_text(finding.verdict + ": " + finding.text).c_str());
  } else {
    // JUnit knows failed and skipped only; what is not decided must not count as passed.
    printer.OpenElement(finding.outcome == Outcome::fail ? "failure" : "skipped");
    printer.PushAttribute("message", xml_text(finding.verdict + ": " + finding.text).c_str());
  }
  printer.CloseElement();
  printer.CloseElement();
}

std::string labels_of(const Finding& finding) {
  std::string labels = fmt::format("case=\"{}\",verdict=\"{}\"", openmetrics_label(finding.name),
                                   openmetrics_label(finding.verdict));
  for (const auto& [name, value] : finding.labels)
    labels += fmt::format(",{}=\"{}\"", name, openmetrics_label(value));
  return labels;
}

// "ratio" where the name ends in it: what OpenMetrics calls the unit.
std::string_view unit_of(std::string_view name) {
  for (const std::string_view unit : {"seconds", "bytes_per_second", "ratio"})
    if (name.ends_with(unit)) return unit;
  return "";
}

template <typename Get>
std::vector<std::string> union_of(const Findings& findings, Get get) {
  std::vector<std::string> names;
  for (const Finding& finding : findings.findings)
    for (const auto& item : get(finding))
      if (std::find(names.begin(), names.end(), item.first) == names.end()) names.push_back(item.first);
  return names;
}

std::vector<std::pair<std::string, double>> measures_of(const Finding& finding) {
  std::vector<std::pair<std::string, double>> measures;
  for (const Measure& measure : finding.measures) measures.emplace_back(measure.name, measure.value);
  return measures;
}

const std::vector<std::pair<std::string, std::string>>& label_pairs(const Finding& finding) {
  return finding.labels;
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  return outcome_names[static_cast<std::size_t>(outcome)];
}

ExitCode exit_code(const Findings& findings) {
  if (any(findings, Outcome::fail)) return ExitCode::check_failed;
  return any(findings, Outcome::inconclusive) ? ExitCode::inconclusive : ExitCode::good;
}

std::string junit(const Findings& findings) {
  tinyxml2::XMLPrinter printer;
  printer.PushHeader(false, true);
  printer.OpenElement("testsuites");
  printer.OpenElement("testsuite");
  printer.PushAttribute("name", xml_text("podbench " + findings.command).c_str());
  printer.PushAttribute("tests", static_cast<std::uint64_t>(findings.findings.size()));
  printer.PushAttribute("failures", static_cast<std::uint64_t>(count(findings, Outcome::fail)));
  printer.PushAttribute("skipped", static_cast<std::uint64_t>(count(findings, Outcome::inconclusive) +
                                                              count(findings, Outcome::skipped)));
  for (const Finding& finding : findings.findings) print_test_case(printer, findings, finding);
  printer.OpenElement("system-out");
  std::string notes = findings.title;
  for (const std::string& note : findings.notes) notes += "\n" + note;
  printer.PushText(xml_text(notes).c_str());
  printer.CloseElement();
  printer.CloseElement();
  printer.CloseElement();
  return std::string(printer.CStr());
}

std::string openmetrics(const Findings& findings) {
  std::string text;
  for (const std::string& measure : union_of(findings, measures_of)) {
    const std::string name = fmt::format("podbench_{}_{}", findings.command, measure);
    text += fmt::format("# TYPE {} gauge\n", name);
    if (const std::string_view unit = unit_of(measure); !unit.empty())
      text += fmt::format("# UNIT {} {}\n", name, unit);
    for (const Finding& finding : findings.findings)
      for (const Measure& held : finding.measures)
        if (held.name == measure && std::isfinite(held.value))
          text += fmt::format("{}{{{}}} {}\n", name, labels_of(finding), held.value);
  }
  const std::string name = fmt::format("podbench_{}_outcome", findings.command);
  text += fmt::format("# TYPE {} gauge\n# HELP {} 0 pass, 1 fail, 2 inconclusive, 3 skipped.\n", name, name);
  for (const Finding& finding : findings.findings)
    text += fmt::format("{}{{{}}} {}\n", name, labels_of(finding), static_cast<int>(finding.outcome));
  return text + "# EOF\n";
}

ordered_json findings_object(const Findings& findings) {
  ordered_json document;
  document["command"] = findings.command;
  document["title"] = findings.title;
  document["notes"] = findings.notes;
  document["findings"] = ordered_json::array();
  for (const Finding& finding : findings.findings) {
    ordered_json object = {{"name", finding.name},
                           {"group", finding.group},
                           {"outcome", std::string(name_of(finding.outcome))},
                           {"verdict", finding.verdict},
                           {"text", finding.text}};
    for (const auto& [name, value] : finding.labels) object[name] = value;
    for (const Measure& measure : finding.measures) object[measure.name] = json_number(measure.value);
    document["findings"].push_back(std::move(object));
  }
  return document;
}

std::string findings_csv(const Findings& findings) {
  const std::vector<std::string> labels = union_of(findings, label_pairs);
  const std::vector<std::string> measures = union_of(findings, measures_of);
  std::string text = "name,group,outcome,verdict";
  for (const std::string& label : labels) text += "," + label;
  for (const std::string& measure : measures) text += "," + measure;
  text += ",text\n";
  for (const Finding& finding : findings.findings) {
    const std::map<std::string, std::string> held(finding.labels.begin(), finding.labels.end());
    std::map<std::string, double> numbers;
    for (const Measure& measure : finding.measures) numbers[measure.name] = measure.value;
    text += csv_field(finding.name) + "," + csv_field(finding.group) + "," +
            std::string(name_of(finding.outcome)) + "," + csv_field(finding.verdict);
    for (const std::string& label : labels)
      text += "," + (held.contains(label) ? csv_field(held.at(label)) : "");
    for (const std::string& measure : measures)
      text += "," + (numbers.contains(measure) ? plain_number(numbers.at(measure), "") : "");
    text += "," + csv_field(finding.text) + "\n";
  }
  return text;
}

}  // namespace podbench
