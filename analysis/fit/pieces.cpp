#include "analysis/fit/pieces.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/statistics.hpp"

namespace podbench::fit {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr std::size_t most_searched = 100;
constexpr double least_miss = 0.05, noises_missed = 3;

// Every so manieth sample, so that there are at most most_searched.
std::vector<Sample> thinned(std::span<const Sample> samples, std::size_t step) {
  std::vector<Sample> few;
  for (std::size_t i = 0; i < samples.size(); i += step) few.push_back(samples[i]);
  return few;
}

// Best cuts for every number of pieces.
class Search {
 public:
  Search(std::span<const Sample> samples, const PieceRules& rules)
      : samples_(samples), noise_(rules.noise), ends_(samples.size() + 1) {
    const std::size_t most =
        std::max<std::size_t>(1, std::min(rules.most_pieces, samples.size() / least_piece_samples));
    measure();
    best_.assign(most + 1, std::vector<Step>(ends_));
    for (std::size_t end = 1; end < ends_; ++end) best_[1][end] = {loss_[0][end], 0};
    for (std::size_t pieces = 2; pieces <= most; ++pieces) extend(pieces);
  }

  // Schwarz's criterion: a piece costs its line's two figures, a further one also its place.
  [[nodiscard]] std::size_t number() const {
    const auto n = static_cast<double>(samples_.size());
    std::size_t chosen = 1;
    double least = infinite;
    for (std::size_t pieces = 1; pieces < best_.size(); ++pieces) {
      const double mean = std::max(best_[pieces].back().loss / n, noise_ * noise_);
      const double criterion = n * std::log(mean) + (3 * static_cast<double>(pieces) - 1) * std::log(n);
      if (criterion < least) {
        least = criterion;
        chosen = pieces;
      }
    }
    return chosen;
  }

  [[nodiscard]] std::vector<Piece> pieces(std::size_t number) const {
    std::vector<Piece> found;
    std::size_t end = samples_.size();
    for (std::size_t left = number; left > 0; --left) {
      const std::size_t begin = best_[left][end].begin;
      found.push_back({begin, end - 1, {}});
      end = begin;
    }
    std::reverse(found.begin(), found.end());
    return found;
  }

 private:
  struct Step {
    double loss = infinite;
    std::size_t begin = 0;
  };

  void measure() {
    loss_.assign(ends_, std::vector<double>(ends_, infinite));
    for (std::size_t begin = 0; begin < ends_; ++begin)
      for (std::size_t end = begin + 1; end < ends_; ++end) {
        const std::size_t count = end - begin;
        const bool whole = count == samples_.size();
        if (count < least_piece_samples && !whole) continue;
        const auto part = samples_.subspan(begin, count);
        loss_[begin][end] = loss(fit_line(part, noise_), part, noise_);
      }
  }

  void extend(std::size_t pieces) {
    for (std::size_t end = 1; end < ends_; ++end)
      for (std::size_t cut = 1; cut < end; ++cut) {
        const double sum = best_[pieces - 1][cut].loss + loss_[cut][end];
        if (sum < best_[pieces][end].loss) best_[pieces][end] = {sum, cut};
      }
  }

  std::span<const Sample> samples_;
  double noise_;
  std::size_t ends_;                       // a piece may end before any sample, and after the last
  std::vector<std::vector<double>> loss_;  // of one line from a sample up to an end
  std::vector<std::vector<Step>> best_;    // by number of pieces and end
};

std::span<const Sample> part_of(std::span<const Sample> samples, const Piece& piece) {
  return samples.subspan(piece.first, piece.last - piece.first + 1);
}

double worst_miss(std::span<const Sample> samples, double noise) {
  const Line line = fit_line(samples, noise);
  double worst = 0;
  for (const Sample& sample : samples) worst = std::max(worst, std::abs(residual(line, sample)));
  return worst;
}

// Neighbours that one line serves as well become one, the most alike first.
void join_alike(std::span<const Sample> samples, double noise, std::vector<Piece>& pieces) {
  const double allowed = std::max(least_miss, noises_missed * noise);
  while (pieces.size() > 1) {
    double least = infinite;
    std::size_t alike = 0;
    for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
      const double miss = worst_miss(part_of(samples, {pieces[i].first, pieces[i + 1].last, {}}), noise);
      if (miss >= least) continue;
      least = miss;
      alike = i;
    }
    if (least > allowed) return;
    pieces[alike].last = pieces[alike + 1].last;
    pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(alike) + 1);
  }
}

}  // namespace

std::vector<Piece> find_pieces(std::span<const Sample> samples, const PieceRules& rules) {
  if (samples.empty()) return {};
  const std::size_t step = (samples.size() + most_searched - 1) / most_searched;
  const std::vector<Sample> few = thinned(samples, step);
  const Search search(few, rules);
  std::vector<Piece> pieces = search.pieces(search.number());
  for (Piece& piece : pieces) {
    piece.first *= step;
    piece.last = std::min((piece.last + 1) * step, samples.size()) - 1;
  }
  join_alike(samples, rules.noise, pieces);
  for (Piece& piece : pieces) piece.line = fit_line(part_of(samples, piece), rules.noise);
  return pieces;
}

double switch_bytes(std::span<const Sample> samples, const Piece& before, const Piece& after) {
  const double low = samples[before.last].bytes, high = samples[after.first].bytes;
  const double crossing =
      (before.line.start_ns - after.line.start_ns) / (after.line.per_byte_ns - before.line.per_byte_ns);
  if (crossing > low && crossing < high) return crossing;
  const double middle = std::sqrt(std::max(low, 1.0) * high);
  // A line that falls below no time at all before its own samples says nothing there.
  return after.line.at(middle) > 0 ? middle : std::nextafter(high, low);
}

double own_noise(std::span<const Sample> samples) {
  std::vector<double> sizes;
  for (std::size_t i = 1; i + 1 < samples.size(); ++i) {
    const Sample &left = samples[i - 1], &middle = samples[i], &right = samples[i + 1];
    const double to_right = (middle.bytes - left.bytes) / (right.bytes - left.bytes);
    const double a = (1 - to_right) * left.time_ns / middle.time_ns,
                 b = to_right * right.time_ns / middle.time_ns;
    sizes.push_back(std::abs(1 - a - b) / std::sqrt(1 + a * a + b * b));
  }
  if (sizes.size() < 3) return std::numeric_limits<double>::quiet_NaN();
  std::sort(sizes.begin(), sizes.end());
  return quantile(sizes, 0.5) * 1.4826;  // the median of |N(0, 1)| is 1 / 1.4826
}

}  // namespace podbench::fit
