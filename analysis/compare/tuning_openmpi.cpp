// Open MPI's rules for its `tuned` collectives.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "analysis/compare/tuning_formats.hpp"
#include "base/quantity.hpp"

namespace podbench::compare {
namespace {

// Algorithm 0 is the library's own decision.
constexpr int own_decision = 0;

// Open MPI's collectives by number (ompi/mca/coll/base/coll_base_functions.h) and which of their algorithms
// are the ones that we have under another name. Left out: what needs a parameter that the file cannot give
// (the radix of a k-nomial tree), and gather and scatter, for which Open MPI before 6.0 does not look at the
// size of the message.
struct Collective {
  std::string_view pattern;
  int number;
  std::string_view name;
  std::array<std::pair<std::string_view, int>, 5> algorithms;
};
constexpr std::array<Collective, 7> collectives = {{
    {"allgather", 0, "MPI_Allgather", {{{"bruck", 2}, {"recursive", 3}, {"ring", 4}}}},
    {"allreduce", 2, "MPI_Allreduce", {{{"recursive_doubling", 3}, {"ring", 4}, {"rabenseifner", 6}}}},
    {"alltoall", 3, "MPI_Alltoall", {{{"linear", 1}, {"spread_out", 1}, {"pairwise", 2}, {"bruck", 3}}}},
    {"barrier", 6, "MPI_Barrier", {{{"dissemination", 4}, {"tree", 6}}}},
    {"broadcast", 7, "MPI_Bcast", {{{"linear", 1}, {"binomial", 6}, {"scatter_allgather", 9}}}},
    {"reduce", 11, "MPI_Reduce", {{{"linear", 1}, {"binomial", 5}}}},
    {"reduce_scatter", 12, "MPI_Reduce_scatter", {{{"recursive", 2}, {"ring", 3}}}},
}};

const Collective* find_collective(std::string_view pattern) {
  const auto found = std::find_if(collectives.begin(), collectives.end(),
                                  [pattern](const Collective& one) { return one.pattern == pattern; });
  return found == collectives.end() ? nullptr : &*found;
}

// own_decision where Open MPI has no such algorithm, or not with these options.
int number_of(const Collective& collective, const CaseKey& key) {
  if (!key.options.empty()) return own_decision;
  for (const auto& [name, number] : collective.algorithms)
    if (!name.empty() && name == key.algorithm) return number;
  return own_decision;
}

struct Rules {
  std::string text;
  std::size_t said = 0;          // rules that name an algorithm
  std::set<std::string> unsaid;  // algorithms that won somewhere and have no number
};

void add_ranks(const Collective& collective, const TuningRanks& ranks, Rules& rules) {
  rules.text += fmt::format("{} # ranks\n{} # rules by size\n", ranks.ranks, ranks.ranges.size());
  for (const TuningRange& range : ranks.ranges) {
    const CaseKey& key = range.best->key;
    const int number = number_of(collective, key);
    rules.said += number == own_decision ? 0 : 1;
    if (number == own_decision && key.algorithm != "native") rules.unsaid.insert(key.algorithm);
    rules.text +=
        fmt::format("{} {} 0 0 # from {}: {}{}\n", range.first_bytes, number, format_bytes(range.first_bytes),
                    key.algorithm, number == own_decision ? ", left to Open MPI" : "");
  }
}

// A rule holds for all communicators from its size upwards: what lies between those that were measured, and
// below and above them, gets a rule of its own that decides nothing.
void add_gap(int from, Rules& rules) {
  rules.text += fmt::format("{} # ranks and more: not measured\n1\n0 0 0 0\n", from);
}

Rules rules_of(const Collective& collective, const TuningTable& table) {
  Rules body;
  int sizes = 0, next = 0;
  for (const TuningRanks& ranks : table.ranks) {
    if (ranks.ranks > next) {
      add_gap(next, body);
      ++sizes;
    }
    add_ranks(collective, ranks, body);
    ++sizes;
    next = ranks.ranks + 1;
  }
  add_gap(next, body);
  body.text =
      fmt::format("{} # {}\n{} # communicator sizes\n", collective.number, collective.name, sizes + 1) +
      body.text;
  return body;
}

}  // namespace

FormattedTuning openmpi_rules(const TransportTables& tables) {
  FormattedTuning result;
  std::string body;
  std::set<std::string> done;
  for (const TuningTable* table : tables) {
    const std::string& pattern = table->task.pattern;
    const Collective* collective = find_collective(pattern);
    if (collective == nullptr) {
      result.notes.push_back(fmt::format("Open MPI's rules have no place for {}", pattern));
      continue;
    }
    if (done.contains(pattern)) {
      result.notes.push_back(fmt::format(
          "Open MPI's rules know one table for {}; a second one ({} on {} nodes, {}) was left out", pattern,
          table->task.datatype, table->task.nodes, table->task.cadence));
      continue;
    }
    const Rules rules = rules_of(*collective, *table);
    if (!rules.unsaid.empty())
      result.notes.push_back(
          fmt::format("Open MPI has no {} for {}, or none that its rules can ask for: left to its own choice",
                      fmt::join(rules.unsaid, ", "), pattern));
    if (rules.said == 0) continue;
    done.insert(pattern);
    body += rules.text;
  }
  if (!done.empty())
    result.text = fmt::format(
        "{} # collectives. mpirun --mca coll_tuned_use_dynamic_rules 1 --mca "
        "coll_tuned_dynamic_rules_filename THIS_FILE\n{}",
        done.size(), body);
  return result;
}

}  // namespace podbench::compare
