// Which case of one side is which case of the other: those whose keys are equal in everything, or in
// everything but what the two sides were selected by (one transport against another). Several files of a side
// are pooled: their launches are its replicates. Thread-safety: pure. Units: ns, as summaries.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "analysis/columns.hpp"
#include "results/summary.hpp"

namespace podbench::compare {

// Conditions as of `show --where`: KEY=VALUE[,VALUE…].
struct Selection {
  std::vector<std::string> both, base, next;
};

// One launch of a case: which file of its side, which launch, what it measured.
struct LaunchValue {
  std::size_t file = 0;
  int launch = 0;
  double p50_ns = 0, p99_ns = 0;
};

// A case that both sides have, fit to be compared.
struct MatchedCase {
  CaseKey base_key, next_key;  // equal, but for what the sides were selected by
  std::vector<LaunchValue> base, next;
  std::string note;  // what limits it: not converged, contended
  // The base's name; behind it what the other side has in place of what was selected.
  [[nodiscard]] std::string name() const;
};

struct LeftOutCase {
  std::string name;
  std::string why;      // "wrong data in the new runs"
  bool broken = false;  // it could be compared if the new runs were as sound as the base: wrong data, failed
};

struct Matching {
  std::vector<MatchedCase> cases;     // by pattern, datatype, op, ranks, transport, algorithm, options, bytes
  std::vector<LeftOutCase> left_out;  // both sides have them, but not to be compared
  std::vector<std::string> only_base, only_next;  // names
  std::vector<std::string> selected_by;           // keys that need not be equal
};

// RequestError for a selection that is none, that leaves nothing on a side, or that leaves a side several
// cases for one of the other. A case whose data was wrong, that failed or was skipped in a launch of either
// side is left out. Launches without a time above 0 do not count.
[[nodiscard]] Matching match(std::span<const RunSummary> base, std::span<const RunSummary> next,
                             const Selection& selection);

[[nodiscard]] std::size_t broken_cases(const Matching& matching);

// The keys that say what a case is: not the run, the pod, the time or the status.
[[nodiscard]] const std::vector<const KeyColumn*>& identity_columns();
[[nodiscard]] std::string key_text(const KeyColumn& column, const CaseKey& key);

// All fields of a key but those named, as texts: equal for cases that are the same but for these.
[[nodiscard]] std::vector<std::string> key_without(const CaseKey& key, std::span<const std::string> names);

}  // namespace podbench::compare
