// Which run files of a history may go: what is older than asked for and no judgement needs.
//
// Nothing is judged from what is deleted: a night's judgement reads at most longest_window nights, and where it
// rests on an earlier change, the nights from which that change was found, and so on back. Those stay, however
// few are asked for, so that later nights judge exactly as if nothing had been deleted, and no alert comes twice.
// Thread-safety: one thread. Units: nights, seconds.
#pragma once

#include <string>
#include <vector>

#include "analysis/track/judge.hpp"

namespace podbench::track {

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
[[nodiscard]] Retention plan_retention(const History& history, const Judgement& judgement, const Keep& keep);

// Removes the files, oldest first, and syncs their folders. A file is removed only where it still is the run that
// was read. The lines say what became of each. RunError where the system refuses.
std::vector<std::string> delete_runs(const History& history, const Retention& retention);

}  // namespace podbench::track
