// When an operation with planted delays is over, if messages took no time: the longest chain of posts.
//
//   critical_path PATTERN ALGORITHM RANKS NS[,NS...]
//
// Delays are by rank, the last one for all further ranks; each post of a rank comes that much later, as the
// fault `delay` makes it. A send is over once it is posted, a receive once its send and it are posted. Prints
// each rank's end, ns, on one line.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "base/error.hpp"
#include "patterns/pattern.hpp"

namespace podbench {
namespace {

// Follows all ranks' schedules; a rank goes on whenever the sends that its step awaits have been posted.
class Course {
 public:
  Course(std::vector<Schedule> schedules, std::vector<std::int64_t> delays_ns)
      : schedules_(std::move(schedules)), delays_ns_(std::move(delays_ns)), ranks_(schedules_.size()) {}

  std::vector<std::int64_t> ends_ns() {
    for (bool moved = true; moved;) {
      moved = false;
      for (std::size_t rank = 0; rank < ranks_.size(); ++rank)
        while (advance(rank)) moved = true;
    }
    std::vector<std::int64_t> ends;
    for (std::size_t rank = 0; rank < ranks_.size(); ++rank) {
      if (ranks_[rank].step != schedules_[rank].steps()) throw RunError("the schedule never ends");
      ends.push_back(ranks_[rank].at_ns);
    }
    return ends;
  }

 private:
  struct Rank {
    std::size_t step = 0;
    std::int64_t at_ns = 0;
    bool posted = false;
  };
  using Channel = std::tuple<std::size_t, std::size_t, std::uint16_t>;  // from, to, tag

  [[nodiscard]] static Channel incoming(std::size_t rank, const Action& a) {
    return {static_cast<std::size_t>(a.peer), rank, a.tag};
  }

  void post(std::size_t rank, std::span<const Action> actions) {
    Rank& me = ranks_[rank];
    me.posted = true;
    if (std::ranges::all_of(actions, [](const Action& a) { return is_local(a.kind); })) return;
    me.at_ns += delays_ns_[std::min(rank, delays_ns_.size() - 1)];
    for (const Action& a : actions)
      if (a.kind == ActionKind::send)
        sent_[{rank, static_cast<std::size_t>(a.peer), a.tag}].push_back(me.at_ns);
  }

  // One step of the rank; false where it has to wait or has ended.
  bool advance(std::size_t rank) {
    Rank& me = ranks_[rank];
    if (me.step == schedules_[rank].steps()) return false;
    const auto actions = schedules_[rank].step(me.step);
    if (!me.posted) post(rank, actions);
    std::map<Channel, std::size_t> wanted;
    for (const Action& a : actions)
      if (a.kind == ActionKind::receive || a.kind == ActionKind::receive_reduce) ++wanted[incoming(rank, a)];
    for (const auto& [channel, count] : wanted)
      if (sent_[channel].size() < taken_[channel] + count) return false;
    for (const auto& [channel, count] : wanted) {
      taken_[channel] += count;
      me.at_ns = std::max(me.at_ns, sent_[channel][taken_[channel] - 1]);
    }
    me.posted = false;
    ++me.step;
    return true;
  }

  std::vector<Schedule> schedules_;
  std::vector<std::int64_t> delays_ns_;
  std::vector<Rank> ranks_;
  std::map<Channel, std::vector<std::int64_t>> sent_;
  std::map<Channel, std::size_t> taken_;
};

int run(const std::string& pattern, const std::string& name, int ranks, const std::string& delays) {
  const Algorithm* algorithm = find_algorithm(pattern, name);
  if (algorithm == nullptr || algorithm->generate == nullptr) throw RequestError("no such schedule");
  std::vector<Schedule> schedules;
  for (int rank = 0; rank < ranks; ++rank)
    schedules.push_back(algorithm->generate({rank, ranks, static_cast<std::uint64_t>(ranks), {}, {}}));
  std::vector<std::int64_t> delays_ns;
  std::istringstream words(delays);
  for (std::string word; std::getline(words, word, ',');) delays_ns.push_back(std::atoll(word.c_str()));
  if (delays_ns.empty()) throw RequestError("no delay is given");
  fmt::print("{}\n", fmt::join(Course(std::move(schedules), std::move(delays_ns)).ends_ns(), " "));
  return 0;
}

}  // namespace
}  // namespace podbench

int main(int count, char** words) {
  const int ranks = count == 5 ? std::atoi(words[3]) : 0;
  if (ranks < 1 || ranks > 1024) {
    std::fputs("usage: critical_path PATTERN ALGORITHM RANKS NS[,NS...]\n", stderr);
    return 2;
  }
  try {
    return podbench::run(words[1], words[2], ranks, words[4]);
  } catch (const std::exception& error) {
    fmt::print(stderr, "critical_path: {}\n", error.what());
    return 2;
  }
}
