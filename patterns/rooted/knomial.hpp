// The k-nomial tree of rooted collectives; k = 2 is the binomial tree.
//
// Ranks are counted from the root: v = rank - root modulo p. The parent of v is v with its lowest digit that
// is not 0, in base k, set to 0; the ranks under v are v … v+size-1. Thread-safety: values.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "patterns/blocks.hpp"

namespace podbench {

class KnomialTree {
 public:
  struct Child {
    int rank;
    int first, last;  // the ranks under it, itself the first, counted from the root
  };

  KnomialTree(const Problem& problem, int radix)
      : ranks_(problem.ranks),
        root_(problem.parameters.root),
        place_(wrap_rank(problem.rank - root_, ranks_)),
        radix_(radix) {
    while (weight_ < ranks_ && place_ / weight_ % radix_ == 0) weight_ *= radix_;
  }

  [[nodiscard]] bool is_root() const { return place_ == 0; }
  [[nodiscard]] int parent() const {
    return rank_of(static_cast<int>(place_ - place_ / weight_ % radix_ * weight_));
  }
  // The ranks under this one, itself the first, counted from the root: [first(), last()).
  [[nodiscard]] int first() const { return place_; }
  [[nodiscard]] int last() const {
    return static_cast<int>(std::min<std::int64_t>(place_ + weight_, ranks_));
  }

  // The children in levels, those with the most ranks under them first.
  [[nodiscard]] std::vector<std::vector<Child>> levels() const {
    std::vector<std::vector<Child>> found;
    for (std::int64_t weight = weight_ / radix_; weight >= 1; weight /= radix_) {
      std::vector<Child> level;
      for (std::int64_t v = place_ + weight; v < ranks_ && v < place_ + radix_ * weight; v += weight)
        level.push_back({rank_of(static_cast<int>(v)), static_cast<int>(v),
                         static_cast<int>(std::min<std::int64_t>(v + weight, ranks_))});
      if (!level.empty()) found.push_back(level);
    }
    return found;
  }

 private:
  [[nodiscard]] int rank_of(int place) const {
    return wrap_rank(static_cast<int>((std::int64_t{place} + root_) % ranks_), ranks_);
  }

  int ranks_, root_, place_;
  std::int64_t radix_;
  std::int64_t weight_ = 1;  // of the lowest digit that is not 0; for the root the first power not below p
};

// What the formulas of k-nomial algorithms need.
struct KnomialShape {
  int height = 0;         // levels: ceil(log_k p)
  int root_children = 0;  // (k - 1) log_k p where p is a power of k
  int largest_child = 0;  // ranks under the largest child

  KnomialShape(int ranks, int radix) {
    for (std::int64_t weight = 1; weight < ranks; weight *= radix) {
      ++height;
      for (std::int64_t v = weight; v < ranks && v < radix * weight; v += weight) {
        ++root_children;
        largest_child = std::max(largest_child, static_cast<int>(std::min<std::int64_t>(weight, ranks - v)));
      }
    }
  }
};

}  // namespace podbench
