// An operation: one transfer of a batch while it is under way, and the lists in which it waits.
#pragma once

#include <cstdint>

#include "transports/shm/layout.hpp"
#include "transports/transport.hpp"

namespace podbench::shm {

struct Peer;

// How a send goes, decided when its batch is prepared.
struct SendPlan {
  Way way = Way::inlined;
  Description description{};
};

struct Operation {
  Transfer transfer;
  Peer* peer = nullptr;
  std::size_t* remaining = nullptr;  // of its batch
  Operation* next = nullptr;         // in the one list in which it waits
  SendPlan plan{};
  std::uint64_t moved = 0;   // bytes of a stream that have been sent or received
  std::uint64_t stream = 0;  // the receiver's name for it

  void finish() noexcept { --*remaining; }
};

// A queue through Operation::next.
class Queue {
 public:
  [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }
  [[nodiscard]] Operation* first() const noexcept { return first_; }
  void push(Operation& operation) noexcept {
    operation.next = nullptr;
    *end_ = &operation;
    end_ = &operation.next;
  }
  void push_front(Operation& operation) noexcept {
    operation.next = first_;
    if (first_ == nullptr) end_ = &operation.next;
    first_ = &operation;
  }
  Operation* pop() noexcept {
    return take([](const Operation&) { return true; });
  }
  // Takes out the first for which `wanted` holds; null where there is none.
  template <typename Wanted>
  Operation* take(Wanted wanted) noexcept {
    for (Operation** link = &first_; *link != nullptr; link = &(*link)->next) {
      Operation* operation = *link;
      if (!wanted(*operation)) continue;
      *link = operation->next;
      if (operation->next == nullptr) end_ = link;
      return operation;
    }
    return nullptr;
  }
  Queue() = default;
  Queue(const Queue&) = delete;  // end_ points into the queue itself
  Queue& operator=(const Queue&) = delete;

 private:
  Operation* first_ = nullptr;
  Operation** end_ = &first_;
};

}  // namespace podbench::shm
