// Which algorithm to use when, as files: one of our own that says everything, and those that other libraries
// read at their start, as far as their formats and their algorithms go. Thread-safety: pure. Units: bytes.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "analysis/compare/best.hpp"

namespace podbench::compare {

// One range of sizes of one rank count: the winner holds from `first` on, up to the next one's.
struct TuningRange {
  std::uint64_t first_bytes = 0;
  const BestAlgorithm* best = nullptr;  // at the size that was measured
};
struct TuningRanks {
  int ranks = 0;
  std::vector<TuningRange> ranges;  // ascending; the first begins at 0
};
// One pattern over one transport; other keys (datatype, cadence, …) are those of `task`.
struct TuningTable {
  CaseKey task;                    // without algorithm, bytes, ranks
  std::vector<TuningRanks> ranks;  // ascending
};

// Between two sizes that were measured the border lies at their geometric mean; sizes next to each other with
// one winner are one range. Lifetime: `best` outlives the result.
[[nodiscard]] std::vector<TuningTable> tuning_tables(const std::vector<BestAlgorithm>& best);

struct TuningFile {
  std::string name;  // "openmpi-shm.rules"
  std::string text;
};

// tuning.json with every table; for each transport `openmpi-TRANSPORT.rules` and `ucc-TRANSPORT.conf` where
// at least one choice can be said in them. What a format has no place for is left to the library's own choice
// and named in `notes`.
struct Tuning {
  std::vector<TuningFile> files;
  std::vector<std::string> notes;
};
[[nodiscard]] Tuning tuning_files(const std::vector<BestAlgorithm>& best);

// The tables as in tuning.json.
[[nodiscard]] nlohmann::ordered_json tuning_object(const std::vector<TuningTable>& tables);

}  // namespace podbench::compare
