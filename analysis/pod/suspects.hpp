// What can be to blame in a pod, and which flows would show it.
//
// Thread-safety: values; a SuspectCatalogue is read only, but works with one thread's Routes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "analysis/pod/routes.hpp"

namespace podbench {

// The larger a piece of hardware, the earlier.
enum class SuspectKind : std::uint8_t { rack, tile, node, network_switch, uplinks, port, cable };

enum class Way : std::uint8_t {
  both,
  out,  // node, port: sending; uplinks: upwards; cable: from its first end
  in,   // receiving, downwards, to its first end
};

struct Suspect {
  SuspectKind kind = SuspectKind::node;
  Way way = Way::both;
  int index =
      0;  // of a rack, node, vertex (switch, port, the lower end of uplinks), link; tiles by their first port
  friend bool operator==(const Suspect&, const Suspect&) = default;
  friend auto operator<=>(const Suspect&, const Suspect&) = default;
};

// "node n03", "NIC n03:1, sending", "cable n03-leaf0, from leaf0 to n03", "leaf0", "uplinks of leaf0,
// upwards".
[[nodiscard]] std::string name_of(const Pod& pod, const Suspect& suspect);

// How a link slows one of its flows once it is slower itself. A link of rate C that is slower by exp(θ)
// shares C exp(−θ) max–min fairly: flows that want less than the others keep what they have, and the rest
// share what is left. In units of C: `kept`, what the flows that are slower than this one use; `wanted`, what
// it and the faster ones would use if all had its rate; `crowd`, what all of them would. Exact where a link
// carries flows of at most two rates.
struct Crowding {
  float kept = 0, wanted = 1, crowd = 1;
  friend auto operator<=>(const Crowding&, const Crowding&) = default;

  // The θ below which the flow notices nothing.
  [[nodiscard]] double headroom() const;
  // Log of how many times slower the flow is.
  [[nodiscard]] double excess(double theta) const;
};

// The links of a suspect that a flow uses, all slower by the same θ: of the one that the flow notices first
// and the one that is fullest for it, the slower decides.
struct Notice {
  Crowding first, fullest;
  friend auto operator<=>(const Notice&, const Notice&) = default;

  [[nodiscard]] double headroom() const { return first.headroom(); }
  [[nodiscard]] double excess(double theta) const {
    return std::max(first.excess(theta), fullest.excess(theta));
  }
};

// How a flow meets a suspect.
struct Exposure {
  Suspect suspect;
  double share = 0;  // the probability that the flow's path leads over it
  Notice notice;
};

// What flows that run at the same time put on the links.
class SetLoads {
 public:
  // `bits_per_second`: each flow's rate.
  SetLoads(Routes& routes, std::span<const Flow> flows, std::span<const double> bits_per_second);
  // How crowded an arc is for a flow of this rate and share on it.
  [[nodiscard]] Crowding crowding(const Pod& pod, const ArcLoad& load, double bits_per_second) const;

 private:
  struct User {
    double rate = 0, share = 0;
  };
  std::vector<std::size_t> first_;  // of an arc's users
  std::vector<User> users_;
};

class SuspectCatalogue {
 public:
  explicit SuspectCatalogue(const Pod& pod);

  // Everything that one flow of the set meets, each suspect once, in order.
  [[nodiscard]] std::vector<Exposure> met_by(Routes& routes, const Flow& flow, double bits_per_second,
                                             const SetLoads& loads) const;

 private:
  const Pod& pod_;
  std::vector<int> tile_of_;  // by vertex: its tile's first port; −1: none
};

}  // namespace podbench
