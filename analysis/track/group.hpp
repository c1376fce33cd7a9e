// Which changes are one event, and what the series of an event have in common.
// Thread-safety: pure.
#pragma once

#include <string>
#include <vector>

#include "analysis/track/judge.hpp"

namespace podbench::track {

// Puts every change of the judgement, which are in the order of their confirmation, into an alert. A change
// joins an alert that moved in the same direction on a night that may be its own, when the two have a
// transport, a pattern or (where the history knows several) the hosts in common, or when their series moved
// together before too: the correlation of their values over the 60 nights before is 0.5 or more. Otherwise it
// is an alert of its own. A change that is confirmed later than the alert it joins raises nothing.
void group(const History& history, Judgement& judgement);

// What sets the series of an alert apart from the others that are measured: "transport tcp (24 of its 24
// series)", the most telling first; empty where nothing does, or all series moved.
struct CommonFactor {
  std::string name, value;     // "transport", "tcp"
  std::size_t moved = 0;       // series of the alert with that value
  std::size_t with_value = 0;  // all series with it that have a value on that night
};
struct CommonGround {
  std::vector<CommonFactor> factors;
  std::size_t moved = 0, measured = 0;  // distinct series of the alert; all that have a value on that night
};
[[nodiscard]] CommonGround common_ground(const History& history, const Judgement& judgement,
                                         const Alert& alert);

}  // namespace podbench::track
