// Acceptances of pods that are not there: what a runner would leave behind, with planted faults, and the
// turns that it would take (more launches, second partners). Links slow down as in
// analysis/pod/test/simulation.hpp, independent of the solver's model. Everything follows from the seed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/accept/acceptance.hpp"
#include "analysis/pod/test/simulation.hpp"
#include "base/random.hpp"

namespace podbench::accept::sample {

enum class FaultKind : std::uint8_t { link, slow_cpu, drop, flap, mtu, nic_rate, corrupt, dead, hang };
[[nodiscard]] std::string_view name_of(FaultKind kind);

struct Planted {
  FaultKind kind = FaultKind::link;
  podbench::sample::Fault slow{};  // of a link fault
  int node = 0;                    // of all others but a flap
  int link = 0;                    // of a flap
  Stage at = Stage::pairs;         // in which a node dies or hangs
};
[[nodiscard]] std::string name_of(const Pod& pod, const Planted& planted);

struct Scenario {
  std::vector<Planted> faults;
  double noise = 0.01;  // of a launch's median, relative
  double efficiency = 0.95;
  std::uint64_t seed = 1;
  bool redraws = false;  // every launch draws its flows' paths anew, where they keep to one
};

struct Accepted {
  Run run;
  Acceptance acceptance;
  std::size_t turns = 0;  // of second partners
};

// Every stage that the gates let through.
[[nodiscard]] Accepted accept(const Pod& pod, const Scenario& scenario);

// What came of the blame: named and nobody else, somebody else, nobody.
enum class Verdict : std::uint8_t { right, wrong, missed };
[[nodiscard]] Verdict verdict_of(const Pod& pod, const Scenario& scenario, const Acceptance& acceptance);

}  // namespace podbench::accept::sample
