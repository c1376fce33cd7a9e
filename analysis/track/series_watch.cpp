#include "analysis/track/series_watch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/track/critical.hpp"
#include "analysis/track/scan.hpp"
#include "analysis/track/tail.hpp"

namespace podbench::track {
namespace {

constexpr double most_rho = 0.95;
// A night whose squared deviate is less than this below the largest may be the change's as well: twice the
// drop of the log-likelihood to a twentieth.
constexpr double location_drop = 6;
// Sums of scores are a coarser measure than the scan: by so many deviates they may fall short of it.
constexpr double coarseness = 0.6;
// A window of fewer nights gives no score.
constexpr std::size_t least_scored = 8;
// Sums of scores need no newer one.
constexpr std::size_t nights_a_centre = 4;

// The autocorrelation that a window of n nights is allowed for: what was seen, drawn towards what nights
// often have as far as so few nights say little, and a standard error on the safe side.
double allowed_rho(double seen, std::size_t n) {
  constexpr double usual = 0.5, usual_nights = 30;
  const auto nights = static_cast<double>(n);
  const double drawn = (nights * seen + usual_nights * usual) / (nights + usual_nights);
  const double root = std::sqrt(nights), evidence = std::clamp(seen * root - 1, 0.0, 1.0);
  return std::clamp(drawn + evidence / root, 0.0, most_rho);
}

}  // namespace

Thresholds::Thresholds(double p)
    : p_(p), sums_((longest_window + 1) * most_after, std::numeric_limits<float>::infinity()) {
  for (std::size_t n = least_window; n <= longest_window; ++n) {
    const double critical = critical_deviate(n, p) - coarseness;
    for (std::size_t after = least_segment; after <= longest_end(n); ++after)
      sums_[n * most_after + most_after - after] =
          static_cast<float>(critical * std::sqrt(static_cast<double>(after)));
  }
}

SeriesWatch::SeriesWatch(std::span<const double> values, const Thresholds& thresholds)
    : values_(values), thresholds_(&thresholds) {
  sums_.fill(0);
  sums_end_ = most_after;
}

void SeriesWatch::drop_oldest() {
  const auto end = sorted_.begin() + static_cast<std::ptrdiff_t>(size_);
  const auto place = std::lower_bound(sorted_.begin(), end, values_[night_ - size_]);
  std::copy(place + 1, end, place);
  --size_;
}

void SeriesWatch::take(std::size_t night) {
  const double value = values_[night];
  double score = 0;
  if (size_ >= least_scored) {
    if (size_ < 2 * least_scored || night % nights_a_centre == 0)
      centre_ = centre_of({sorted_.data(), size_});
    score = centre_.score(value);
  }
  if (sums_end_ == sums_.size()) {
    std::copy(sums_.end() - static_cast<std::ptrdiff_t>(most_after), sums_.end(), sums_.begin());
    for (std::size_t i = 0; i < most_after; ++i) sums_[i] -= sums_[most_after - 1];
    sums_end_ = most_after;
  }
  sums_[sums_end_] = sums_[sums_end_ - 1] + static_cast<float>(score);
  ++sums_end_;
  if (size_ == longest_window) drop_oldest();
  const auto end = sorted_.begin() + static_cast<std::ptrdiff_t>(size_);
  const auto place = std::upper_bound(sorted_.begin(), end, value);
  std::copy_backward(place, end, end + 1);
  *place = value;
  ++size_;
}

bool SeriesWatch::suspicious(const Thresholds& thresholds) const {
  const float* const least = thresholds.of_length(size_);
  const float all = sums_[sums_end_ - 1];
  const float* const before = sums_.data() + sums_end_ - 1 - most_after;
  bool any = false;
  for (std::size_t i = 0; i < most_after; ++i) any |= std::abs(all - before[i]) >= least[i];
  return any;
}

Suspicion SeriesWatch::look() const {
  Suspicion seen;
  seen.night = night_ - 1;
  seen.window_begin = night_ - size_;
  const std::vector<double> scores =
      robust_scores(values_.subspan(seen.window_begin, size_), centre_of({sorted_.data(), size_}));
  seen.rho = allowed_rho(autocorrelation_about(scores, largest_of(scan_roughly(scores))), size_);
  const std::vector<Split> splits = scan_all(scores, seen.rho);
  const Split best = largest_of(splits);
  seen.change = night_ - best.after;
  seen.deviate = best.deviate;
  seen.p_value = scan_p_value(size_, std::abs(best.deviate));
  seen.earliest = seen.latest = seen.change;
  for (const Split& split : splits) {
    const bool possible = split.deviate * best.deviate > 0 &&
                          split.deviate * split.deviate >= best.deviate * best.deviate - location_drop;
    if (!possible) continue;
    seen.earliest = std::min(seen.earliest, night_ - split.after);
    seen.latest = std::max(seen.latest, night_ - split.after);
  }
  return seen;
}

std::optional<Suspicion> SeriesWatch::now(const Thresholds& thresholds) const {
  if (size_ < least_window || !suspicious(thresholds)) return std::nullopt;
  const Suspicion seen = look();
  return seen.p_value <= thresholds.p() ? std::optional(seen) : std::nullopt;
}

std::optional<Suspicion> SeriesWatch::next() {
  while (night_ < values_.size()) {
    take(night_++);
    const std::optional<Suspicion> seen = now(*thresholds_);
    if (!seen) continue;
    last_ = *seen;
    return seen;
  }
  return std::nullopt;
}

void SeriesWatch::accept() {
  level_begin_ = last_.change;
  size_ = 0;
  sums_.fill(0);
  sums_end_ = most_after;
  for (std::size_t night = level_begin_; night < night_; ++night) take(night);
}

}  // namespace podbench::track
