#include "bench/executor.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace podbench {

Program::Program(Endpoint& endpoint, const Waiter& waiter, CaseBuffers& buffers, const Schedule& schedule,
                 const RemoteBuffers& remotes, const Reduction& reduction, Return returns)
    : endpoint_(endpoint), waiter_(waiter) {
  steps_.reserve(schedule.steps());
  for (std::size_t s = 0; s < schedule.steps(); ++s) {
    const bool last = s + 1 == schedule.steps();
    add_step(schedule.step(s), buffers, remotes, reduction, last && returns == Return::on_receipt);
  }
}

Program::Program(Endpoint& endpoint, const Waiter& waiter, const NativeCall& call)
    : endpoint_(endpoint), waiter_(waiter) {
  assert(endpoint.native());
  parts_.push_back({endpoint.native()->prepare(call), {}});
  Step step;
  step.part_end = 1;
  steps_.push_back(std::move(step));
}

void Program::add_step(std::span<const Action> actions, const CaseBuffers& buffers,
                       const RemoteBuffers& remotes, const Reduction& reduction, bool sends_apart) {
  const Reducer reducer = reducer_for(reduction.type, reduction.op);
  const std::size_t piece_bytes = endpoint_.capabilities().direct ? 0 : reduction.piece_bytes;
  bool in_pieces = false;
  std::vector<Move> moves;
  std::vector<Transfer> sends;
  std::vector<LocalAction> locals;
  Step step;
  StagingCursor staging{buffers.staging().data()};
  for (const Action& action : actions) {
    if (is_local(action.kind)) {
      locals.push_back(local_of(action, buffers, reducer));
      continue;
    }
    const Move move = move_of(action, buffers, remotes, reducer, staging);
    if (sends_apart && action.kind == ActionKind::send)
      sends.push_back(move.transfer);
    else
      in_pieces |= cut(move, piece_bytes, moves);
    if (std::find(step.peers.begin(), step.peers.end(), action.peer) == step.peers.end())
      step.peers.push_back(action.peer);
  }
  step.part_begin = static_cast<std::uint32_t>(parts_.size());
  add_parts(std::move(moves), in_pieces);
  step.part_end = static_cast<std::uint32_t>(parts_.size());
  if (!sends.empty()) step.sends = endpoint_.prepare(sends);
  step.locals.begin = static_cast<std::uint32_t>(locals_.size());
  locals_.insert(locals_.end(), locals.begin(), locals.end());
  step.locals.end = static_cast<std::uint32_t>(locals_.size());
  steps_.push_back(std::move(step));
}

// In pieces, every receive is a part of its own, so that it is reduced as soon as it is there; all else comes
// after them, since nothing waits for it.
void Program::add_parts(std::vector<Move> moves, bool in_pieces) {
  std::span<const Move> rest = moves;
  if (in_pieces) {
    const auto others = std::stable_partition(moves.begin(), moves.end(), [](const Move& move) {
      return move.transfer.kind == TransferKind::receive;
    });
    for (auto move = moves.begin(); move != others; ++move) add_part({&*move, 1});
    rest = {others, moves.end()};
  }
  if (!rest.empty()) add_part(rest);
}

void Program::add_part(std::span<const Move> moves) {
  Part part{nullptr, {static_cast<std::uint32_t>(locals_.size()), 0}};
  std::vector<Transfer> transfers;
  for (const Move& move : moves) {
    transfers.push_back(move.transfer);
    if (move.reduction.reduce != nullptr) locals_.push_back(move.reduction);
  }
  part.batch = endpoint_.prepare(transfers);
  part.reductions.end = static_cast<std::uint32_t>(locals_.size());
  parts_.push_back(std::move(part));
}

// By length alone, for the other side does the same; 0: not at all. Whether there is more than one piece.
bool Program::cut(const Move& move, std::size_t piece_bytes, std::vector<Move>& pieces) {
  const std::size_t bytes = move.transfer.bytes;
  if (piece_bytes == 0 || bytes <= piece_bytes) {
    pieces.push_back(move);
    return false;
  }
  for (std::size_t at = 0; at < bytes; at += piece_bytes) {
    Move piece = move;
    piece.transfer.data += at;
    piece.transfer.remote_offset += at;
    piece.transfer.bytes = std::min(piece_bytes, bytes - at);
    if (LocalAction& reduction = piece.reduction; reduction.reduce != nullptr) {
      reduction.into += at, reduction.left += at, reduction.right += at;
      reduction.bytes = piece.transfer.bytes;
    }
    pieces.push_back(piece);
  }
  return true;
}

