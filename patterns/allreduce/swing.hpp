// The partners of Swing, which are those of the distance-doubling Bine butterfly too: in step s an even rank
// meets the rank rho(s) above it and an odd one the rank rho(s) below it, rho(s) = 1 - 2 + 4 - … (-2)^s, on a
// ring of 2^m ranks. Distances 1, 1, 3, 5, 11, … about a third shorter than powers of two.
//
// D. De Sensi, T. Bonato, D. Saam, T. Hoefler, "Swing: Short-cutting Rings for Higher Bandwidth Allreduce",
// NSDI 2024.
//
// The ranks that still meet, directly or through others, in steps s and later are the ring's class s. As
// rho(t) is 1/3 modulo 2^(s+1) for every t >= s, an odd rank stands in its class for the even rank 1/3 below
// it: class s is decided by the lower s+1 bits of that even rank, and of class m only the rank itself is
// left. Thread-safety: values.
#pragma once

#include <algorithm>
#include <vector>

#include "patterns/blocks.hpp"

namespace podbench {

class Swing {
 public:
  explicit Swing(int members) : members_(members), steps_(log2_floor(members)) {}

  [[nodiscard]] int steps() const { return steps_; }

  [[nodiscard]] int partner(int member, int step) const {
    return wrap_rank(member % 2 == 0 ? member + rho(step) : member - rho(step), members_);
  }

  // A number in which class s is a run: its upper s bits name the class.
  [[nodiscard]] int position(int member) const {
    int place = 0;
    for (int s = 1; s < steps_; ++s) place = 2 * place + (anchor(member) >> s & 1);
    return steps_ == 0 ? 0 : 2 * place + member % 2;
  }

  // The members of `member`'s class s, ascending.
  [[nodiscard]] std::vector<int> class_of(int member, int s) const {
    if (s == steps_) return {member};
    std::vector<int> found;
    const int stride = 2 << s;
    const int even = anchor(member) % stride, odd = (even + third()) % stride;
    for (int first = 0; first < members_; first += stride) {
      found.push_back(first + std::min(even, odd));
      found.push_back(first + std::max(even, odd));
    }
    return found;
  }

 private:
  [[nodiscard]] static int rho(int step) {
    int sum = 0;
    for (int k = step; k >= 0; --k) sum = 1 - 2 * sum;
    return sum;
  }
  // One third modulo `members`.
  [[nodiscard]] int third() const { return wrap_rank(rho(steps_), members_); }
  // The even rank that stands for this one.
  [[nodiscard]] int anchor(int member) const {
    return member % 2 == 0 ? member : wrap_rank(member - third(), members_);
  }

  int members_;
  int steps_;
};

}  // namespace podbench
