// Which links the flows of a pod use and what they can reach at most: shortest paths, equal-cost sharing,
// ceilings.
//
// A flow takes shortest paths in links; where several next hops are equally near, it splits evenly over them
// at every branch (ECMP; Hopps, RFC 2992). In a mesh or torus of `routing = "dimension order"` it goes along
// the first dimension, then the second, ... (Dally & Towles, "Principles and Practices of Interconnection
// Networks", 8.4), the shorter way around a ring, half of it each way where both are equally long.
// Thread-safety: a Routes belongs to one thread; the free functions are pure. Units: in the names.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "analysis/pod/pod.hpp"

namespace podbench {

// What a flow puts on an arc: equal-cost paths share it evenly at every branch.
struct ArcLoad {
  Arc arc;
  double share = 0;  // 0 .. 1 of the flow
};

// Rails are taken modulo what a node has.
struct Flow {
  int from_node = 0, to_node = 0;
  int from_rail = 0, to_rail = 0;
  double bytes = 0;
};

// Answers for one flow after another without tables over all pairs: a search from both ends meets in the
// middle and never looks into vertices with one link, which nothing passes through. In a Clos network what
// lies between two leaves is found once for all of their nodes. Memory: a few numbers a vertex and link, and
// up to 64 MiB of answers. Lifetime: refers to the pod.
class Routes {
 public:
  explicit Routes(const Pod& pod);

  // An arc occurs once. Empty from a port to itself. Valid until the next call; asserts that the ends are
  // joined.
  [[nodiscard]] std::span<const ArcLoad> between(int from_vertex, int to_vertex);
  [[nodiscard]] std::span<const ArcLoad> of(const Flow& flow) {
    return between(port_of(pod_, flow.from_node, flow.from_rail), port_of(pod_, flow.to_node, flow.to_rail));
  }

  struct Hop {
    int vertex;
    Arc arc;  // to that vertex
  };
  // Every arc out of a vertex; those to vertices with more than one link come first.
  [[nodiscard]] std::span<const Hop> hops(int vertex) const;
  [[nodiscard]] const Pod& pod() const noexcept { return pod_; }

 private:
  struct Mark {
    std::uint32_t epoch = 0;
    int distance = 0;
  };
  struct Place {
    int grid = -1, position = -1;
  };
  using Side = std::vector<Mark>;

  [[nodiscard]] std::span<const Hop> through_hops(int vertex) const;
  [[nodiscard]] bool marked(const Side& side, int vertex) const;
  bool mark(Side& side, int vertex, int distance);
  void walk_grid(const PodGrid& grid, int from, int to);
  void around_ring(const PodGrid& grid, std::size_t dimension, int position, int steps, bool upwards,
                   double share);
  void search(int from, int to);
  bool advance(Side& side, const Side& other, std::vector<int>& frontier, int distance, int end);
  void mark_back(int from, const std::vector<int>& meeting, int meeting_distance, int length);
  void spread(int from, int to);
  [[nodiscard]] const std::vector<ArcLoad>& inner(int from_switch, int to_switch);

  const Pod& pod_;
  std::vector<std::size_t> first_hop_, end_of_through_;
  std::vector<Hop> hops_;
  std::vector<Place> places_;
  std::uint32_t epoch_ = 0;
  Side near_from_, near_to_;
  std::vector<double> amount_;
  std::vector<ArcLoad> loads_;
  std::unordered_map<std::uint64_t, std::vector<ArcLoad>> inner_;
  std::size_t inner_loads_ = 0;
};

// Routes(pod).of({from_node, to_node, rail, rail}), for a single question.
[[nodiscard]] std::vector<ArcLoad> route(const Pod& pod, int from_node, int to_node, int rail = 0);

// The lowest time in which every flow's bytes can be served, s: the most loaded arc decides. The ceiling of a
// collective. O(arcs of the flows' paths).
[[nodiscard]] double least_seconds(const Pod& pod, std::span<const Flow> flows);
[[nodiscard]] double least_seconds(Routes& routes, std::span<const Flow> flows);

// What each flow gets when all run at once, bit/s: max–min fair shares by progressive filling (Bertsekas &
// Gallager, "Data Networks", 6.5.2), where a flow loads an arc with its share of it. Infinite from a port to
// itself. `arc_rates`, by index_of(arc), are used instead of the declared rates where they are given.
[[nodiscard]] std::vector<double> fair_rates(Routes& routes, std::span<const Flow> flows,
                                             std::span<const double> arc_rates = {});

// What each flow gets at the least, bit/s, whichever of its equal paths each flow keeps to
// (Spreading::flows), where `fair` are their fair rates: an equal part of the fullest arc that it may meet,
// with all flows that may be there, as max–min fair sharing gives none less. Its fair rate where it has one
// path, or packets are spread.
[[nodiscard]] std::vector<double> assured_rates(Routes& routes, std::span<const Flow> flows,
                                                std::vector<double> fair);

// Whether a flow that has this fair rate is assured of less.
[[nodiscard]] inline bool left_to_hash(double fair, double assured) {
  return assured < fair * (1 - 1e-9);
}

// Whether a flow of these loads has no choice.
[[nodiscard]] bool has_one_path(std::span<const ArcLoad> loads);

// What a flow gets alone, bit/s.
[[nodiscard]] double alone_rate(Routes& routes, const Flow& flow);

}  // namespace podbench
