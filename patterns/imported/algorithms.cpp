// The algorithm `imported` of each pattern that a schedule file can serve: the file's plan, a chunk so many
// elements.
//
// M. Cowan, S. Maleki, M. Musuvathi, O. Saarikivi, Y. Xiong, "MSCCLang: Microsoft Collective Communication
// Language", ASPLOS 2023. Rounds and elements sent are the file's own.
#include <fmt/format.h>

#include <array>

#include "patterns/imported/imported_schedule.hpp"

namespace podbench {

namespace {

using imported::Cell;
using imported::CellAction;
using imported::RankPlan;

constexpr std::uint64_t most_scratch_elements = std::uint64_t{1} << 40;

// The cells of one rank's plan as parts of its buffers.
class Memory {
 public:
  Memory(const RankPlan& plan, std::uint64_t chunk, bool has_input, bool has_output, ScheduleBuilder& builder)
      : chunk_(chunk) {
    const imported::Layout& layout = plan.layout;
    const auto scratch_for = [&](std::uint64_t cells) { return builder.reserve_scratch(cells * chunk); };
    const bool works = plan.uses_work || (plan.reads_input && !has_input);
    const Range work = layout.output_is_work && has_output ? output(0, 0)
                       : works                             ? scratch_for(layout.works)
                                                           : scratch(0, 0);
    // A rank without input reads the work area in its place, and the prover says if nothing was written
    // there.
    add(0, has_input ? input(0, 0) : from_cell(work, layout.input_in_work));
    add(layout.work(), work);
    add(layout.output(), has_output ? output(0, 0) : scratch_for(layout.outputs));
    add(layout.scratch(), scratch_for(layout.scratches + std::uint64_t{plan.temporaries}));
  }

  [[nodiscard]] Range at(Cell cell, Cell cells) const {
    std::size_t i = areas_.size() - 1;
    while (areas_[i].first_cell > cell) --i;
    const Area& area = areas_[i];
    return {area.buffer, area.first + (cell - area.first_cell) * chunk_, cells * chunk_};
  }

 private:
  struct Area {
    Cell first_cell;
    Buffer buffer;
    std::uint64_t first;
  };
  void add(Cell first_cell, Range begin) { areas_[used_++] = {first_cell, begin.buffer, begin.first}; }
  [[nodiscard]] Range from_cell(Range range, Cell cells) const {
    return {range.buffer, range.first + cells * chunk_, 0};
  }

  std::uint64_t chunk_;
  std::array<Area, 4> areas_{};
  std::size_t used_ = 0;
};

void add_action(ScheduleBuilder& builder, const CellAction& action, const Memory& memory) {
  const Range into = memory.at(action.into, action.cells), from = memory.at(action.from, action.cells);
  const Range operand = memory.at(action.operand, action.cells);
  switch (action.kind) {
    case ActionKind::send:
      builder.send(action.peer, from, action.tag);
      break;
    case ActionKind::receive:
      builder.receive(action.peer, into, action.tag);
      break;
    case ActionKind::receive_reduce:
      builder.receive_reduce(action.peer, into, operand, action.tag);
      break;
    case ActionKind::copy:
      builder.copy(from, into);
      break;
    case ActionKind::reduce:
      builder.reduce(from, operand, into);
      break;
    case ActionKind::put:
    case ActionKind::get:
      break;  // no such thing in these files
  }
}

Schedule generate(const Problem& problem) {
  const ImportedSchedule& schedule = *problem.parameters.schedule;
  const Pattern& pattern = *find_pattern(schedule.pattern);
  const RankPlan& plan = schedule.plans[static_cast<std::size_t>(problem.rank)];
  const bool has_input = pattern.input_count(problem) > 0, has_output = pattern.output_count(problem) > 0;
  ScheduleBuilder builder;
  if (problem.count == 0) return builder.take();
  const Memory memory(plan, problem.count / schedule.chunks, has_input, has_output, builder);
  std::uint32_t begin = 0;
  for (const std::uint32_t end : plan.step_ends) {
    builder.end_step();  // so that the last one stays open for the last copies
    for (; begin < end; ++begin) add_action(builder, plan.actions[begin], memory);
  }
  for (const CellAction& action : plan.last_copies)
    if (has_output && (has_input || action.from >= plan.layout.work())) add_action(builder, action, memory);
  return builder.take();
}

// The most cells of a rank that may have to lie in scratch.
std::uint64_t scratch_cells(const ImportedSchedule& schedule) {
  std::uint64_t most = 0;
  for (const RankPlan& plan : schedule.plans)
    most = std::max<std::uint64_t>(most, std::uint64_t{plan.layout.temporaries()} + plan.temporaries);
  return most;
}

std::optional<std::string> refuse(const Problem& problem, std::string_view pattern) {
  const ImportedSchedule* schedule = problem.parameters.schedule.get();
  if (schedule == nullptr) return "needs --schedule FILE.xml";
  const std::string& name = schedule->source.name;
  if (schedule->pattern != pattern) return fmt::format("the schedule {} is for {}", name, schedule->pattern);
  if (schedule->ranks() != problem.ranks)
    return fmt::format("the schedule {} is for {} ranks", name, schedule->ranks());
  if (problem.count % schedule->chunks != 0)
    return fmt::format(
        "the schedule {} cuts {} elements into {} equal chunks; a multiple of {} would be right", name,
        problem.count, schedule->chunks, schedule->chunks);
  if (problem.count / schedule->chunks > most_scratch_elements / scratch_cells(*schedule))
    return fmt::format("the schedule {} would take more than {} elements of scratch", name,
                       most_scratch_elements);
  return std::nullopt;
}

template <const std::string_view& pattern>
constexpr Algorithm imported_for{
    .pattern = pattern,
    .name = "imported",
    .summary = "a schedule from a file of MSCCL's XML (--schedule)",
    .source = "Cowan et al., ASPLOS 2023",
    .generate = generate,
    .knobs = knob_schedule,
    .forbids = [](const Problem& problem) { return refuse(problem, pattern); },
};

constexpr std::string_view allreduce = "allreduce", reduce_scatter = "reduce_scatter",
                           allgather = "allgather", alltoall = "alltoall", broadcast = "broadcast",
                           reduce = "reduce";

}  // namespace

extern const Algorithm allreduce_imported = imported_for<allreduce>;
extern const Algorithm reduce_scatter_imported = imported_for<reduce_scatter>;
extern const Algorithm allgather_imported = imported_for<allgather>;
extern const Algorithm alltoall_imported = imported_for<alltoall>;
extern const Algorithm broadcast_imported = imported_for<broadcast>;
extern const Algorithm reduce_imported = imported_for<reduce>;

}  // namespace podbench
