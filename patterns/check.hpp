// The prover: checks the schedules of all ranks of a problem before anything runs.
//
// It proves, for exactly the problem given (every p tested, never "any p"): every send has exactly its
// receive and the lengths agree; the ranks make progress when every send is synchronous; no two actions of a
// step write overlapping elements or read what another writes; and afterwards every output element that the
// contract names holds exactly what it should, each contribution once.
// Thread-safety: pure. Memory: proportional to the schedules of all ranks.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "patterns/pattern.hpp"

namespace podbench {

// The first fault found, as a person would want to read it: "rank 3 step 2: receives [0, 7) from rank 1,
// which sends 8 elements".
struct Fault {
  int rank = -1;
  std::size_t step = 0;
  std::string what;
};

// Checks given schedules (one a rank) against a pattern's contract. `problem.rank` is ignored.
[[nodiscard]] std::optional<Fault> check(const Pattern& pattern, const Problem& problem,
                                         std::span<const Schedule> schedules);

// The schedules of all ranks; `problem.rank` is ignored.
[[nodiscard]] std::vector<Schedule> generate_all(const Algorithm& algorithm, const Problem& problem);

// Generates and checks.
[[nodiscard]] std::optional<Fault> check(const Pattern& pattern, const Algorithm& algorithm,
                                         const Problem& problem);

// What `podbench verify` prints for one algorithm.
struct Proof {
  std::uint64_t problems = 0;  // (p, count, parameters) combinations proved
  std::uint64_t steps = 0;     // schedule steps of all ranks
  std::uint64_t skipped = 0;   // forbidden by the algorithm, with its reason
  std::optional<Fault> fault;  // the first one; then the rest was not tried
  std::string fault_problem;   // "p=6 count=13 root=5"
};

// Proves an algorithm for every rank count given, with counts (0, 1, small, uneven, even) and parameters
// (roots, radices, windows) chosen to hit remainders. Uses all cores. A `native` algorithm has no schedule:
// no problems, no fault. An imported schedule is that of `given`, for its root, with counts that its chunks
// divide.
[[nodiscard]] Proof prove(const Pattern& pattern, const Algorithm& algorithm,
                          std::span<const int> rank_counts, const Parameters& given = {});

}  // namespace podbench
