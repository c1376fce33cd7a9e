#include "analysis/accept/suspicion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/accept/checks.hpp"
#include "analysis/accept/stage_judges.hpp"
#include "analysis/pod/blame_columns.hpp"

namespace podbench::accept {
namespace {

// Below this a tail is no fault, whatever shares it.
constexpr double noticeable_tail = 1.0;
constexpr std::size_t most_named = 8;

BlamedQuantity quantity_of(Symptom symptom) {
  return symptom == Symptom::slow ? BlamedQuantity::rate : BlamedQuantity::latency;
}

std::vector<FlowSet> measured_sets(const std::vector<WitnessSet>& sets, double uncertainty) {
  std::vector<FlowSet> measured;
  for (const WitnessSet& one : sets) {
    FlowSet& set = measured.emplace_back();
    for (std::size_t f = 0; f < one.witnesses.size(); ++f)
      set.flows.push_back(
          {one.set->flows[f].flow, one.witnesses[f].expected, one.witnesses[f].measured, uncertainty});
  }
  return measured;
}

// Who saw it: as many as the side of the flows that changes has ends.
std::size_t partners_in(const std::vector<Flow>& flows) {
  std::set<int> from, to;
  for (const Flow& flow : flows) from.insert(flow.from_node), to.insert(flow.to_node);
  return std::max(from.size(), to.size());
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most_named); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
  return names.size() > most_named ? fmt::format("{} or {} more", text, names.size() - most_named) : text;
}

std::string symptom_text(const Suspicion& suspicion) {
  const double effect = suspicion.blame.suspects.front().effect;
  if (suspicion.symptom == Symptom::slow)
    return effect > 1e3 ? "carries nothing"
                        : fmt::format("{:.3g} times slower ({:.3g} to {:.3g})", effect,
                                      suspicion.blame.effect_lo, suspicion.blame.effect_hi);
  const std::string longer = number_text(effect, "s");
  return suspicion.symptom == Symptom::late
             ? fmt::format("adds {} to every message", longer)
             : fmt::format("now and then adds {}: it loses packets, or its link flaps", longer);
}

// The node that was found slow by itself and that a blame is about; −1: none.
int slow_node_in(const Pod& pod, const Blame& blame, const std::set<int>& slow) {
  for (const Candidate& candidate : blame.suspects)
    if (const int node = node_of(pod, candidate.suspect); slow.contains(node)) return node;
  return -1;
}

std::string words_of(const RunView& view, const Suspicion& suspicion, int slow_node) {
  if (slow_node >= 0)
    return fmt::format("node {}: {}, as the node itself is slow", view.name(slow_node),
                       symptom_text(suspicion));
  std::vector<std::string> names;
  for (const Candidate& candidate : suspicion.blame.suspects)
    names.push_back(name_of(view.pod(), candidate.suspect));
  return fmt::format("{}: {}; {:.0f}% sure, seen with {} {}", joined(names), symptom_text(suspicion),
                     std::floor(100 * suspicion.blame.confidence), suspicion.partners,
                     suspicion.partners == 1 ? "partner" : "partners");
}

bool same_part(const Pod& pod, const Blame& a, const Blame& b) {
  for (const Candidate& one : a.suspects)
    for (const Candidate& other : b.suspects) {
      if (one.suspect.kind == other.suspect.kind && one.suspect.index == other.suspect.index) return true;
      const int node = node_of(pod, one.suspect);
      if (node >= 0 && node == node_of(pod, other.suspect)) return true;
    }
  return false;
}

}  // namespace

int node_of(const Pod& pod, const Suspect& suspect) {
  const auto of_vertex = [&](int vertex) { return pod.vertices[static_cast<std::size_t>(vertex)].node; };
  if (suspect.kind == SuspectKind::node) return suspect.index;
  if (suspect.kind == SuspectKind::port) return of_vertex(suspect.index);
  if (suspect.kind != SuspectKind::cable) return -1;
  const PodLink& link = pod.links[static_cast<std::size_t>(suspect.index)];
  const int a = of_vertex(link.a), b = of_vertex(link.b);
  return a >= 0 && b >= 0 ? -1 : std::max(a, b);  // between two ports it is nobody's
}

Investigation investigate(const RunView& view, const std::vector<WitnessSet>& sets, Symptom symptom,
                          double uncertainty) {
  const std::vector<FlowSet> measured = measured_sets(sets, uncertainty);
  BlameRules rules;
  if (symptom == Symptom::tail) rules.least_slowdown = noticeable_tail;
  if (symptom == Symptom::late) rules.least_slowdown = view.pod().limits.distance_from_median;
  BlameReport found = find_blame(view.pod(), measured, quantity_of(symptom), rules);
  Routes routes(view.pod());
  const BlameColumns columns = blame_columns(routes, measured, quantity_of(symptom));
  std::vector<const Witness*> witnesses;
  for (const WitnessSet& set : sets)
    for (const Witness& witness : set.witnesses) witnesses.push_back(&witness);
  Investigation investigation{
      {}, found.baseline, std::move(found.arc_smallest_effect), std::move(found.arc_measurements)};
  for (Blame& blame : found.blames) {
    const auto place = columns.class_of.find(blame.suspects.front().suspect);
    if (place == columns.class_of.end()) continue;
    std::vector<Flow> failed;
    for (const Sight& sight : columns.columns[place->second])
      if (witnesses[sight.measurement]->failed)
        failed.push_back(columns.measurements[sight.measurement]->flow);
    if (failed.empty()) continue;
    const std::size_t partners = partners_in(failed);
    investigation.suspicions.push_back({std::move(blame), symptom, std::move(failed), partners});
  }
  return investigation;
}

bool explained(const Pod& pod, const Suspicion& more, const std::vector<Suspicion>& known) {
  Routes routes(pod);
  const SuspectCatalogue catalogue(pod);
  const auto leads_over = [&](const Flow& flow, const Suspicion& suspicion) {
    const double rate = alone_rate(routes, flow);
    const SetLoads loads(routes, {&flow, 1}, {&rate, 1});
    const std::vector<Exposure> met = catalogue.met_by(routes, flow, rate, loads);
    return std::any_of(met.begin(), met.end(), [&](const Exposure& exposure) {
      return exposure.suspect == suspicion.blame.suspects.front().suspect;
    });
  };
  return std::all_of(more.failed.begin(), more.failed.end(), [&](const Flow& flow) {
    return std::any_of(known.begin(), known.end(),
                       [&](const Suspicion& other) { return other.certain() && leads_over(flow, other); });
  });
}

void add_suspicions(const RunView& view, std::vector<Suspicion> suspicions, const std::set<int>& slow,
                    StageReport& report) {
  for (Suspicion& suspicion : suspicions) {
    const bool known = std::any_of(
        report.culprits.begin(), report.culprits.end(),
        [&](const Culprit& culprit) { return same_part(view.pod(), culprit.blame, suspicion.blame); });
    if (known) continue;
    const int slow_node = slow_node_in(view.pod(), suspicion.blame, slow);
    Culprit culprit{{}, words_of(view, suspicion, slow_node), suspicion.certain() || slow_node >= 0};
    if (slow_node >= 0) {
      const double effect = suspicion.blame.suspects.front().effect;
      suspicion.blame = blame_of_node(slow_node, Way::both, effect, suspicion.blame.confidence);
    }
    culprit.blame = std::move(suspicion.blame);
    report.culprits.push_back(std::move(culprit));
  }
}

}  // namespace podbench::accept
