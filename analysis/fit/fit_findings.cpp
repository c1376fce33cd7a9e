// Findings and JSON of a fit.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "analysis/document.hpp"
#include "analysis/fit/present.hpp"
#include "base/quantity.hpp"

namespace podbench::fit {
namespace {

using nlohmann::ordered_json;
using Labels = std::vector<std::pair<std::string, std::string>>;

constexpr double ns_a_second = 1e9;

void add_measure(Finding& finding, const std::string& name, const std::string& unit, const Estimate& estimate,
                 double scale) {
  if (!estimate.known()) return;
  finding.measures.push_back({name + "_" + unit, estimate.value * scale});
  if (!estimate.has_interval()) return;
  finding.measures.push_back({name + "_lo_" + unit, estimate.lo * scale});
  finding.measures.push_back({name + "_hi_" + unit, estimate.hi * scale});
}

void add_time(Finding& finding, const std::string& name, const Estimate& ns) {
  add_measure(finding, name, "seconds", ns, 1 / ns_a_second);
}
// Bytes a nanosecond are 10^9 bytes a second.
void add_rate(Finding& finding, const std::string& name, const Estimate& per_byte_ns) {
  add_measure(finding, name, "bytes_per_second", inverse(per_byte_ns), ns_a_second);
}

Labels labels_of(const FittedRun& run, const CaseKey& key) {
  return {{"run", std::filesystem::path(run.source).stem().string()},
          {"transport", key.transport},
          {"ranks", std::to_string(key.ranks)}};
}

Finding curve_finding(const FittedRun& run, const FittedCurve& fitted) {
  Finding finding{fitted.curve.name(), fitted.curve.key.pattern, Outcome::pass, verdict_of(fitted),
                  evidence_of(fitted)};
  if (fitted.too_few_sizes() || fitted.poor()) finding.outcome = Outcome::inconclusive;
  for (const Switch& change : fitted.switches) finding.text += "; switch " + words_of(change);
  finding.labels = labels_of(run, fitted.curve.key);
  if (!fitted.curve.between.empty()) finding.labels.emplace_back("between", fitted.curve.between);
  add_time(finding, "startup", fitted.start_ns());
  add_rate(finding, "bandwidth", fitted.per_byte_ns());
  finding.measures.push_back({"median_residual_ratio", fitted.median_residual});
  finding.measures.push_back({"worst_residual_ratio", fitted.worst_residual});
  finding.measures.push_back({"switches", static_cast<double>(fitted.switches.size())});
  if (std::isfinite(fitted.held_out_error))
    finding.measures.push_back({"held_out_error_ratio", fitted.held_out_error});
  return finding;
}

Finding piece_finding(const FittedRun& run, const FittedCurve& fitted, const FittedPiece& piece) {
  const std::string from = format_bytes(piece.first_bytes), to = format_bytes(piece.last_bytes);
  Finding finding{fmt::format("{}/{}..{}", fitted.curve.name(), from, to), fitted.curve.key.pattern,
                  Outcome::pass, "piece", fmt::format("from {} to {}", from, to)};
  finding.labels = labels_of(run, fitted.curve.key);
  finding.labels.emplace_back("from", from);
  finding.labels.emplace_back("to", to);
  add_time(finding, "startup", piece.start_ns);
  add_rate(finding, "bandwidth", piece.per_byte_ns);
  return finding;
}

Finding pair_finding(const FittedRun& run, const FittedCurve& fitted, const FittedPair& pair) {
  const std::string ranks = pair_name(fitted.curve, pair);
  Finding finding{fmt::format("{}/pair:{}", fitted.curve.name(), ranks), fitted.curve.key.pattern,
                  Outcome::pass, "pair", fmt::format("{} sizes", pair.sizes)};
  finding.labels = labels_of(run, fitted.curve.key);
  finding.labels.emplace_back("pair", ranks);
  add_time(finding, "startup", pair.start_ns);
  add_rate(finding, "bandwidth", pair.per_byte_ns);
  return finding;
}

Finding loggp_finding(const FittedRun& run, const FittedTransport& transport) {
  const LogGp& loggp = *transport.loggp;
  Finding finding{"loggp/" + transport.name(), "loggp", Outcome::pass, "in part",
                  fmt::format("{}", fmt::join(loggp.remarks, "; "))};
  if (loggp.latency_ns.known() && loggp.gap_ns.known() && loggp.gap_per_byte_ns.known())
    finding.verdict = "complete";
  finding.labels = labels_of(run, transport.key);
  add_time(finding, "small_message", loggp.small_message_ns);
  add_time(finding, "latency", loggp.latency_ns);
  add_time(finding, "overhead", loggp.overhead_ns);
  add_time(finding, "gap", loggp.gap_ns);
  add_rate(finding, "gap_bandwidth", loggp.gap_per_byte_ns);
  return finding;
}

ordered_json estimate_object(const Estimate& estimate) {
  return {{"value", json_number(estimate.value)},
          {"lo", json_number(estimate.lo)},
          {"hi", json_number(estimate.hi)}};
}

ordered_json curve_object(const FittedRun& run, const FittedCurve& fitted) {
  ordered_json object = {{"run", run.source},
                         {"name", fitted.curve.name()},
                         {"verdict", verdict_of(fitted)},
                         {"between", fitted.curve.between},
                         {"window", fitted.curve.window},
                         {"launches", fitted.launches}};
  object["pieces"] = ordered_json::array();
  for (const FittedPiece& piece : fitted.pieces)
    object["pieces"].push_back({{"first_bytes", piece.first_bytes},
                                {"last_bytes", piece.last_bytes},
                                {"startup_ns", estimate_object(piece.start_ns)},
                                {"per_byte_ns", estimate_object(piece.per_byte_ns)}});
  object["switches"] = ordered_json::array();
  for (const Switch& change : fitted.switches)
    object["switches"].push_back({{"after_bytes", change.after_bytes},
                                  {"before_bytes", change.before_bytes},
                                  {"at_bytes", json_number(change.at_bytes)},
                                  {"step_ratio", json_number(change.step_ratio)}});
  object["points"] = ordered_json::array();
  for (const FittedPoint& point : fitted.points)
    object["points"].push_back({{"bytes", point.bytes},
                                {"measured_ns", json_number(point.measured_ns)},
                                {"fitted_ns", json_number(point.fitted_ns)},
                                {"residual_ratio", json_number(point.residual())},
                                {"held_out", point.held_out}});
  return object;
}

}  // namespace

std::string verdict_of(const FittedCurve& fitted) {
  if (fitted.too_few_sizes()) return "too few sizes";
  return fitted.poor() ? "poor fit" : "fits";
}

std::string evidence_of(const FittedCurve& fitted) {
  std::string text = fmt::format("{} sizes, {} {}", fitted.points.size(), fitted.launches,
                                 fitted.launches == 1 ? "launch" : "launches");
  if (fitted.launches == 1) text += " (its intervals know nothing of how launches differ)";
  if (fitted.too_few_sizes()) return text + "; a line needs a third size to be checked by";
  text += fmt::format("; residuals: median {:.1f}%, worst {:.1f}% at {}", 100 * fitted.median_residual,
                      100 * fitted.worst_residual, format_bytes(fitted.worst_bytes));
  if (std::isfinite(fitted.held_out_error))
    text += fmt::format("; sizes held out: median error {:.1f}%", 100 * fitted.held_out_error);
  return text;
}

std::string words_of(const Switch& change) {
  return fmt::format("between {} and {}: {:+.0f}%", format_bytes(change.after_bytes),
                     format_bytes(change.before_bytes), 100 * change.step_ratio);
}

std::string pair_name(const Curve& curve, const FittedPair& pair) {
  return fmt::format("{}{}{}", pair.from, curve.directed ? ">" : "-", pair.to);
}

Findings fit_findings(std::span<const FittedRun> runs) {
  Findings findings{"fit", "", {}, {}};
  std::size_t curves = 0;
  for (const FittedRun& run : runs) {
    for (const std::string& note : run.notes)
      findings.notes.push_back(runs.size() > 1 ? run.source + ": " + note : note);
    for (const FittedTransport& transport : run.transports) {
      for (const FittedCurve& fitted : transport.curves) {
        ++curves;
        findings.findings.push_back(curve_finding(run, fitted));
        if (fitted.pieces.size() > 1)
          for (const FittedPiece& piece : fitted.pieces)
            findings.findings.push_back(piece_finding(run, fitted, piece));
        for (const FittedPair& pair : fitted.pairs)
          findings.findings.push_back(pair_finding(run, fitted, pair));
      }
      if (transport.loggp) findings.findings.push_back(loggp_finding(run, transport));
    }
    if (const double error = run.held_out_error(); std::isfinite(error))
      findings.notes.push_back(fmt::format("{}: sizes held out are predicted with a median error of {:.1f}%",
                                           run.source, 100 * error));
  }
  findings.title = fmt::format("network models of {} {}, from {}", curves, curves == 1 ? "curve" : "curves",
                               runs.size() == 1 ? runs.front().source : fmt::format("{} runs", runs.size()));
  return findings;
}

ordered_json fit_object(std::span<const FittedRun> runs, const Findings& findings) {
  ordered_json object = findings_object(findings);
  object["fits"] = ordered_json::array();
  for (const FittedRun& run : runs)
    for (const FittedTransport& transport : run.transports)
      for (const FittedCurve& fitted : transport.curves) object["fits"].push_back(curve_object(run, fitted));
  return object;
}

}  // namespace podbench::fit
