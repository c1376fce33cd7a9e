// Endpoints of ranks that are threads of one process, over queues: the least transport that moves messages.
#pragma once

#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <tuple>
#include <vector>

#include "transports/transport.hpp"

namespace podbench {

// What is on its way, by (from, to, tag).
class ThreadNetwork {
 public:
  explicit ThreadNetwork(int ranks) : ranks_(ranks) {}
  [[nodiscard]] int ranks() const noexcept { return ranks_; }

  void send(int from, int to, std::uint16_t tag, std::vector<std::byte> message) {
    const std::lock_guard lock(mutex_);
    queues_[{from, to, tag}].push_back(std::move(message));
  }
  [[nodiscard]] bool receive(int from, int to, std::uint16_t tag, std::byte* into, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    auto& queue = queues_[{from, to, tag}];
    if (queue.empty()) return false;
    if (queue.front().size() != bytes) throw std::runtime_error("lengths differ");
    std::memcpy(into, queue.front().data(), bytes);
    queue.pop_front();
    return true;
  }

 private:
  int ranks_;
  std::mutex mutex_;
  std::map<std::tuple<int, int, std::uint16_t>, std::deque<std::vector<std::byte>>> queues_;
};

class ThreadBatch final : public Batch {
 public:
  ThreadBatch(ThreadNetwork& network, int rank, std::span<const Transfer> transfers)
      : network_(network),
        rank_(rank),
        transfers_(transfers.begin(), transfers.end()),
        done_(transfers.size(), true) {}
  void post() override {
    for (std::size_t i = 0; i < transfers_.size(); ++i) {
      const Transfer& t = transfers_[i];
      done_[i] = t.kind == TransferKind::send;
      if (done_[i]) network_.send(rank_, t.peer, t.tag, {t.data, t.data + t.bytes});
    }
  }
  [[nodiscard]] bool test() override {
    bool all = true;
    for (std::size_t i = 0; i < transfers_.size(); ++i) {
      const Transfer& t = transfers_[i];
      if (!done_[i]) done_[i] = network_.receive(t.peer, rank_, t.tag, t.data, t.bytes);
      all = all && done_[i];
    }
    return all;
  }

 private:
  ThreadNetwork& network_;
  int rank_;
  std::vector<Transfer> transfers_;
  std::vector<bool> done_;
};

class ThreadEndpoint final : public Endpoint {
 public:
  ThreadEndpoint(ThreadNetwork& network, int rank) : network_(network), rank_(rank) {}
  [[nodiscard]] int rank() const noexcept override { return rank_; }
  [[nodiscard]] int size() const noexcept override { return network_.ranks(); }
  [[nodiscard]] const Capabilities& capabilities() const noexcept override { return capabilities_; }
  [[nodiscard]] std::unique_ptr<Memory> allocate(std::size_t bytes) override {
    return std::make_unique<Owned>(std::make_unique<std::byte[]>(bytes), bytes);
  }
  [[nodiscard]] std::unique_ptr<Memory> adopt(std::byte*, std::size_t) override {
    throw std::logic_error("not part of this test's transport");
  }
  [[nodiscard]] std::unique_ptr<Batch> prepare(std::span<const Transfer> transfers) override {
    return std::make_unique<ThreadBatch>(network_, rank_, transfers);
  }
  void close(Deadline) override {}

 private:
  struct Owned final : Memory {
    Owned(std::unique_ptr<std::byte[]> data, std::size_t bytes)
        : Memory(data.get(), bytes), owner(std::move(data)) {}
    std::unique_ptr<std::byte[]> owner;
  };
  ThreadNetwork& network_;
  int rank_;
  Capabilities capabilities_;
};

}  // namespace podbench
