// Sets of ranks whose inputs a reduced element contains, exact and cheap to compare: equal sets have equal
// names.
//
// Most sets that algorithms build are runs of neighbouring ranks on the ring 0 … p-1; such a set is its own
// name. Any other set is a sorted list of runs, kept once in the pool.
// Thread-safety: one thread a pool.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace podbench::prover {

class Contributors {
 public:
  // length > 0: ranks first … first+length-1 modulo p. length == 0: the pool's entry `first`.
  struct Set {
    std::uint32_t first = 0;
    std::uint32_t length = 0;
    friend bool operator==(const Set&, const Set&) = default;
    friend auto operator<=>(const Set&, const Set&) = default;
  };

  explicit Contributors(int ranks) : ranks_(static_cast<std::uint32_t>(ranks)) {}

  [[nodiscard]] static Set only(int rank) { return {static_cast<std::uint32_t>(rank), 1}; }
  [[nodiscard]] Set everybody() const { return {0, ranks_}; }

  // The union, or nothing where a rank is in both.
  [[nodiscard]] std::optional<Set> unite(Set a, Set b);

  // "rank 3", "ranks 0-4 and 7-8"
  [[nodiscard]] std::string describe(Set set) const;

 private:
  struct Run {
    std::uint32_t begin, end;
    friend auto operator<=>(const Run&, const Run&) = default;
  };
  using Runs = std::vector<Run>;

  [[nodiscard]] Runs runs_of(Set set) const;
  [[nodiscard]] Set name_of(const Runs& runs);
  [[nodiscard]] std::optional<Set> unite_runs(Set a, Set b);

  std::uint32_t ranks_;
  std::vector<Runs> pool_;
  std::map<Runs, std::uint32_t> names_;
  std::map<std::pair<Set, Set>, std::optional<Set>> united_;
};

}  // namespace podbench::prover
