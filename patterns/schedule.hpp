// A schedule: the plan of one rank for one run of a pattern. It is data: the prover checks it, the executor
// runs it on any transport, the simulator predicts it.
//
// Model. A schedule is a list of steps. The transfers of a step are posted together and are concurrent; when
// all of them are complete, the local actions of the step run in order; then the next step begins. Between
// two ranks, sends match receives by (peer, tag) in order. A transfer may be synchronous: a send need not
// complete before its receive is posted, so a correct schedule makes progress without any buffering.
//
// Ranges are in elements. The input is never written; the output starts undefined; scratch starts undefined.
// A range of zero elements moves nothing and is not a transfer: generators leave such actions out on both
// sides (ScheduleBuilder does).
// Thread-safety: values. Memory: proportional to the rank's own steps.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace podbench {

enum class Buffer : std::uint8_t { input, output, scratch };

struct Range {
  Buffer buffer = Buffer::input;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  friend bool operator==(const Range&, const Range&) = default;
};
[[nodiscard]] constexpr Range input(std::uint64_t first, std::uint64_t count) {
  return {Buffer::input, first, count};
}
[[nodiscard]] constexpr Range output(std::uint64_t first, std::uint64_t count) {
  return {Buffer::output, first, count};
}
[[nodiscard]] constexpr Range scratch(std::uint64_t first, std::uint64_t count) {
  return {Buffer::scratch, first, count};
}

enum class ActionKind : std::uint8_t {
  // Transfers.
  send,            // from -> peer
  receive,         // into <- peer
  receive_reduce,  // into = operand (op) what peer sends; into may equal operand, else they do not overlap
  put,             // from -> `into` of the peer's buffers (input excluded); complete when it is there
  get,             // into <- `from` of the peer's buffers
  // Local.
  copy,    // into = from
  reduce,  // into = operand (op) from; into may equal operand or from
};
[[nodiscard]] constexpr bool is_local(ActionKind kind) {
  return kind >= ActionKind::copy;
}

struct Action {
  ActionKind kind = ActionKind::send;
  std::uint16_t tag = 0;
  // On a receive, put or get: the same content lands here several times in one step (the window of a
  // bandwidth test): overlap with other repeated receives of equal content is meant.
  bool repeated = false;
  int peer = -1;
  Range into{};
  Range from{};
  Range operand{};
  friend bool operator==(const Action&, const Action&) = default;
};

// One rank's plan. Within a step transfers come before local actions.
struct Schedule {
  std::uint64_t scratch_count = 0;       // elements of scratch that the plan needs
  std::vector<Action> actions;           // all steps, one after the other
  std::vector<std::uint32_t> step_ends;  // step s is actions [step_ends[s-1], step_ends[s])

  [[nodiscard]] std::size_t steps() const noexcept { return step_ends.size(); }
  [[nodiscard]] std::span<const Action> step(std::size_t s) const {
    const std::uint32_t begin = s == 0 ? 0 : step_ends[s - 1];
    return std::span(actions).subspan(begin, step_ends[s] - begin);
  }
  friend bool operator==(const Schedule&, const Schedule&) = default;
};

// Writes a schedule so that an algorithm reads like its paper:
//
//   ScheduleBuilder plan;
//   for (int k = 0; k < p - 1; ++k)
//     plan.send(right, block(r - k)).receive_reduce(left, block(r - k - 1), own(r - k - 1)).end_step();
//   return plan.take();
//
// Actions over zero elements are dropped, and so are steps without an action; copies that continue each other
// on both sides become one.
class ScheduleBuilder {
 public:
  ScheduleBuilder();
  ~ScheduleBuilder();
  ScheduleBuilder(const ScheduleBuilder&) = delete;
  ScheduleBuilder& operator=(const ScheduleBuilder&) = delete;

  ScheduleBuilder& send(int peer, Range from, std::uint16_t tag = 0);
  ScheduleBuilder& receive(int peer, Range into, std::uint16_t tag = 0);
  ScheduleBuilder& receive_reduce(int peer, Range into, Range operand, std::uint16_t tag = 0);
  ScheduleBuilder& put(int peer, Range from, Range into_theirs);
  ScheduleBuilder& get(int peer, Range from_theirs, Range into);
  ScheduleBuilder& copy(Range from, Range into);
  ScheduleBuilder& reduce(Range from, Range operand, Range into);
  ScheduleBuilder& repeated();  // marks the action added last
  ScheduleBuilder& end_step();

  // Reserves `count` elements of scratch; they follow the ones reserved before.
  [[nodiscard]] Range reserve_scratch(std::uint64_t count);

  [[nodiscard]] Schedule take();

 private:
  ScheduleBuilder& add(const Action& action, std::uint64_t count);
  Schedule schedule_;
  std::uint32_t step_begin_ = 0;
  std::size_t last_added_ = static_cast<std::size_t>(-1);
};

}  // namespace podbench
