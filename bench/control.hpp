// The control channel of a launch: how the lead (rank 0) tells the followers what comes next and collects
// what they found. It runs over the endpoint under test with tags of its own, so that it works wherever the
// transport works and needs no connection of its own; nothing of it is inside a timed part.
//
// All functions are collective over the endpoint and walk a binomial tree rooted at the lead: ceil(log2 p)
// rounds. Thread-safety: one thread, the endpoint's. Errors: as wait_for().
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "bench/executor.hpp"
#include "transports/transport.hpp"
#include "transports/wait.hpp"
#include "transports/wrap/fault.hpp"

namespace podbench {

enum class Verb : std::uint32_t { prepare, align, verify, sample, release, observe, hand_over, finish };

// What the lead says; the followers obey.
struct Command {
  Verb verb = Verb::finish;
  std::uint32_t case_index = 0;
  std::uint64_t samples = 0;      // sample: how many
  std::uint32_t operations = 1;   // sample: operations back to back in each
  std::uint32_t round = 0;        // verify: which contents; prepare: which problem of the pattern's series
  std::int64_t slack_ns = 0;      // sample: how far ahead a common start is announced ...
  std::int64_t tolerance_ns = 0;  // ... and how late behind it a rank may begin
};

class Control {
 public:
  // `patience` of the waiter bounds each wait for the lead or a follower. Endpoint and waiter outlive this.
  Control(Endpoint& endpoint, const Waiter& waiter);

  // How this launch waits.
  [[nodiscard]] const Waiter& waiter() const noexcept { return waiter_; }

  // The lead's command reaches everybody; returns it on every rank.
  Command announce(const Command& command);

  // The lead's bytes on every rank; all give equally many.
  void broadcast(std::span<std::byte> bytes);

  // Element-wise maximum over all ranks, on the lead; the others' values are their subtree's afterwards.
  void reduce_max(std::span<std::uint64_t> values);

  // Every rank's `mine` on the lead, by rank; empty elsewhere. All give equally many bytes.
  [[nodiscard]] std::vector<std::byte> gather(std::span<const std::byte> mine);

  // Every rank's blob on the lead, by rank; sizes may differ. Empty elsewhere. No message carries more than
  // what the ranks below gave.
  [[nodiscard]] std::vector<Blob> gather_blobs(std::span<const std::byte> mine);

  // Every rank's blob on every rank, by rank; sizes may differ.
  [[nodiscard]] std::vector<Blob> exchange(std::span<const std::byte> mine);

  // Returns when every rank has come: the catalogue's dissemination barrier on a control tag.
  void barrier() { barrier_->run(); }

  // The lead's number on every rank, the quickest way there is: everything is prepared beforehand.
  [[nodiscard]] std::int64_t signal(std::int64_t number);

 private:
  struct Child {
    int rank;
    int subtree;  // ranks in it, the child included
  };
  void reserve(std::size_t bytes);
  void move(TransferKind kind, int peer, std::size_t offset, std::size_t bytes);
  void send_to(int peer, std::span<const std::byte> bytes);
  void receive_from(int peer, std::span<std::byte> bytes);
  void make_barrier();
  void make_signal();

  Endpoint& endpoint_;
  const Waiter& waiter_;
  int parent_ = -1;
  std::vector<Child> children_;  // largest subtree first: the order in which the tree unfolds
  std::vector<int> child_ranks_;
  std::unique_ptr<Memory> workspace_;
  BufferPool barrier_pool_;
  std::unique_ptr<CaseBuffers> barrier_buffers_;
  std::unique_ptr<Program> barrier_;
  std::unique_ptr<Memory> signal_;
  std::unique_ptr<Batch> signal_in_, signal_out_;  // null: no parent, no children
};

}  // namespace podbench
