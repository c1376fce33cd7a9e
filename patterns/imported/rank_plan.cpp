#include "patterns/imported/rank_plan.hpp"

#include <algorithm>
#include <map>
#include <queue>

#include "patterns/imported/cell_marks.hpp"

namespace podbench::imported {

namespace {

// Temporaries of one rank, used again once they are free.
class Temporaries {
 public:
  explicit Temporaries(Cell first) : first_(first) {}

  // `cells` of them for the levels [begin, end].
  Cell take(Cell cells, std::uint32_t begin, std::uint32_t end) {
    auto& free = by_size_[cells];
    Cell first = first_ + used_;
    if (!free.empty() && free.top().first < begin) {
      first = free.top().second;
      free.pop();
    } else {
      used_ += cells;
    }
    free.emplace(end, first);
    return first;
  }
  [[nodiscard]] Cell used() const { return used_; }

 private:
  using Taken = std::pair<std::uint32_t, Cell>;  // last level, first cell
  Cell first_, used_ = 0;
  std::map<Cell, std::priority_queue<Taken, std::vector<Taken>, std::greater<>>> by_size_;
};

// What a rank does in one step of all ranks.
struct RankStep {
  std::vector<PartId> transfers;  // in order of the program, so that a connection stays in order
  std::vector<PartId> locals;     // what came is taken, too; in an order that keeps what waits behind
};

// Marks whose memory serves one rank after the other.
struct Marks {
  CellMarks written;               // by this rank so far: the work area holds something of its own
  CellMarks sent, arriving, used;  // in this step: by sends, by receives, as operands of receives
  CellMarks changed, touched;      // in this step by local actions so far
};

class Planner {
 public:
  Planner(const MscclFile& file, const Collective& collective, const Program& program, const Levels& levels,
          int gpu, std::vector<Cell>& places, Marks& marks)
      : program_(program),
        levels_(levels),
        layout_(layout_of(file, collective, gpu)),
        in_place_(file.in_place),
        temporaries_(layout_.temporaries()),
        places_(places),
        marks_(marks) {
    marks_.written.clear(layout_.temporaries());
    plan_.layout = layout_;
  }

  RankPlan plan(const std::map<std::uint32_t, RankStep>& steps) {
    for (const auto& [level, step] : steps) add_step(step);
    end_step();
    if (in_place_) copy_results();
    plan_.temporaries = temporaries_.used();
    return std::move(plan_);
  }

 private:
  [[nodiscard]] const Part& part_of(PartId part) const { return program_.parts[part]; }

  // Taken in the step in which it comes; it may then need no place of its own.
  [[nodiscard]] bool is_taken_at_once(PartId part) const {
    const Part& p = part_of(part);
    return p.kind == PartKind::receive && levels_.arrival(p) == levels_.of[part];
  }

  void add_step(const RankStep& step) {
    transfers_.clear();
    locals_.clear();
    mark_transfers(step);
    for (const PartId part : step.transfers)
      if (part_of(part).kind == PartKind::send) add_send(part);
    end_step();  // of the step before, which may have got copies for the sends of this one
    for (const PartId part : step.transfers)
      if (part_of(part).kind == PartKind::receive && !is_taken_at_once(part)) receive_aside(part);
    for (const PartId part : step.locals) {
      const bool at_once = is_taken_at_once(part);
      if (at_once && can_be_direct(part_of(part))) {
        receive_directly(part);
        continue;
      }
      if (at_once) receive_aside(part);
      add_local(part);
    }
    std::ranges::sort(transfers_, {}, &std::pair<PartId, CellAction>::first);
    for (const auto& [part, action] : transfers_) add(plan_.actions, action);
    for (const CellAction& action : locals_) add(plan_.actions, action);
  }

  void mark_transfers(const RankStep& step) {
    for (CellMarks* marks : {&marks_.sent, &marks_.arriving, &marks_.used, &marks_.changed, &marks_.touched})
      marks->clear(layout_.temporaries());
    for (const PartId part : step.transfers) {
      if (!is_taken_at_once(part)) continue;
      const Part& p = part_of(part);
      if (p.into != temporary) marks_.arriving.add(p.into, p.chunks);
      if (p.reduces) marks_.used.add(p.operand, p.chunks);
    }
  }

