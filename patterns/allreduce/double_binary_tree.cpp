// Double binary tree: the vector's halves go up and down two binary trees at once, in segments. A rank that
// is inside one tree is a leaf of the other, so both directions of every rank are busy.
//
// P. Sanders, J. Speck, J. L. Träff, "Two-tree algorithms for full bandwidth broadcast, reduction and scan",
// Parallel Computing 35(12), 2009. The second tree is the first one seen from the other end (even p) or
// turned by one rank (odd p). With k segments a half and trees of height d: rounds k + 2d - 1; sent per rank
// 2n from four ranks on.
//
// Every message has a time slot that both its ends derive alike, and each rank takes its messages in the
// order of the slots, so nobody waits in a circle.
#include "patterns/contracts.hpp"
#include "patterns/segments.hpp"

namespace podbench {

namespace {

// The in-order binary tree over the places 0 … ranks-1: the lowest bit of a place is its level, place 0 is
// the root above. The second tree puts the ranks into these places in another way.
class Tree {
 public:
  Tree(int ranks, bool second) : ranks_(ranks), second_(second) {}

  [[nodiscard]] int place_of(int rank) const {
    if (!second_) return rank;
    return ranks_ % 2 == 0 ? ranks_ - 1 - rank : wrap_rank(rank + 1, ranks_);
  }
  [[nodiscard]] int rank_at(int place) const {
    if (!second_) return place;
    return ranks_ % 2 == 0 ? ranks_ - 1 - place : wrap_rank(place - 1, ranks_);
  }

  [[nodiscard]] int parent(int place) const {
    const int low = place & -place, up = (place - low) | 2 * low;
    return up < ranks_ ? up : place - low;
  }
  [[nodiscard]] std::vector<int> children(int place) const {
    std::vector<int> found;
    const int low = place == 0 ? 1 << log2_ceil(ranks_) : place & -place;
    if (place != 0 && low > 1) found.push_back(place - low / 2);
    int half = low / 2;
    while (half >= 1 && place + half >= ranks_) half /= 2;
    if (half >= 1) found.push_back(place + half);
    return found;
  }
  [[nodiscard]] int depth(int place) const {
    int steps = 0;
    for (; place != 0; place = parent(place)) ++steps;
    return steps;
  }
  // The depth of place 1, which no other exceeds.
  [[nodiscard]] int height() const { return ranks_ == 1 ? 0 : depth(1); }

 private:
  int ranks_;
  bool second_;
};

// One rank's part in one tree. Slots: child to parent k + height - depth of the child; parent to child
// k + height + depth of the child - 1.
class Role {
 public:
  Role(const Problem& problem, bool second, ScheduleBuilder& plan)
      : tree_(problem.ranks, second),
        half_(block_of(problem.count, 2, second ? 1 : 0)),
        segments_(half_.count, problem.parameters.segment_count),
        place_(tree_.place_of(problem.rank)),
        depth_(tree_.depth(place_)),
        height_(tree_.height()),
        children_(tree_.children(place_)),
        tag_(second ? 1 : 0) {
    if (children_.size() == 2 && segments_.size() > 0) spare_ = plan.reserve_scratch(segments_[0].count);
  }

  [[nodiscard]] int slots() const { return static_cast<int>(segments_.size()) + 2 * height_ - 1; }

  void transfers(ScheduleBuilder& plan, int slot) const {
    const bool root = place_ == 0;
    const int up = root ? -1 : tree_.rank_at(tree_.parent(place_));
    if (const auto s = segment(slot - height_ + depth_); s.count > 0 && !root)
      plan.send(up, children_.empty() ? input(s) : output(s), tag_);
    if (const auto s = segment(slot - height_ + depth_ + 1); s.count > 0)
      for (std::size_t c = 0; c < children_.size(); ++c) {
        const int child = tree_.rank_at(children_[c]);
        if (c == 0)
          plan.receive_reduce(child, output(s), input(s), tag_);
        else
          plan.receive(child, part(spare_, 0, s.count), tag_);
      }
    if (const auto s = segment(slot - height_ - depth_ + 1); s.count > 0 && !root)
      plan.receive(up, output(s), tag_);
    if (const auto s = segment(slot - height_ - depth_); s.count > 0)
      for (const int child : children_) plan.send(tree_.rank_at(child), output(s), tag_);
  }

  void reductions(ScheduleBuilder& plan, int slot) const {
    if (children_.size() < 2) return;
    if (const auto s = segment(slot - height_ + depth_ + 1); s.count > 0)
      plan.reduce(part(spare_, 0, s.count), output(s), output(s));
  }

 private:
  // The k-th segment of this tree's half; empty where there is none.
  [[nodiscard]] Block segment(int k) const {
    if (k < 0 || static_cast<std::uint64_t>(k) >= segments_.size()) return {0, 0};
    const Block s = segments_[static_cast<std::uint64_t>(k)];
    return {half_.first + s.first, s.count};
  }

  Tree tree_;
  Block half_;
  Segments segments_;
  int place_, depth_, height_;
  std::vector<int> children_;
  std::uint16_t tag_;
  Range spare_{};
};

Schedule generate(const Problem& problem) {
  ScheduleBuilder plan;
  if (problem.ranks == 1) plan.copy(input(0, problem.count), output(0, problem.count));
  const Role first(problem, false, plan), second(problem, true, plan);
  for (int slot = 0; slot < first.slots() && problem.ranks > 1; ++slot) {
    for (const Role* role : {&first, &second}) role->transfers(plan, slot);
    for (const Role* role : {&first, &second}) role->reductions(plan, slot);
    plan.end_step();
  }
  return plan.take();
}

Cost cost(const Problem& problem) {
  const int p = problem.ranks;
  if (p == 1) return {};
  const Segments segments(block_of(problem.count, 2, 0).count, problem.parameters.segment_count);
  const double halves = p == 2 ? 2 : p == 3 ? 3 : 4;
  return {static_cast<double>(segments.size()) + 2.0 * Tree(p, false).height() - 1,
          halves * static_cast<double>(problem.count) / 2};
}

}  // namespace

extern const Algorithm allreduce_double_binary_tree = {
    .pattern = "allreduce",
    .name = "double_binary_tree",
    .summary = "half the vector over each of two trees, pipelined; few rounds, nearly full bandwidth",
    .source = "Sanders, Speck & Träff, Parallel Computing 2009",
    .generate = generate,
    .knobs = knob_segment,
    .cost = cost,
};

}  // namespace podbench
