// The executor: runs a schedule, or a transport's native collective, on an endpoint.
//
// A Program is resolved once a case: every step's transfers become one prepared Batch, every local action one
// kernel call, so that a run is a walk over flat arrays. Where the transport is `direct`, a receive_reduce
// reads the sender's buffer; elsewhere it lands in staging memory, where wanted in pieces, each of which is
// reduced while the next ones are under way. Thread-safety: one thread, the endpoint's. Lifetime: endpoint,
// waiter and buffers outlive the Program. Errors: RunError and LostPeer from the transport; StalledError
// where a step passes the waiter's patience.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "bench/buffers.hpp"
#include "patterns/schedule.hpp"
#include "transports/transport.hpp"
#include "transports/wait.hpp"

namespace podbench {

// The peers' input, output and scratch, for put and get.
class RemoteBuffers {
 public:
  RemoteBuffers() = default;
  // Takes the attached memory of every rank: three entries a rank, in the order of Buffer.
  explicit RemoteBuffers(std::vector<std::unique_ptr<RemoteMemory>> memories)
      : memories_(std::move(memories)) {}
  [[nodiscard]] const RemoteMemory& at(int rank, Buffer buffer) const {
    return *memories_.at(static_cast<std::size_t>(rank) * 3 + static_cast<std::size_t>(buffer));
  }

 private:
  std::vector<std::unique_ptr<RemoteMemory>> memories_;
};

// Hands out staging memory within one step, aligned to cache lines.
class StagingCursor {
 public:
  explicit StagingCursor(std::byte* begin) : next_(begin) {}
  [[nodiscard]] static constexpr std::size_t room(std::size_t bytes) { return (bytes + 63) / 64 * 64; }
  [[nodiscard]] std::byte* take(std::size_t bytes) {
    std::byte* taken = next_;
    next_ += room(bytes);
    return taken;
  }

 private:
  std::byte* next_;
};

// Staging that a schedule needs on this endpoint: the most that one step's reducing receives take; 0 where
// the endpoint reduces in place.
[[nodiscard]] std::uint64_t staging_bytes(const Schedule& schedule, const Endpoint& endpoint,
                                          std::size_t element_bytes);

class Program {
 public:
  // Whether run() returns when all that the last step receives is there, while its sends may still be under
  // way: settle() waits for those, and must have returned before the next run.
  enum class Return : std::uint8_t { complete, on_receipt };

  // How a schedule's elements are combined. Messages of more than piece_bytes travel in pieces, which sender
  // and receiver have to cut alike; 0: whole.
  struct Reduction {
    DataType type = DataType::uint8;
    Op op = Op::sum;
    std::size_t piece_bytes = 0;  // a multiple of the element
  };

  // Resolves `schedule` over `buffers`, whose elements are `reduction.type`.
  Program(Endpoint& endpoint, const Waiter& waiter, CaseBuffers& buffers, const Schedule& schedule,
          const RemoteBuffers& remotes, const Reduction& reduction, Return returns = Return::complete);
  // A native collective: one batch. Collective, as NativeCollectives::prepare is.
  Program(Endpoint& endpoint, const Waiter& waiter, const NativeCall& call);

  // One run of the pattern on this rank; returns when the rank's part is done.
  void run();
  void settle();

 private:
  struct LocalAction {
    Reducer reduce;  // null: copy `left`
    std::byte* into;
    const std::byte* left;
    const std::byte* right;
    std::size_t bytes;
  };
  // Of locals_.
  struct Locals {
    std::uint32_t begin = 0, end = 0;
  };
  // Transfers that are waited for together, and the reductions of what they bring.
  struct Part {
    std::unique_ptr<Batch> batch;
    Locals reductions;
  };
  struct Step {
    std::uint32_t part_begin = 0, part_end = 0;  // posted together, waited for one after the other
    // Of the last step where run() returns on receipt; else they are in a part.
    std::unique_ptr<Batch> sends;
    Locals locals;
    std::vector<int> peers;
  };
  // A transfer, and the reduction of what it brings (reduce is null where it brings nothing to reduce).
  struct Move {
    Transfer transfer;
    LocalAction reduction{};
  };

  void add_step(std::span<const Action> actions, const CaseBuffers& buffers, const RemoteBuffers& remotes,
                const Reduction& reduction, bool sends_apart);
  void add_parts(std::vector<Move> moves, bool in_pieces);
  void add_part(std::span<const Move> moves);
  [[nodiscard]] static bool cut(const Move& move, std::size_t piece_bytes, std::vector<Move>& pieces);
  [[nodiscard]] Move move_of(const Action& action, const CaseBuffers& buffers, const RemoteBuffers& remotes,
                             Reducer reducer, StagingCursor& staging) const;
  void reduce_on_receipt(Move& move, const Action& action, const CaseBuffers& buffers, Reducer reducer,
                         StagingCursor& staging) const;
  [[nodiscard]] static LocalAction local_of(const Action& action, const CaseBuffers& buffers,
                                            Reducer reducer);
  void perform(const Locals& locals) const;

  Endpoint& endpoint_;
  const Waiter& waiter_;
  std::vector<Step> steps_;
  std::vector<Part> parts_;
  std::vector<LocalAction> locals_;
};

}  // namespace podbench
