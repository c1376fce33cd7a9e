// The ranks of one node as a launch of their own, for a transport that is opened on every node by itself.
//
// Its fences stay those of the whole launch, so whatever uses it does so on all nodes alike: opens, closes,
// fails. Thread-safety, errors: as the rendezvous behind it, which outlives it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "transports/rendezvous.hpp"

namespace podbench {

class NodeRendezvous final : public Rendezvous {
 public:
  // `members`: ranks of one node as the whole launch numbers them, in ascending order, this rank among them;
  // rank k here is the k-th of them. Equal on all of them.
  NodeRendezvous(Rendezvous& whole, std::vector<int> members);

  [[nodiscard]] const std::vector<int>& members() const noexcept { return members_; }

  // What fences call again and again while they wait, for peers that wait for this rank elsewhere; it must
  // not touch the rendezvous. Empty: nothing.
  void while_waiting(std::function<void()> progress) { progress_ = std::move(progress); }

  [[nodiscard]] int rank() const noexcept override { return rank_; }
  [[nodiscard]] int size() const noexcept override { return static_cast<int>(members_.size()); }
  void publish(std::string_view key, std::span<const std::byte> value) override;
  void fence(Deadline deadline) override;
  [[nodiscard]] Blob lookup(int rank, std::string_view key, Deadline deadline) override;
  [[nodiscard]] const std::string& host(int rank) const override { return whole_.host(member(rank)); }
  [[nodiscard]] int node(int) const override { return 0; }
  [[nodiscard]] const std::string& address() const noexcept override { return whole_.address(); }
  // Of this node only: several may share a machine.
  [[nodiscard]] const std::string& launch_id() const noexcept override { return launch_id_; }
  [[noreturn]] void abort(int blamed_rank, std::string_view reason) noexcept override;
  [[noreturn]] void report_stall(std::span<const int> peers, std::string_view doing) noexcept override;

 private:
  [[nodiscard]] int member(int rank) const { return members_.at(static_cast<std::size_t>(rank)); }

  Rendezvous& whole_;
  std::vector<int> members_;
  int rank_ = 0;
  std::string launch_id_;
  std::function<void()> progress_;
};

// All ranks of this rank's node.
[[nodiscard]] std::vector<int> ranks_of_own_node(const Rendezvous& rendezvous);

}  // namespace podbench
