// Whether a pod is fit for service, judged from a run file and the pod file: the whole analysis of
// `podbench accept`, the same for a run that has just ended and for `--judge`.
//
// What the file holds. A case of an acceptance carries in CaseKey::options `stage` (name_of(Stage)) and,
// where there are several of a kind, `part`: a rack's name, "set3", "apart2", "again0". Which node a rank was
// is in LaunchRecord::hosts; the k-th rank of a node in a launch uses its k-th port. A replicate is a launch:
// its value is the case's median in it, or its entry of the matrix.
// - inventory: no case; NodeRecords.
// - node: NodeRecords (`noise.*`), and cases: of ranks that are all on one node, or of all nodes at once,
//   where each rank's own time (the matrix' diagonal, or entry_ns and exit_ns) is its node's.
// - pairs: `pairs` for latency; `flows` without a count matrix for bandwidth: the rounds of the tournament,
//   both directions of each pair at once. Entry [receiver][sender] is a flow's time.
// - links: `flows` with a count matrix; a part is a set of flows at once, with bytes in proportion to their
//   fair shares. Parts that begin with "apart" are flows that do not meet whatever a hash chooses
//   (pod/apart_sets.hpp); with "again": second partners, with the flow in the option `flow`: "n01 > n04:1".
// - scale: collectives; `part` is the rack, "racks" (half of them) or "pod".
// - congestion: `congestion` (impact factors), `incast`.
// - soak: cases of the other stages' kinds, again and again: a launch a repetition.
// `matrix` holds medians, `matrix_p99` the 99th percentiles: lost packets and flapping links show there
// first. A launch that lost a node has a record of status `failed` with the option `lost` (the node) where it
// is known, and the words of blame in its note.
//
// Three states. A check passes where the one-sided lower bound of the median meets its limit, fails where the
// upper bound misses it, else inconclusive (bounds.hpp). What was not measured is not passed.
//
// Thread-safety: values and pure functions. Units: in the names. Errors: RequestError where the file is no
// acceptance of this pod (no case with a stage and no node of the pod, or a node that the pod file does not
// have took part in a case).
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "analysis/accept/stages.hpp"
#include "analysis/findings.hpp"
#include "analysis/pod/blame.hpp"
#include "analysis/pod/pod.hpp"
#include "results/record.hpp"

namespace podbench::accept {

// Launches after which a stage may be judged; more follow only while something is inconclusive and the stage
// has not failed for a reason that is known.
inline constexpr int looks[] = {10, 20, 40};

// One thing that was checked against one limit.
struct Check {
  std::string subject;  // "n03", "n01 > n04", "cable n03-leaf0, from leaf0 to n03", "allreduce 1MiB on rack2"
  std::string what;     // "bandwidth", "latency", "mtu", "impact p99", "no slower than reduce + broadcast"
  Outcome outcome = Outcome::inconclusive;
  std::string unit;                           // "B/s", "s", "ratio", ""
  double limit = 0, measured = 0, bound = 0;  // NaN where there is none; bound: the one that decided
  std::string limit_from;                     // "pod file", "ceiling of the links", "fleet's median"
  int launches = 0;
  std::string evidence;  // one line, with what was found and expected where it is no number
};

struct Coverage {
  std::string what;  // "pairs, both ways", "link directions", "collectives at rack"
  std::size_t exercised = 0, planned = 0;
};

// What is to blame.
struct Culprit {
  Blame blame;
  std::string words;     // what, how much slower, how sure, seen by whom
  bool certain = false;  // else suspected: alternatives, or only one partner has seen it
};

struct StageReport {
  Stage stage = Stage::inventory;
  Outcome outcome = Outcome::skipped;  // skipped: not run; unmeasured is not passed
  std::vector<Check> checks;
  std::vector<Culprit> culprits;  // what to replace, surest first
  std::vector<Coverage> coverage;
  std::string smallest_caught;  // the smallest degradation that this stage would have caught, in words
  std::vector<std::string> notes;
};

struct Acceptance {
  std::string pod, fingerprint;  // fingerprint: of the pod file and of what inventory found, 16 hex digits
  Outcome outcome = Outcome::inconclusive;
  std::vector<StageReport> stages;  // all seven, in order
};

[[nodiscard]] Acceptance judge(const Run& run, const Pod& pod);

// What the runner should do next for a stage whose planned launches are in the run: `again` are flows between
// suspects and known good partners to be measured alone (the second partner), before anybody is blamed.
struct Next {
  bool more_launches = false;  // up to the next look
  std::vector<Flow> again;
  bool gate_open = false;  // the next stage may begin
};
[[nodiscard]] Next next_of(const Acceptance& acceptance, const Run& run, const Pod& pod, Stage stage);

// Forms of the same report.
[[nodiscard]] Findings findings_of(const Acceptance& acceptance);
[[nodiscard]] std::string text_of(const Acceptance& acceptance, bool colour);
[[nodiscard]] nlohmann::ordered_json json_of(const Acceptance& acceptance);
[[nodiscard]] std::string html_of(const Acceptance& acceptance, const Run& run, const Pod& pod);

}  // namespace podbench::accept
