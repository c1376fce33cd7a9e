// The formats of other libraries' tuning files. Thread-safety: pure.
#pragma once

#include <string>
#include <vector>

#include "analysis/compare/tuning.hpp"

namespace podbench::compare {

// Tables of one transport, one a pattern.
using TransportTables = std::vector<const TuningTable*>;

struct FormattedTuning {
  std::string text;                // empty: no choice could be said
  std::vector<std::string> notes;  // what was left out, and why
};

// The file that Open MPI's coll_tuned_dynamic_rules_filename names: numbers of collectives and algorithms, a
// rule from a communicator size and from a message size upwards (Open MPI 5.0 documentation, "Tuning
// Collectives"; numbers as `ompi_info --param coll tuned --level 9` prints them). Rank counts and sizes that
// were not measured, and algorithms that Open MPI does not have, get algorithm 0: its own decision.
[[nodiscard]] FormattedTuning openmpi_rules(const TransportTables& tables);

// UCC's configuration file with UCC_TL_UCP_TUNE: tokens of collective, message range, memory, team size and
// algorithm (UCC user guide). UCX itself has no collectives to tune.
[[nodiscard]] FormattedTuning ucc_configuration(const TransportTables& tables);

}  // namespace podbench::compare