  void add_send(PartId part) {
    const Part& p = part_of(part);
    CellAction action{.kind = ActionKind::send, .tag = p.channel, .peer = p.peer, .cells = p.chunks};
    if (p.from == temporary) {
      action.from = places_[part - 1];  // its receive stands before it
    } else {
      action.from = found(p.from, p.chunks, plan_.actions);
      if (action.from >= layout_.work()) marks_.sent.add(action.from, p.chunks);
    }
    transfers_.emplace_back(part, action);
  }

  // Whether the message may come where it belongs, while the transfers of its step run: nothing else in the
  // step that stands before it, or beside it, may meet it there.
  [[nodiscard]] bool can_be_direct(const Part& p) const {
    const bool onto_operand = p.reduces && p.operand == p.into;
    if (p.reduces) {
      if (is_mixed(p.operand, p.chunks) || marks_.changed.any(p.operand, p.chunks)) return false;
      if (!onto_operand && marks_.arriving.any(p.operand, p.chunks)) return false;
    }
    if (p.into == temporary) return true;
    return !marks_.sent.any(p.into, p.chunks) && !marks_.touched.any(p.into, p.chunks) &&
           marks_.arriving.most(p.into, p.chunks) == 1 &&
           marks_.used.most(p.into, p.chunks) <= (onto_operand ? 1U : 0U);
  }

  void receive_directly(PartId part) {
    const Part& p = part_of(part);
    CellAction action{.kind = ActionKind::receive, .tag = p.channel, .peer = p.peer, .cells = p.chunks};
    if (p.reduces) {
      action.kind = ActionKind::receive_reduce;
      action.operand = found(p.operand, p.chunks, locals_);
    }
    action.into = p.into == temporary ? take_place(part) : p.into;
    if (p.into != temporary) marks_.written.add(p.into, p.chunks);
    transfers_.emplace_back(part, action);
  }

  void receive_aside(PartId part) {
    const Part& p = part_of(part);
    const CellAction action{.kind = ActionKind::receive,
                            .tag = p.channel,
                            .peer = p.peer,
                            .into = take_place(part),
                            .cells = p.chunks};
    transfers_.emplace_back(part, action);
  }

  Cell take_place(PartId receive) {
    const Part& p = part_of(receive);
    const std::uint32_t last = p.into == temporary ? levels_.of[receive + 1] : levels_.of[receive];
    return places_[receive] = temporaries_.take(p.chunks, levels_.arrival(p), last);
  }

  // A local part, or what is to be done with a message that came aside.
  void add_local(PartId part) {
    const Part& p = part_of(part);
    const bool received = p.kind == PartKind::receive;
    if (p.kind == PartKind::copy && p.from == p.into) return;  // in place, it is there already
    CellAction action{.cells = p.chunks};
    action.kind = p.reduces || p.kind == PartKind::reduce ? ActionKind::reduce : ActionKind::copy;
    if (!received) marks_.touched.add(p.from, p.chunks);
    action.from = received ? places_[part] : found(p.from, p.chunks, locals_);
    if (action.kind == ActionKind::reduce) {
      marks_.touched.add(p.operand, p.chunks);
      action.operand = found(p.operand, p.chunks, locals_);
      // Finding the operand may have copied chunks that are read here, too.
      if (!received) action.from = found(p.from, p.chunks, locals_);
    }
    action.into = p.into == temporary ? places_[part] : p.into;
    locals_.push_back(action);
    if (p.into == temporary) return;
    for (CellMarks* marks : {&marks_.written, &marks_.changed, &marks_.touched}) marks->add(p.into, p.chunks);
  }

  [[nodiscard]] bool is_fresh(Cell cell) const {
    return layout_.has_input_behind(cell) && marks_.written.count(cell) == 0;
  }
  [[nodiscard]] Cell count_fresh(Cell first, Cell cells) const {
    Cell fresh = 0;
    for (Cell c = first; c < first + cells; ++c) fresh += is_fresh(c) ? 1 : 0;
    return fresh;
  }
  [[nodiscard]] bool is_mixed(Cell first, Cell cells) const {
    const Cell fresh = count_fresh(first, cells);
    return fresh > 0 && fresh < cells;
  }
  [[nodiscard]] Cell input_behind(Cell cell) const { return cell - layout_.work_input(); }

