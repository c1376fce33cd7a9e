// Watches one series night after night, as it was or would have been judged at the time: no night knows of
// later ones, so judging a longer history again gives the same changes and one more night at most.
//
// A window holds the nights since the last change, at most longest_window. Most nights only sums of scores
// are looked at, which costs a tenth of a microsecond; where one is suspicious the whole window is scanned,
// first for its autocorrelation and then with the deviates that autocorrelated nights have. Thread-safety:
// one thread at a time. Units: values in any unit above 0.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analysis/track/tail.hpp"
#include "analysis/track/window.hpp"

namespace podbench::track {

// What a night makes of a window. Nights count the series' own values from 0.
struct Suspicion {
  std::size_t night = 0;                 // at which it is seen
  std::size_t change = 0;                // the first night of the new level
  std::size_t earliest = 0, latest = 0;  // between which that night may lie instead, as far as the scan tells
  std::size_t window_begin = 0;          // the first night that was looked at
  double deviate = 0;                    // above 0: the new level is higher
  double p_value = 1;
  double rho = 0;  // the autocorrelation that was allowed for
};

// From where on sums of scores are suspicious: one table for all series. The scan itself asks for more.
class Thresholds {
 public:
  explicit Thresholds(double p);
  // For windows of n nights: by most_after − after, the least sum of the scores of the last `after` nights.
  [[nodiscard]] const float* of_length(std::size_t n) const { return sums_.data() + n * most_after; }
  [[nodiscard]] double p() const noexcept { return p_; }

 private:
  double p_;
  std::vector<float> sums_;
};

class SeriesWatch {
 public:
  // `values`: one a night, oldest first. They and the thresholds outlive the watch.
  SeriesWatch(std::span<const double> values, const Thresholds& thresholds);

  // Goes on to the next night whose scan is as improbable as the thresholds ask; none: to the end.
  [[nodiscard]] std::optional<Suspicion> next();

  // The last suspicion is a change: the window begins with it from now on.
  void accept();

  // What the newest night's window says, where it is as improbable as these thresholds ask.
  [[nodiscard]] std::optional<Suspicion> now(const Thresholds& thresholds) const;

  // The first night of the present level, 0 where it never changed.
  [[nodiscard]] std::size_t level_begin() const noexcept { return level_begin_; }
  [[nodiscard]] std::size_t window_size() const noexcept { return size_; }

 private:
  void take(std::size_t night);
  void drop_oldest();
  [[nodiscard]] bool suspicious(const Thresholds& thresholds) const;
  [[nodiscard]] Suspicion look() const;

  std::span<const double> values_;
  const Thresholds* thresholds_;
  std::size_t night_ = 0;  // the next to be taken
  std::size_t level_begin_ = 0;
  std::size_t size_ = 0;                           // of the window, which ends before night_
  std::array<double, longest_window + 1> sorted_;  // the window's values
  // The sum of all scores before each of the last nights, each score by the window that it came into; in a
  // buffer that is moved back when it is full.
  std::array<float, 4 * most_after> sums_;
  std::size_t sums_end_ = 0;
  Centre centre_;  // of the window, a few nights ago
  Suspicion last_;
};

}  // namespace podbench::track
