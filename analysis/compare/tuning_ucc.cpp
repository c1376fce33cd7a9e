// UCC's configuration.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "analysis/compare/tuning_formats.hpp"

namespace podbench::compare {
namespace {

// An algorithm of UCC's team layer ucp that is one of ours; `radix` is the variable that makes its trees
// binary.
struct UccAlgorithm {
  std::string_view ours, theirs, radix;
};
struct UccCollective {
  std::string_view pattern, name;
  std::array<UccAlgorithm, 4> algorithms;
  bool counts_a_block = false;  // its message size is one rank's block, ours the whole vector
};

// As `ucc_info -A` of UCC 1.3 lists them.
constexpr std::array<UccCollective, 6> collectives = {{
    {"allgather",
     "allgather",
     {{{"ring", "ring", ""},
       {"bruck", "bruck", ""},
       {"recursive", "knomial", "UCC_TL_UCP_ALLGATHER_KN_RADIX"}}}},
    {"allreduce",
     "allreduce",
     {{{"recursive_doubling", "knomial", "UCC_TL_UCP_ALLREDUCE_KN_RADIX"},
       {"rabenseifner", "sra_knomial", "UCC_TL_UCP_ALLREDUCE_SRA_KN_RADIX"},
       {"double_binary_tree", "dbt", ""}}}},
    {"alltoall", "alltoall", {{{"pairwise", "pairwise", ""}, {"bruck", "bruck", ""}}}},
    {"broadcast", "bcast", {{{"binomial", "knomial", "UCC_TL_UCP_BCAST_KN_RADIX"}}}},
    {"reduce", "reduce", {{{"binomial", "knomial", "UCC_TL_UCP_REDUCE_KN_RADIX"}}}},
    {"reduce_scatter",
     "reduce_scatter",
     {{{"ring", "ring", ""}, {"recursive", "knomial", "UCC_TL_UCP_REDUCE_SCATTER_KN_RADIX"}}},
     true},
}};

const UccAlgorithm* find_algorithm(const UccCollective& collective, const CaseKey& key) {
  if (!key.options.empty()) return nullptr;
  for (const UccAlgorithm& algorithm : collective.algorithms)
    if (!algorithm.ours.empty() && algorithm.ours == key.algorithm) return &algorithm;
  return nullptr;
}

struct Tokens {
  std::vector<std::string> tokens;
  std::set<std::string_view> radices;
  std::set<std::string> unsaid;
};

void add_range(const UccCollective& collective, const TuningRanks& ranks, std::size_t at, Tokens& into) {
  const TuningRange& range = ranks.ranges[at];
  const UccAlgorithm* algorithm = find_algorithm(collective, range.best->key);
  if (algorithm == nullptr) {
    into.unsaid.insert(range.best->key.algorithm);
    return;
  }
  const std::uint64_t parts = collective.counts_a_block ? static_cast<std::uint64_t>(ranks.ranks) : 1;
  const std::string end =
      at + 1 < ranks.ranges.size() ? fmt::format("{}", ranks.ranges[at + 1].first_bytes / parts) : "inf";
  into.tokens.push_back(fmt::format("{}:{}-{}:cpu:[{}-{}]:@{}", collective.name, range.first_bytes / parts,
                                    end, ranks.ranks, ranks.ranks, algorithm->theirs));
  if (!algorithm->radix.empty()) into.radices.insert(algorithm->radix);
}

}  // namespace

FormattedTuning ucc_configuration(const TransportTables& tables) {
  FormattedTuning result;
  Tokens all;
  std::set<std::string> done;
  for (const TuningTable* table : tables) {
    const std::string& pattern = table->task.pattern;
    const auto collective = std::find_if(collectives.begin(), collectives.end(),
                                         [&](const UccCollective& one) { return one.pattern == pattern; });
    if (collective == collectives.end()) {
      result.notes.push_back(fmt::format("UCC's tuning has no place for {}", pattern));
      continue;
    }
    if (!done.insert(pattern).second) {
      result.notes.push_back(
          fmt::format("UCC's tuning knows one table for {}; a second one ({} on {} nodes, {}) was left out",
                      pattern, table->task.datatype, table->task.nodes, table->task.cadence));
      continue;
    }
    all.unsaid.clear();
    for (const TuningRanks& ranks : table->ranks)
      for (std::size_t i = 0; i < ranks.ranges.size(); ++i) add_range(*collective, ranks, i, all);
    all.unsaid.erase("native");
    if (!all.unsaid.empty())
      result.notes.push_back(
          fmt::format("UCC has no {} for {}: left to its own choice", fmt::join(all.unsaid, ", "), pattern));
  }
  if (all.tokens.empty()) return result;
  result.text = "# Read by UCC where UCC_CONFIG_FILE names this file. Only what was measured is set.\n";
  for (const std::string_view radix : all.radices) result.text += fmt::format("{} = 2\n", radix);
  result.text += fmt::format("UCC_TL_UCP_TUNE = {}\n", fmt::join(all.tokens, "#"));
  return result;
}

}  // namespace podbench::compare
