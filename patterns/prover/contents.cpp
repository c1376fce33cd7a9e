#include "patterns/prover/contents.hpp"

#include <algorithm>
#include <iterator>

namespace podbench::prover {

namespace {

using Runs = std::vector<Content>;

// The first run that ends after `element`.
template <class R>
auto first_after(R& runs, std::uint64_t element) {
  return std::upper_bound(runs.begin(), runs.end(), element,
                          [](std::uint64_t e, const Content& run) { return e < run.end(); });
}

// Appends, joined to the last run where it continues it.
void append(Runs& runs, const Content& next) {
  if (!runs.empty() && runs.back().continues_in(next))
    runs.back().count += next.count;
  else
    runs.push_back(next);
}

}  // namespace

bool Contents::read(std::uint64_t first, std::uint64_t count, Runs& out, std::uint64_t& undefined) const {
  const std::uint64_t end = first + count;
  std::uint64_t at = first;
  for (auto run = first_after(runs_, first); at < end; ++run) {
    if (run == runs_.end() || run->first > at) {
      undefined = at;
      return false;
    }
    const std::uint64_t finish = std::min(end, run->end());
    out.push_back(run->cut(at, finish));
    at = finish;
  }
  return true;
}

void Contents::write(const Runs& pieces) {
  const std::uint64_t begin = pieces.front().first, end = pieces.back().end();
  // The runs that the new ones touch, neighbours included, become: rest before, new ones, rest after.
  auto from = first_after(runs_, begin == 0 ? 0 : begin - 1);
  auto to = from;
  static thread_local Runs fresh;
  fresh.clear();
  if (from != runs_.end() && from->first < begin)
    fresh.push_back(from->cut(from->first, std::min(begin, from->end())));
  for (const Content& piece : pieces) append(fresh, piece);
  for (; to != runs_.end() && to->first <= end; ++to)
    if (to->end() > end) append(fresh, to->cut(std::max(end, to->first), to->end()));

  const auto old_size = to - from, new_size = std::ssize(fresh);
  const auto common = std::min(old_size, new_size);
  std::copy_n(fresh.begin(), common, from);
  if (new_size > old_size)
    runs_.insert(to, fresh.begin() + common, fresh.end());
  else
    runs_.erase(from + common, to);
}

}  // namespace podbench::prover