  // Where the chunks are: in the input as long as none of them was written; where only some were, the others
  // are copied first.
  Cell found(Cell first, Cell cells, std::vector<CellAction>& copies) {
    const Cell fresh = count_fresh(first, cells);
    if (fresh == cells) return input_behind(first);
    if (fresh > 0)
      for (Cell c = first; c < first + cells; ++c)
        if (is_fresh(c)) {
          copy_cell(copies, input_behind(c), c);
          marks_.written.add(c, 1);
        }
    return first;
  }

  void copy_cell(std::vector<CellAction>& copies, Cell from, Cell into) {
    if (!copies.empty()) {
      CellAction& last = copies.back();
      if (last.kind == ActionKind::copy && last.from + last.cells == from && last.into + last.cells == into) {
        ++last.cells;
        return;
      }
    }
    add(copies, {.into = into, .from = from, .cells = 1});
  }

  void copy_results() {
    if (layout_.output_is_work)
      for (Cell c = layout_.work_input(); c < layout_.work_input() + layout_.inputs; ++c)
        if (is_fresh(c)) copy_cell(plan_.last_copies, input_behind(c), c);
    const Cell first = layout_.work() + layout_.output_in_work;
    for (Cell c = 0; c < layout_.outputs; ++c)
      copy_cell(plan_.last_copies, is_fresh(first + c) ? input_behind(first + c) : first + c,
                layout_.output() + c);
  }

  void add(std::vector<CellAction>& actions, const CellAction& action) {
    const auto note = [&](Cell cell) {
      plan_.reads_input = plan_.reads_input || cell < layout_.work();
      plan_.uses_work = plan_.uses_work || (cell >= layout_.work() && cell < layout_.output());
    };
    if (action.kind != ActionKind::receive && action.kind != ActionKind::receive_reduce) note(action.from);
    if (action.kind != ActionKind::send) note(action.into);
    if (action.kind == ActionKind::receive_reduce || action.kind == ActionKind::reduce) note(action.operand);
    actions.push_back(action);
  }

  void end_step() {
    const auto end = static_cast<std::uint32_t>(plan_.actions.size());
    if (end > (plan_.step_ends.empty() ? 0 : plan_.step_ends.back())) plan_.step_ends.push_back(end);
  }

  const Program& program_;
  const Levels& levels_;
  Layout layout_;
  bool in_place_;
  RankPlan plan_;
  Temporaries temporaries_;
  std::vector<Cell>& places_;  // of each receive: where its message lies
  Marks& marks_;
  std::vector<std::pair<PartId, CellAction>> transfers_;
  std::vector<CellAction> locals_;
};

using Steps = std::map<std::uint32_t, RankStep>;  // by level

std::vector<Steps> steps_of_ranks(const Program& program, const Levels& levels, std::size_t ranks) {
  std::vector<Steps> steps(ranks);
  for (PartId part = 0; part < program.parts.size(); ++part) {
    const Part& p = program.parts[part];
    Steps& own = steps[static_cast<std::size_t>(p.gpu)];
    if (p.kind == PartKind::send) own[levels.of[part]].transfers.push_back(part);
    if (p.kind == PartKind::receive) own[levels.arrival(p)].transfers.push_back(part);
  }
  for (const PartId part : levels.order) {
    const Part& p = program.parts[part];
    if (p.kind != PartKind::send)
      steps[static_cast<std::size_t>(p.gpu)][levels.of[part]].locals.push_back(part);
  }
  return steps;
}

}  // namespace

std::vector<RankPlan> rank_plans(const MscclFile& file, const Collective& collective, const Program& program,
                                 const Levels& levels) {
  std::vector<RankPlan> plans;
  std::vector<Cell> places(program.parts.size(), 0);
  Marks marks;
  int gpu = 0;
  for (const Steps& steps : steps_of_ranks(program, levels, file.gpus.size()))
    plans.push_back(Planner(file, collective, program, levels, gpu++, places, marks).plan(steps));
  return plans;
}

}  // namespace podbench::imported
