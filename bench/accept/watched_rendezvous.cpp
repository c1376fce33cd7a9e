#include "bench/accept/watched_rendezvous.hpp"

#include <algorithm>
#include <numeric>

#include "bench/executor.hpp"

namespace podbench::accept {

void WatchedRendezvous::fence(Deadline deadline) {
  const auto span = std::min<std::chrono::nanoseconds>(deadline.left(), patience_ + longer_);
  const Deadline ours = Deadline::after(span);
  try {
    inner_.fence(ours);
  } catch (const RunError&) {
    if (!ours.passed()) throw;
    std::vector<int> others(static_cast<std::size_t>(size()));
    std::iota(others.begin(), others.end(), 0);
    others.erase(others.begin() + rank());
    throw StalledError(others, "waiting for the other ranks between two launches");
  }
}

}  // namespace podbench::accept
