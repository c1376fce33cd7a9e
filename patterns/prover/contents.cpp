#include "patterns/prover/contents.hpp"

#include <algorithm>

namespace podbench::prover {

void Contents::clear() {
  gap_begin_ = 0;
  gap_end_ = slots_.size();
}

// The first run that ends after `element`; most likely `guess` or one beside it.
std::size_t Contents::first_after(std::uint64_t element, std::size_t guess) const {
  std::size_t low = 0, high = size();
  for (std::size_t i = guess > 0 ? guess - 1 : 0; i <= guess + 1 && i < high; ++i) {
    if (run(i).end() <= element)
      low = i + 1;
    else if (i == low)
      return i;
    else
      high = i;
  }
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (run(middle).end() > element)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

bool Contents::read(std::uint64_t first, std::uint64_t count, std::vector<Content>& out,
                    std::uint64_t& undefined) const {
  const std::uint64_t end = first + count;
  std::uint64_t at = first;
  const std::size_t runs = size();
  for (std::size_t i = first_after(first, last_read_); at < end; ++i) {
    if (i == runs || run(i).first > at) {
      undefined = at;
      return false;
    }
    const std::uint64_t finish = std::min(end, run(i).end());
    out.push_back(run(i).cut(at, finish));
    at = finish;
    last_read_ = i;
  }
  return true;
}

void Contents::write(const Content& piece) {
  if (gap_end_ - gap_begin_ < 2) widen_gap();
  move_gap(first_after(piece.first, gap_begin_));
  // Before the gap now lies what ends before the piece; behind it, what it covers wholly or in part.
  const std::uint64_t end = piece.end();
  if (gap_end_ < slots_.size() && slots_[gap_end_].first < piece.first) {
    const Content& cut = slots_[gap_end_];
    slots_[gap_begin_++] = cut.cut(cut.first, piece.first);
  }
  while (gap_end_ < slots_.size() && slots_[gap_end_].end() <= end) ++gap_end_;
  const bool more = gap_end_ < slots_.size();
  if (more && slots_[gap_end_].first < end)
    slots_[gap_end_] = slots_[gap_end_].cut(end, slots_[gap_end_].end());

  if (gap_begin_ > 0 && slots_[gap_begin_ - 1].continues_in(piece))
    slots_[gap_begin_ - 1].count += piece.count;
  else
    slots_[gap_begin_++] = piece;
  if (more && slots_[gap_begin_ - 1].continues_in(slots_[gap_end_]))
    slots_[gap_begin_ - 1].count += slots_[gap_end_++].count;
}

// Afterwards the gap lies before run `to`.
void Contents::move_gap(std::size_t to) {
  for (; gap_begin_ > to; --gap_begin_) slots_[--gap_end_] = slots_[gap_begin_ - 1];
  for (; gap_begin_ < to; ++gap_begin_) slots_[gap_begin_] = slots_[gap_end_++];
}

void Contents::widen_gap() {
  const std::size_t more = slots_.size() + 8;
  slots_.insert(slots_.begin() + static_cast<std::ptrdiff_t>(gap_end_), more, Content{});
  gap_end_ += more;
}

}  // namespace podbench::prover
