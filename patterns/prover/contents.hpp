// What each element of a buffer holds while the prover follows a schedule: the reduction, over a set of
// ranks, of one element of their inputs. Kept as runs of elements, so that memory follows the number of
// pieces and never the count. Thread-safety: one thread.
#pragma once

#include <cstdint>
#include <vector>

#include "patterns/prover/contributors.hpp"

namespace podbench::prover {

// Elements [first, first + count) hold the elements [input_first, +count) of the inputs of `ranks`, reduced.
struct Content {
  std::uint64_t first, count, input_first;
  Contributors::Set ranks;

  [[nodiscard]] std::uint64_t end() const { return first + count; }
  // The elements [begin, finish) of it.
  [[nodiscard]] Content cut(std::uint64_t begin, std::uint64_t finish) const {
    return {begin, finish - begin, input_first + (begin - first), ranks};
  }
  // `next` goes on where this one ends.
  [[nodiscard]] bool continues_in(const Content& next) const {
    return end() == next.first && ranks == next.ranks && input_first + count == next.input_first;
  }
  friend bool operator==(const Content&, const Content&) = default;
};

class Contents {
 public:
  void clear();
  // Appends what [first, first + count) holds to `out`, in order; false where an element is undefined, and
  // then `undefined` is the first such.
  [[nodiscard]] bool read(std::uint64_t first, std::uint64_t count, std::vector<Content>& out,
                          std::uint64_t& undefined) const;
  void write(const Content& piece);

 private:
  [[nodiscard]] std::size_t size() const { return slots_.size() - (gap_end_ - gap_begin_); }
  [[nodiscard]] const Content& run(std::size_t i) const {
    return slots_[i < gap_begin_ ? i : i + (gap_end_ - gap_begin_)];
  }
  [[nodiscard]] std::size_t first_after(std::uint64_t element, std::size_t guess) const;
  void move_gap(std::size_t to);
  void widen_gap();

  // The runs, in order, disjoint, none continuing in the next; elements between them are undefined. The slots
  // have a gap where they changed last (a gap buffer), since most algorithms write beside what they wrote.
  std::vector<Content> slots_;
  std::size_t gap_begin_ = 0, gap_end_ = 0;
  mutable std::size_t last_read_ = 0;  // and read beside what they read
};

}  // namespace podbench::prover
