#include "patterns/alltoall/exchange.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.hpp"
#include "patterns/alltoallv/count_matrix.hpp"

namespace podbench {

namespace {

// Popularity in whole numbers, so that every machine shares out alike: the most popular rank's weight, chosen
// so that the sum is at most 2^32.
double largest_weight(int ranks) {
  return std::exp2(std::min(20, 32 - log2_ceil(ranks)));
}

// How popular the ranks below each one are together.
struct Popularity {
  int ranks = 0;
  double skew = 0;
  std::uint64_t seed = 0;
  std::vector<std::uint64_t> up_to;
};

Popularity draw_popularity(int ranks, const Parameters& parameters) {
  std::vector<int> order(static_cast<std::size_t>(ranks));
  std::iota(order.begin(), order.end(), 0);
  Random(parameters.seed).shuffle(std::span(order));
  Popularity drawn{ranks, parameters.skew, parameters.seed, {}};
  drawn.up_to.assign(order.size() + 1, 0);
  const double largest = largest_weight(ranks);
  for (std::size_t k = 0; k < order.size(); ++k) {
    const double weight = largest * std::pow(static_cast<double>(k + 1), -parameters.skew);
    drawn.up_to[static_cast<std::size_t>(order[k]) + 1] = static_cast<std::uint64_t>(std::llround(weight));
  }
  std::partial_sum(drawn.up_to.begin(), drawn.up_to.end(), drawn.up_to.begin());
  return drawn;
}

// Remembers the last one of the thread: all ranks of a problem ask for the same.
const Popularity& popularity_for(int ranks, const Parameters& parameters) {
  static thread_local Popularity last;
  if (last.ranks != ranks || last.skew != parameters.skew || last.seed != parameters.seed)
    last = draw_popularity(ranks, parameters);
  return last;
}

// floor(count · share / whole) without overflow; share <= whole <= 2^32.
std::uint64_t portion(std::uint64_t count, std::uint64_t share, std::uint64_t whole) {
  return count / whole * share + count % whole * share / whole;
}

}  // namespace

Exchange Exchange::even(const Problem& problem) {
  return Exchange(problem);
}

Exchange Exchange::uneven(const Problem& problem) {
  Exchange exchange(problem);
  exchange.matrix_ = problem.parameters.matrix;
  const int p = problem.ranks;
  exchange.outgoing_first_.assign(static_cast<std::size_t>(p) + 1, 0);
  exchange.incoming_first_.assign(static_cast<std::size_t>(p) + 1, 0);
  if (exchange.matrix_ == nullptr) exchange.share_by_popularity(problem.parameters);
  for (int peer = 0; peer < p; ++peer) {
    const auto i = static_cast<std::size_t>(peer);
    if (exchange.matrix_ != nullptr)
      exchange.outgoing_first_[i + 1] = exchange.outgoing_first_[i] + exchange.count(problem.rank, peer);
    exchange.incoming_first_[i + 1] = exchange.incoming_first_[i] + exchange.count(peer, problem.rank);
  }
  return exchange;
}

void Exchange::share_by_popularity(const Parameters& parameters) {
  const Popularity& popularity = popularity_for(ranks_, parameters);
  for (std::size_t i = 0; i < popularity.up_to.size(); ++i)
    outgoing_first_[i] = portion(count_, popularity.up_to[i], popularity.up_to.back());
}

std::uint64_t Exchange::count(int from, int to) const {
  if (outgoing_first_.empty()) return even_.count(from, to);
  if (matrix_ != nullptr) return matrix_->at(from, to);
  const auto j = static_cast<std::size_t>(to);
  return outgoing_first_[j + 1] - outgoing_first_[j];
}

Block Exchange::outgoing(int to) const {
  if (outgoing_first_.empty()) return even_.at(rank_, to);
  return {outgoing_first_[static_cast<std::size_t>(to)], count(rank_, to)};
}

Block Exchange::incoming(int from) const {
  if (outgoing_first_.empty()) return even_.at(rank_, from);
  return {incoming_first_[static_cast<std::size_t>(from)], count(from, rank_)};
}

std::uint64_t Exchange::outgoing_count() const {
  return outgoing_first_.empty() ? count_ : outgoing_first_.back();
}
std::uint64_t Exchange::incoming_count() const {
  return outgoing_first_.empty() ? count_ : incoming_first_.back();
}

}  // namespace podbench
