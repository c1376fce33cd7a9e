// A posted transfer, and the lists in which it waits. Nothing here allocates: an operation belongs to its
// batch and is linked into at most one list at a time. Thread-safety: one thread.
#pragma once

#include <cstddef>
#include <cstdint>

namespace podbench::tcp {

class Connection;

// Counts the messages of one tag between this rank and one peer, each direction for itself.
struct TagCounter {
  std::uint16_t tag = 0;
  std::uint32_t sent = 0;
  std::uint32_t received = 0;
};

struct Operation {
  Connection* connection = nullptr;  // null: this rank itself
  TagCounter* counter = nullptr;
  std::byte* data = nullptr;
  std::size_t bytes = 0;
  std::size_t* outstanding = nullptr;  // the batch's count of incomplete operations
  std::uint32_t sequence = 0;
  std::uint16_t tag = 0;
  bool receives = false;
  bool granted = false;  // a receive whose grant is on its way
  Operation* previous = nullptr;
  Operation* next = nullptr;

  void complete() noexcept { --*outstanding; }
};

class OperationList {
 public:
  void push_back(Operation& operation) noexcept {
    operation.previous = last_;
    operation.next = nullptr;
    (last_ != nullptr ? last_->next : first_) = &operation;
    last_ = &operation;
  }

  void remove(Operation& operation) noexcept {
    (operation.previous != nullptr ? operation.previous->next : first_) = operation.next;
    (operation.next != nullptr ? operation.next->previous : last_) = operation.previous;
  }

  // Null if none. Peers answer in the order of posting, so it is nearly always the first.
  [[nodiscard]] Operation* find(std::uint16_t tag, std::uint32_t sequence) const noexcept {
    for (Operation* at = first_; at != nullptr; at = at->next)
      if (at->sequence == sequence && at->tag == tag) return at;
    return nullptr;
  }

 private:
  Operation* first_ = nullptr;
  Operation* last_ = nullptr;
};

}  // namespace podbench::tcp
