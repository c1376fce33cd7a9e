#include "patterns/rooted/knomial_plans.hpp"

#include <ranges>

#include "patterns/rooted/knomial.hpp"
#include "patterns/rooted/rooted.hpp"

namespace podbench::rooted {

Schedule knomial_broadcast(const Problem& problem, int radix) {
  const KnomialTree tree(problem, radix);
  const Range data{tree.is_root() ? Buffer::input : Buffer::output, 0, problem.count};
  ScheduleBuilder plan;
  if (!tree.is_root()) plan.receive(tree.parent(), data).end_step();
  for (const auto& level : tree.levels()) {
    for (const auto& child : level) plan.send(child.rank, data);
    plan.end_step();
  }
  return plan.take();
}

Schedule knomial_reduce(const Problem& problem, int radix) {
  const KnomialTree tree(problem, radix);
  const std::uint64_t n = problem.count;
  const auto levels = tree.levels();
  ScheduleBuilder plan;
  Range have = input(0, n);
  if (!levels.empty() || tree.is_root()) {
    const Range sum = tree.is_root() ? output(0, n) : plan.reserve_scratch(n);
    std::size_t widest = 0;
    for (const auto& level : levels) widest = std::max(widest, level.size());
    if (levels.empty()) plan.copy(have, sum);
    // The first child of a level is reduced as it arrives, the others from scratch.
    std::vector<Range> arrived;
    for (std::size_t i = 1; i < widest; ++i) arrived.push_back(plan.reserve_scratch(n));
    for (const auto& level : levels | std::views::reverse) {
      plan.receive_reduce(level[0].rank, sum, have);
      for (std::size_t i = 1; i < level.size(); ++i) plan.receive(level[i].rank, arrived[i - 1]);
      for (std::size_t i = 1; i < level.size(); ++i) plan.reduce(arrived[i - 1], sum, sum);
      plan.end_step();
      have = sum;
    }
  }
  if (!tree.is_root()) plan.send(tree.parent(), have).end_step();
  return plan.take();
}

namespace {

// The scratch of a rank between root and leaves: the blocks of all ranks under it, in the order of the tree.
class Bundle {
 public:
  Bundle(const CyclicBlocks& blocks, const KnomialTree& tree, ScheduleBuilder& plan)
      : blocks_(blocks),
        first_(tree.first()),
        range_(plan.reserve_scratch(blocks.count(tree.first(), tree.last()))) {}

  [[nodiscard]] Range operator()(int first, int last) const {
    return part(range_, blocks_.count(first_, first), blocks_.count(first, last));
  }

 private:
  const CyclicBlocks& blocks_;
  int first_;
  Range range_;
};

// Calls each(piece) for the pieces in which the blocks [first, last) travel between the root and its child:
// one, or two where they go past the last rank. `whole` is where they lie together.
template <class Each>
void for_each_run(const CyclicBlocks& blocks, int first, int last, Range whole, Each each) {
  std::uint64_t offset = 0;
  for (const Block& run : blocks.runs(first, last)) {
    each(part(whole, offset, run.count));
    offset += run.count;
  }
}

}  // namespace

Schedule knomial_gather(const Problem& problem, int radix) {
  const KnomialTree tree(problem, radix);
  const CyclicBlocks blocks = blocks_from_root(problem);
  const auto levels = tree.levels();
  const Range own = input(0, own_block_count(problem));
  ScheduleBuilder plan;
  if (tree.is_root()) {
    plan.copy(own, output(blocks.at(0))).end_step();
    for (const auto& level : levels | std::views::reverse) {
      for (const auto& child : level)
        for (const Block& run : blocks.runs(child.first, child.last)) plan.receive(child.rank, output(run));
      plan.end_step();
    }
    return plan.take();
  }
  Range all = own;
  if (!levels.empty()) {
    const Bundle bundle(blocks, tree, plan);
    plan.copy(own, bundle(tree.first(), tree.first() + 1)).end_step();
    for (const auto& level : levels | std::views::reverse) {
      for (const auto& child : level) plan.receive(child.rank, bundle(child.first, child.last));
      plan.end_step();
    }
    all = bundle(tree.first(), tree.last());
  }
  const auto send = [&](Range piece) { plan.send(tree.parent(), piece); };
  if (tree.parent() == problem.parameters.root)
    for_each_run(blocks, tree.first(), tree.last(), all, send);
  else
    send(all);
  return plan.take();
}

Schedule knomial_scatter(const Problem& problem, int radix) {
  const KnomialTree tree(problem, radix);
  const CyclicBlocks blocks = blocks_from_root(problem);
  const auto levels = tree.levels();
  const Range own = output(0, own_block_count(problem));
  ScheduleBuilder plan;
  if (tree.is_root()) {
    for (const auto& level : levels) {
      for (const auto& child : level)
        for (const Block& run : blocks.runs(child.first, child.last)) plan.send(child.rank, input(run));
      plan.end_step();
    }
    plan.copy(input(blocks.at(0)), own);
    return plan.take();
  }
  if (levels.empty()) return plan.receive(tree.parent(), own).end_step().take();
  const Bundle bundle(blocks, tree, plan);
  const Range all = bundle(tree.first(), tree.last());
  const auto receive = [&](Range piece) { plan.receive(tree.parent(), piece); };
  if (tree.parent() == problem.parameters.root)
    for_each_run(blocks, tree.first(), tree.last(), all, receive);
  else
    receive(all);
  plan.end_step();
  for (const auto& level : levels) {
    for (const auto& child : level) plan.send(child.rank, bundle(child.first, child.last));
    plan.end_step();
  }
  plan.copy(bundle(tree.first(), tree.first() + 1), own);
  return plan.take();
}

Cost knomial_broadcast_cost(const Problem& problem, int radix) {
  const KnomialShape shape(problem.ranks, radix);
  return {static_cast<double>(shape.height), shape.root_children * static_cast<double>(problem.count)};
}

Cost knomial_reduce_cost(const Problem& problem, int radix) {
  const KnomialShape shape(problem.ranks, radix);
  return {static_cast<double>(shape.height), problem.ranks == 1 ? 0 : static_cast<double>(problem.count)};
}

Cost knomial_gather_cost(const Problem& problem, int radix) {
  const KnomialShape shape(problem.ranks, radix);
  return {static_cast<double>(shape.height),
          shape.largest_child * static_cast<double>(problem.count) / problem.ranks};
}

Cost knomial_scatter_cost(const Problem& problem, int radix) {
  const KnomialShape shape(problem.ranks, radix);
  return {static_cast<double>(shape.height),
          others_share(problem.ranks) * static_cast<double>(problem.count)};
}

}  // namespace podbench::rooted
