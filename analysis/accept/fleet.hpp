// What the healthy majority of a fleet does, though some of it may be sick.
//
// One sick node spoils 2/n of all pairs, half of them with four nodes, where a median over pairs has nothing
// to say any more. So each node is first judged by the better half of what it took part in, and the fleet by
// the better half of its nodes: lower medians of badness, twice. Spread is the median absolute deviation,
// taken in the same two steps, times 1.4826 (Rousseeuw & Croux, "Alternatives to the median absolute
// deviation", JASA 88, 1993); it is never less than what one member scatters by from launch to launch, so
// that a fleet on a noisy machine is not judged by differences that the next run would not find.
// Thread-safety: pure. Units: badness is a logarithm, higher is worse.
#pragma once

#include <span>
#include <vector>

namespace podbench::accept {

struct FleetMember {
  std::vector<int> nodes;  // who took part
  double badness = 0;      // median over its launches
  double scatter = 0;      // between its launches, as a standard deviation
};

// From a figure by launch, above 0, that is better the smaller it is. At least one.
[[nodiscard]] FleetMember member_of(std::vector<int> nodes, std::span<const double> by_launch);

struct Fleet {
  double centre = 0, spread = 0;
  double scatter = 0;  // of a usual member between launches
  // The badness from which a member is too far away: `relative` off, and farther than the healthy ones
  // scatter by themselves.
  [[nodiscard]] double limit(double relative) const;
  // Whether launches scatter so much that missing a limit by `distance` may be what others do on the
  // machines.
  [[nodiscard]] bool doubts(double distance) const;
};

// At least one member.
[[nodiscard]] Fleet fleet_of(std::span<const FleetMember> members);

}  // namespace podbench::accept