Program::Move Program::move_of(const Action& action, const CaseBuffers& buffers, const RemoteBuffers& remotes,
                               Reducer reducer, StagingCursor& staging) const {
  const bool outgoing = action.kind == ActionKind::send || action.kind == ActionKind::put;
  const Range& local = outgoing ? action.from : action.into;
  const Range& theirs = outgoing ? action.into : action.from;
  Move move;
  Transfer& transfer = move.transfer;
  transfer.tag = action.tag;
  transfer.peer = action.peer;
  transfer.data = buffers.address(local);
  transfer.bytes = local.count * buffers.element_bytes();
  transfer.memory = &buffers.memory(local.buffer);
  switch (action.kind) {
    case ActionKind::send:
      transfer.kind = TransferKind::send;
      break;
    case ActionKind::receive:
      transfer.kind = TransferKind::receive;
      break;
    case ActionKind::receive_reduce:
      transfer.kind = TransferKind::receive;
      reduce_on_receipt(move, action, buffers, reducer, staging);
      break;
    case ActionKind::put:
    case ActionKind::get:
      transfer.kind = action.kind == ActionKind::put ? TransferKind::put : TransferKind::get;
      transfer.remote = &remotes.at(action.peer, theirs.buffer);
      transfer.remote_offset = theirs.first * buffers.element_bytes();
      break;
    case ActionKind::copy:
    case ActionKind::reduce:
      assert(!"a local action is no transfer");
      break;
  }
  return move;
}

void Program::reduce_on_receipt(Move& move, const Action& action, const CaseBuffers& buffers, Reducer reducer,
                                StagingCursor& staging) const {
  Transfer& transfer = move.transfer;
  const std::byte* operand = buffers.address(action.operand);
  if (endpoint_.capabilities().direct) {
    transfer.reduce = reducer;
    transfer.operand = operand;
    transfer.element_bytes = buffers.element_bytes();
    return;
  }
  std::byte* staged = staging.take(transfer.bytes);
  move.reduction = {reducer, transfer.data, operand, staged, transfer.bytes};
  transfer.data = staged;
  transfer.memory = &buffers.staging();
}

Program::LocalAction Program::local_of(const Action& action, const CaseBuffers& buffers, Reducer reducer) {
  const std::size_t bytes = action.into.count * buffers.element_bytes();
  const std::byte* from = buffers.address(action.from);
  if (action.kind == ActionKind::copy) return {nullptr, buffers.address(action.into), from, nullptr, bytes};
  return {reducer, buffers.address(action.into), buffers.address(action.operand), from, bytes};
}

void Program::run() {
  for (const Step& step : steps_) {
    const std::span parts = std::span(parts_).subspan(step.part_begin, step.part_end - step.part_begin);
    for (const Part& part : parts) part.batch->post();
    if (step.sends) step.sends->post();
    for (const Part& part : parts) {
      if (!part.batch->test())
        wait_for(*part.batch, endpoint_, waiter_, step.peers, "waiting for a step of the schedule");
      perform(part.reductions);
    }
    perform(step.locals);
  }
}

void Program::perform(const Locals& locals) const {
  for (std::uint32_t i = locals.begin; i < locals.end; ++i) {
    const LocalAction& local = locals_[i];
    if (local.reduce)
      local.reduce(local.into, local.left, local.right, local.bytes);
    else
      std::memmove(local.into, local.left, local.bytes);
  }
}

void Program::settle() {
  if (steps_.empty() || !steps_.back().sends || steps_.back().sends->test()) return;
  wait_for(*steps_.back().sends, endpoint_, waiter_, steps_.back().peers, "waiting for sends to end");
}

std::uint64_t staging_bytes(const Schedule& schedule, const Endpoint& endpoint, std::size_t element_bytes) {
  if (endpoint.capabilities().direct) return 0;
  std::uint64_t most = 0;
  for (std::size_t s = 0; s < schedule.steps(); ++s) {
    std::uint64_t bytes = 0;
    for (const Action& action : schedule.step(s))
      if (action.kind == ActionKind::receive_reduce)
        bytes += StagingCursor::room(action.into.count * element_bytes);
    most = std::max(most, bytes);
  }
  return most;
}

}  // namespace podbench
