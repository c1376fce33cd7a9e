// Which run files of a history may go: what is older than asked for and no judgement needs.
//
// Nothing is judged from what is deleted: a night's judgement reaches reach_nights back, and where it rests
// on an earlier change, as far back from the night at which that was confirmed, and so on. Those nights stay,
// however few are asked for. Then what would be left is judged, and where any series would stand otherwise
// than now, more stays: later nights judge as if nothing had been deleted, and no alert comes twice.
// Thread-safety: one thread. Units: nights, seconds.
#pragma once

#include <string>
#include <vector>

#include "analysis/track/judge.hpp"
#include "analysis/track/window.hpp"

namespace podbench::track {

// A window, and the scores of its newest nights, each by the window that it came into.
inline constexpr std::size_t reach_nights = longest_window + most_after;

// "90" nights or "90d".
struct Keep {
  std::size_t nights = 0;  // 0: by age
  double seconds = 0;
};
// RequestError where it is neither.
[[nodiscard]] Keep parse_keep(const std::string& text);

struct Retention {
  std::vector<std::size_t> deletable;  // nights, oldest first
  std::size_t needed = 0;              // nights that were asked away and stay, since judgements need them
};
// The age is counted from the newest night. Nights whose run is not complete are not touched.
[[nodiscard]] Retention plan_retention(const History& history, const Judgement& judgement, const Rules& rules,
                                       const Keep& keep);

// Removes the files, oldest first, and syncs their folders. A file is removed only where it still is the run
// that was read. The lines say what became of each. RunError where the system refuses.
std::vector<std::string> delete_runs(const History& history, const Retention& retention);

}  // namespace podbench::track
