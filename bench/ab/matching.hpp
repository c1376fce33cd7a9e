// Which case of one configuration answers which case of another. Two sides usually differ in a part of the
// key, as in the transport or the algorithm: that part is left aside, and cases match on the rest.
// Thread-safety: pure. Errors: RequestError, one line.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "results/record.hpp"

namespace podbench {

struct CaseMatch {
  std::size_t a = 0, b = 0;  // which of the keys given
  // The case's name; where the sides differ it has both: `allreduce/ring/shm->tcp/float32/1MiB/ranks:2`.
  std::string name;
};

struct Matching {
  std::vector<CaseMatch> matches;           // in the order of a's keys
  std::vector<std::string> differing;       // the parts left aside, by name: "transport", "window", ...
  std::vector<std::string> only_a, only_b;  // names of cases without an answer
};

// A part is left aside where the two sides have no value of it in common; where they share some, cases match
// on it, and those with another value stay alone. What is communicated never is left aside: pattern, bytes
// and ranks must be equal. RequestError where nothing matches, or where leaving the parts aside makes several
// cases of a side alike. The keys of a side are distinct.
[[nodiscard]] Matching match_cases(std::span<const CaseKey> a, std::span<const CaseKey> b);

}  // namespace podbench
