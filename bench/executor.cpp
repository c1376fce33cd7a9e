#include "bench/executor.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace podbench {

void wait_for(Batch& batch, Endpoint& endpoint, const Waiter& waiter, std::span<const int> peers,
              const char* doing) {
  if (!waiter.wait(batch, endpoint)) throw StalledError({peers.begin(), peers.end()}, doing);
}

Program::Program(Endpoint& endpoint, const Waiter& waiter, CaseBuffers& buffers, const Schedule& schedule,
                 const RemoteBuffers& remotes, DataType type, Op op, Return returns)
    : endpoint_(endpoint), waiter_(waiter) {
  const Reducer reducer = reducer_for(type, op);
  steps_.reserve(schedule.steps());
  for (std::size_t s = 0; s < schedule.steps(); ++s) {
    const bool last = s + 1 == schedule.steps();
    add_step(schedule.step(s), buffers, remotes, reducer, last && returns == Return::on_receipt);
  }
}

Program::Program(Endpoint& endpoint, const Waiter& waiter, const NativeCall& call)
    : endpoint_(endpoint), waiter_(waiter) {
  assert(endpoint.native());
  steps_.push_back({endpoint.native()->prepare(call), nullptr, 0, 0, {}});
}

void Program::add_step(std::span<const Action> actions, const CaseBuffers& buffers,
                       const RemoteBuffers& remotes, Reducer reducer, bool sends_apart) {
  std::vector<Transfer> transfers, sends;
  Step step{nullptr, nullptr, static_cast<std::uint32_t>(locals_.size()), 0, {}};
  StagingCursor staging{buffers.staging().data()};
  for (const Action& action : actions) {
    if (is_local(action.kind)) {
      locals_.push_back(local_of(action, buffers, reducer));
      continue;
    }
    (sends_apart && action.kind == ActionKind::send ? sends : transfers)
        .push_back(transfer_of(action, buffers, remotes, reducer, staging));
    if (std::find(step.peers.begin(), step.peers.end(), action.peer) == step.peers.end())
      step.peers.push_back(action.peer);
  }
  if (!transfers.empty()) step.batch = endpoint_.prepare(transfers);
  if (!sends.empty()) step.sends = endpoint_.prepare(sends);
  step.local_end = static_cast<std::uint32_t>(locals_.size());
  steps_.push_back(std::move(step));
}

Transfer Program::transfer_of(const Action& action, const CaseBuffers& buffers, const RemoteBuffers& remotes,
                              Reducer reducer, StagingCursor& staging) {
  const bool outgoing = action.kind == ActionKind::send || action.kind == ActionKind::put;
  const Range& local = outgoing ? action.from : action.into;
  const Range& theirs = outgoing ? action.into : action.from;
  Transfer transfer;
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
      reduce_on_receipt(transfer, action, buffers, reducer, staging);
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
  return transfer;
}

void Program::reduce_on_receipt(Transfer& transfer, const Action& action, const CaseBuffers& buffers,
                                Reducer reducer, StagingCursor& staging) {
  const std::byte* operand = buffers.address(action.operand);
  if (endpoint_.capabilities().direct) {
    transfer.reduce = reducer;
    transfer.operand = operand;
    transfer.element_bytes = buffers.element_bytes();
    return;
  }
  std::byte* staged = staging.take(transfer.bytes);
  locals_.push_back({reducer, transfer.data, operand, staged, transfer.bytes});
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
    if (step.batch) step.batch->post();
    if (step.sends) step.sends->post();
    if (step.batch && !step.batch->test())
      wait_for(*step.batch, endpoint_, waiter_, step.peers, "waiting for a step of the schedule");
    for (std::uint32_t i = step.local_begin; i < step.local_end; ++i) {
      const LocalAction& local = locals_[i];
      if (local.reduce)
        local.reduce(local.into, local.left, local.right, local.bytes);
      else
        std::memmove(local.into, local.left, local.bytes);
    }
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
