// Pairs sends with receives: between two ranks and under one tag, in the order of both plans.
//
// Sorting by (sender, receiver) is done by counting, in time and memory linear in the actions and ranks.
#include <algorithm>

#include "patterns/prover/program.hpp"

namespace podbench::prover {

namespace {

struct End {
  int sender, receiver;
  std::uint16_t tag;
  std::uint32_t action, step;
  std::uint64_t count;
};

// Stable; keys are ranks.
template <class Key>
void counting_sort(std::vector<End>& ends, int ranks, Key key) {
  std::vector<std::uint32_t> begin(static_cast<std::size_t>(ranks) + 1, 0);
  for (const End& end : ends) ++begin[static_cast<std::size_t>(key(end)) + 1];
  for (std::size_t r = 1; r < begin.size(); ++r) begin[r] += begin[r - 1];
  std::vector<End> sorted(ends.size());
  for (const End& end : ends) sorted[begin[static_cast<std::size_t>(key(end))]++] = end;
  ends.swap(sorted);
}

// All sends or all receives, sorted by sender, receiver, tag and order.
std::vector<End> sorted_ends(const Program& program, bool sends) {
  std::vector<End> ends;
  for (int rank = 0; rank < program.ranks(); ++rank) {
    const Schedule& schedule = program.of(rank);
    std::uint32_t action = program.first_action[static_cast<std::size_t>(rank)];
    for (std::size_t s = 0; s < schedule.steps(); ++s)
      for (const Action& a : schedule.step(s)) {
        const auto step = static_cast<std::uint32_t>(s);
        if (sends && a.kind == ActionKind::send)
          ends.push_back({rank, a.peer, a.tag, action, step, a.from.count});
        if (!sends && (a.kind == ActionKind::receive || a.kind == ActionKind::receive_reduce))
          ends.push_back({a.peer, rank, a.tag, action, step, a.into.count});
        ++action;
      }
  }
  if (sends) counting_sort(ends, program.ranks(), [](const End& e) { return e.receiver; });
  counting_sort(ends, program.ranks(), [](const End& e) { return e.sender; });
  const auto same_pair = [](const End& a, const End& b) {
    return a.sender == b.sender && a.receiver == b.receiver;
  };
  for (auto begin = ends.begin(); begin != ends.end();) {
    const auto end = std::find_if(begin, ends.end(), [&](const End& e) { return !same_pair(*begin, e); });
    if (end - begin > 1)
      std::stable_sort(begin, end, [](const End& a, const End& b) { return a.tag < b.tag; });
    begin = end;
  }
  return ends;
}

Fault unmatched_send(const End& e) {
  return fault_at(e.sender, e.step, "sends {} elements with tag {} to rank {}, which does not receive them",
                  e.count, e.tag, e.receiver);
}
Fault unmatched_receive(const End& e) {
  return fault_at(e.receiver, e.step,
                  "receives {} elements with tag {} from rank {}, which does not send them", e.count, e.tag,
                  e.sender);
}

}  // namespace

MaybeFault match(const Program& program, Matching& matching) {
  const std::vector<End> sends = sorted_ends(program, true), receives = sorted_ends(program, false);
  matching.partner.assign(program.first_action.back(), Matching::none);
  matching.partner_step.assign(program.first_action.back(), 0);
  const auto key = [](const End& e) { return std::tuple(e.sender, e.receiver, e.tag); };
  for (std::size_t i = 0; i < std::max(sends.size(), receives.size()); ++i) {
    if (i == sends.size()) return unmatched_receive(receives[i]);
    if (i == receives.size()) return unmatched_send(sends[i]);
    const End &s = sends[i], &r = receives[i];
    if (key(s) < key(r)) return unmatched_send(s);
    if (key(r) < key(s)) return unmatched_receive(r);
    if (s.count != r.count)
      return fault_at(r.receiver, r.step, "receives {} elements from rank {}, which sends {}", r.count,
                      r.sender, s.count);
    matching.partner[s.action] = r.action;
    matching.partner[r.action] = s.action;
    matching.partner_step[s.action] = r.step;
    matching.partner_step[r.action] = s.step;
  }
  return {};
}

}  // namespace podbench::prover
