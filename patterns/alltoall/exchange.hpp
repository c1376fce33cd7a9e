// Who sends how much to whom in an all-to-all, even or uneven, so that an algorithm is written once for both.
// Thread-safety: values.
#pragma once

#include <cstdint>
#include <vector>

#include "patterns/contracts.hpp"

namespace podbench {

class Exchange {
 public:
  // All blocks as equal as the count allows (ExchangeBlocks).
  static Exchange even(const Problem& problem);
  // The count matrix that the parameters give; without one, every rank sends `count` elements, shared out by
  // Zipf's law: rank k of the seed's shuffle is as popular as 1/k^skew (the experts of a mixture of experts).
  static Exchange uneven(const Problem& problem);

  [[nodiscard]] std::uint64_t count(int from, int to) const;
  [[nodiscard]] Block outgoing(int to) const;    // of this rank's input
  [[nodiscard]] Block incoming(int from) const;  // of this rank's output
  [[nodiscard]] std::uint64_t outgoing_count() const;
  [[nodiscard]] std::uint64_t incoming_count() const;

  [[nodiscard]] int ranks() const { return ranks_; }
  [[nodiscard]] int rank() const { return rank_; }

 private:
  explicit Exchange(const Problem& problem)
      : ranks_(problem.ranks),
        rank_(problem.rank),
        even_(problem.count, problem.ranks),
        count_(problem.count) {}
  void share_by_popularity(const Parameters& parameters);

  int ranks_, rank_;
  ExchangeBlocks even_;
  std::uint64_t count_;
  // Uneven: where each peer's block starts, and the end. Without a matrix all rows are equal, and the first
  // describes them.
  std::vector<std::uint64_t> outgoing_first_, incoming_first_;
  std::shared_ptr<const CountMatrix> matrix_;
};

}  // namespace podbench
