#include "analysis/pod/routes.hpp"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <limits>

namespace podbench {
namespace {

constexpr std::size_t most_inner_loads = (64 << 20) / sizeof(ArcLoad);

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

}  // namespace

Routes::Routes(const Pod& pod)
    : pod_(pod),
      first_hop_(pod.vertices.size() + 1),
      end_of_through_(pod.vertices.size()),
      hops_(2 * pod.links.size()),
      places_(pod.vertices.size()),
      near_from_(pod.vertices.size()),
      near_to_(pod.vertices.size()),
      amount_(pod.vertices.size()) {
  for (const PodLink& link : pod.links) {
    ++first_hop_[at(link.a) + 1];
    ++first_hop_[at(link.b) + 1];
  }
  for (std::size_t v = 0; v < pod.vertices.size(); ++v) first_hop_[v + 1] += first_hop_[v];
  const auto degree = [&](int v) { return first_hop_[at(v) + 1] - first_hop_[at(v)]; };
  end_of_through_.assign(first_hop_.begin(), first_hop_.end() - 1);
  std::vector<std::size_t> back(first_hop_.begin() + 1, first_hop_.end());
  for (std::size_t index = 0; index < 2 * pod.links.size(); ++index) {
    const Arc arc = arc_of(index);
    const int tail = tail_of(pod, arc), head = head_of(pod, arc);
    hops_[degree(head) > 1 ? end_of_through_[at(tail)]++ : --back[at(tail)]] = {head, arc};
  }
  for (std::size_t g = 0; g < pod.grids.size(); ++g)
    for (std::size_t p = 0; p < pod.grids[g].ports.size(); ++p)
      if (pod.grids[g].dimension_order)
        places_[at(pod.grids[g].ports[p])] = {static_cast<int>(g), static_cast<int>(p)};
}

std::span<const Routes::Hop> Routes::hops(int vertex) const {
  return std::span(hops_).subspan(first_hop_[at(vertex)],
                                  first_hop_[at(vertex) + 1] - first_hop_[at(vertex)]);
}

std::span<const Routes::Hop> Routes::through_hops(int vertex) const {
  return std::span(hops_).subspan(first_hop_[at(vertex)],
                                  end_of_through_[at(vertex)] - first_hop_[at(vertex)]);
}

std::span<const ArcLoad> Routes::between(int from, int to) {
  loads_.clear();
  if (from == to) return loads_;
  if (const Place a = places_[at(from)], b = places_[at(to)]; a.grid >= 0 && a.grid == b.grid) {
    walk_grid(pod_.grids[at(a.grid)], a.position, b.position);
    return loads_;
  }
  const auto out = hops(from), back = hops(to);
  if (out.size() != 1 || back.size() != 1) {
    search(from, to);
    return loads_;
  }
  // Nothing branches at ports with one link: what lies between their switches is shared by all of their
  // ports.
  loads_.push_back({out.front().arc, 1});
  if (out.front().vertex == to) return loads_;
  const std::vector<ArcLoad> ends{loads_.front(), {{back.front().arc.link, !back.front().arc.backwards}, 1}};
  const std::vector<ArcLoad>& middle = inner(out.front().vertex, back.front().vertex);
  loads_ = ends;
  loads_.insert(loads_.begin() + 1, middle.begin(), middle.end());
  return loads_;
}

const std::vector<ArcLoad>& Routes::inner(int from_switch, int to_switch) {
  const std::uint64_t key =
      (std::uint64_t{static_cast<std::uint32_t>(from_switch)} << 32) | static_cast<std::uint32_t>(to_switch);
  if (const auto known = inner_.find(key); known != inner_.end()) return known->second;
  loads_.clear();
  if (from_switch != to_switch) search(from_switch, to_switch);
  if (inner_loads_ += loads_.size(); inner_loads_ > most_inner_loads) {
    inner_.clear();
    inner_loads_ = loads_.size();
  }
  return inner_[key] = loads_;
}

void Routes::walk_grid(const PodGrid& grid, int from, int to) {
  int stride = static_cast<int>(grid.ports.size());
  int position = from;
  for (std::size_t d = 0; d < grid.extents.size(); ++d) {
    const int extent = grid.extents[d];
    stride /= extent;
    const int here = position / stride % extent, there = to / stride % extent;
    const int up = (there - here + extent) % extent;
    if (up == 0) continue;
    if (!grid.wraps) {
      around_ring(grid, d, position, std::abs(there - here), there > here, 1);
    } else {
      const int down = extent - up;
      if (up <= down) around_ring(grid, d, position, up, true, up == down && extent > 2 ? 0.5 : 1);
      if (down < up || (down == up && extent > 2))
        around_ring(grid, d, position, down, false, up == down ? 0.5 : 1);
    }
    position += (there - here) * stride;
  }
}

void Routes::around_ring(const PodGrid& grid, std::size_t dimension, int position, int steps, bool upwards,
                         double share) {
  int stride = 1;
  for (std::size_t d = dimension + 1; d < grid.extents.size(); ++d) stride *= grid.extents[d];
  const int extent = grid.extents[dimension];
  for (; steps > 0; --steps) {
    const int here = position / stride % extent;
    const int neighbour = position + ((upwards ? here + 1 : here + extent - 1) % extent - here) * stride;
    // A link belongs to the lower end of its pair; around a ring of two, both ways are one link.
    int lower = upwards ? position : neighbour;
    bool backwards = !upwards;
    if (grid.next[dimension * grid.ports.size() + at(lower)] < 0) {
      lower = upwards ? neighbour : position;
      backwards = !backwards;
    }
    loads_.push_back({{grid.next[dimension * grid.ports.size() + at(lower)], backwards}, share});
    position = neighbour;
  }
}

bool Routes::marked(const Side& side, int vertex) const {
  return side[at(vertex)].epoch == epoch_;
}

bool Routes::mark(Side& side, int vertex, int distance) {
  if (marked(side, vertex)) return false;
  side[at(vertex)] = {epoch_, distance};
  return true;
}

// One level further from one end; true where it met the other end's marks: `frontier` then holds the meeting
// points.
bool Routes::advance(Side& side, const Side& other, std::vector<int>& frontier, int distance, int end) {
  std::vector<int> reached, met;
  const auto reach = [&](int vertex) {
    if (!mark(side, vertex, distance)) return;
    reached.push_back(vertex);
    if (marked(other, vertex)) met.push_back(vertex);
  };
  for (const int vertex : frontier) {
    for (const Hop& hop : through_hops(vertex)) reach(hop.vertex);
    if (hops(end).size() == 1 && hops(end).front().vertex == vertex) reach(end);
  }
  frontier = met.empty() ? std::move(reached) : std::move(met);
  return !frontier.empty() && marked(other, frontier.front());
}

void Routes::search(int from, int to) {
  if (++epoch_ == 0) {
    std::fill(near_from_.begin(), near_from_.end(), Mark{});
    std::fill(near_to_.begin(), near_to_.end(), Mark{});
    epoch_ = 1;
  }
  mark(near_from_, from, 0);
  mark(near_to_, to, 0);
  std::vector<int> from_frontier{from}, to_frontier{to};
  int from_distance = 0, to_distance = 0;
  while (true) {
    assert(!from_frontier.empty() && !to_frontier.empty());
    const bool forwards = from_frontier.size() <= to_frontier.size();
    if (forwards ? advance(near_from_, near_to_, from_frontier, ++from_distance, to)
                 : advance(near_to_, near_from_, to_frontier, ++to_distance, from)) {
      mark_back(from, forwards ? from_frontier : to_frontier, from_distance, from_distance + to_distance);
      return spread(from, to);
    }
  }
}

// Gives the vertices between the start and the meeting points their distance to the end.
void Routes::mark_back(int from, const std::vector<int>& meeting, int meeting_distance, int length) {
  std::vector<int> level = meeting, before;
  for (int distance = meeting_distance; distance > 0; --distance) {
    before.clear();
    for (const int vertex : level)
      for (const Hop& hop : hops(vertex))
        if (marked(near_from_, hop.vertex) && near_from_[at(hop.vertex)].distance == distance - 1 &&
            mark(near_to_, hop.vertex, length - distance + 1))
          before.push_back(hop.vertex);
    std::swap(level, before);
  }
  assert(marked(near_to_, from));
  (void)from;
}

// Sends one flow down the distances to its end.
void Routes::spread(int from, int to) {
  std::vector<int> order{from};
  amount_[at(from)] = 1;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const int vertex = order[i];
    if (vertex == to) continue;
    const int nearer = near_to_[at(vertex)].distance - 1;
    const auto leads_on = [&](const Hop& hop) {
      return marked(near_to_, hop.vertex) && near_to_[at(hop.vertex)].distance == nearer;
    };
    const auto ways = static_cast<double>(std::count_if(hops(vertex).begin(), hops(vertex).end(), leads_on));
    for (const Hop& hop : hops(vertex)) {
      if (!leads_on(hop)) continue;
      loads_.push_back({hop.arc, amount_[at(vertex)] / ways});
      if (amount_[at(hop.vertex)] == 0) order.push_back(hop.vertex);
      amount_[at(hop.vertex)] += amount_[at(vertex)] / ways;
    }
  }
  for (const int vertex : order) amount_[at(vertex)] = 0;
}

std::vector<ArcLoad> route(const Pod& pod, int from_node, int to_node, int rail) {
  Routes routes(pod);
  const auto loads = routes.of({from_node, to_node, rail, rail, 0});
  return {loads.begin(), loads.end()};
}

}  // namespace podbench
