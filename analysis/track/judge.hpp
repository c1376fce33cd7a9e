// Judges a history night by night: which series changed, when, by how much and how sure, and which of the
// changes are one event.
//
// Nothing is remembered between calls: what was alerted on an earlier night follows from the history itself,
// because each night is judged from the nights before it only. So an alert belongs to exactly one night, the
// one at which it was confirmed, however often the history is judged again.
// Thread-safety: pure; uses `threads` threads while it works. Units: nights are indices into the history.
#pragma once

#include <string>
#include <vector>

#include "analysis/track/effect.hpp"
#include "analysis/track/history.hpp"
#include "analysis/track/rules.hpp"

namespace podbench::track {

struct Change {
  std::size_t series = 0;
  Metric metric = Metric::p50;
  std::size_t night = 0;                 // the first of the new level
  std::size_t earliest = 0, latest = 0;  // between which it may lie instead
  std::size_t confirmed = 0;             // at which night's verdict
  bool slower = false;
  Effect effect;                       // after over before, as it was seen when confirmed
  double before_ns = 0, after_ns = 0;  // medians
  double p_value = 1, q_value = 1;     // of the change; among all series of that night
  double rho = 0;                      // the autocorrelation that was allowed for
  std::size_t alert = 0;               // which of Judgement::alerts it belongs to
};

// Changes of one event: in the same direction, at the same time, with something in common.
struct Alert {
  std::size_t raised = 0;  // the night at which its first change was confirmed
  std::size_t night = 0;   // of that change
  bool slower = false;
  std::vector<std::size_t> changes;  // into Judgement::changes; those of `raised` first
};

// How a series stands at the newest night.
struct Standing {
  std::size_t points = 0;       // nights with a value
  std::size_t level_begin = 0;  // the night at which the present level began
  std::size_t window = 0;       // nights that the newest judgement looked at
  bool tonight = false;         // the newest night has a value
  double level_ns = 0;          // median of the present level, of at most its newest 64 nights
  double spread = 0;            // robust relative standard deviation of the same
  bool suspected = false;       // a change is improbable without cause, but not enough for an alert
  std::size_t suspected_night = 0;
  double suspected_p = 1;
};

struct Judgement {
  std::vector<Change> changes;               // by the night of their confirmation
  std::vector<Alert> alerts;                 // by the night at which they were raised
  std::vector<Standing> standings[metrics];  // by series
  std::size_t judged = 0;  // series and metrics that have enough nights to be judged at the newest
};

[[nodiscard]] Judgement judge(const History& history, const Rules& rules, unsigned threads = 2);

}  // namespace podbench::track
