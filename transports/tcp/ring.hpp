// A first-in first-out queue that keeps its memory: after warm-up the timed path does not allocate.
// Thread-safety: one thread.
#pragma once

#include <cassert>
#include <cstddef>
#include <vector>

namespace podbench::tcp {

template <typename Item>
class Ring {
 public:
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  [[nodiscard]] Item& operator[](std::size_t index) noexcept {
    assert(index < count_);
    return items_[(first_ + index) & (items_.size() - 1)];
  }

  void push_back(const Item& item) {
    if (count_ == items_.size()) grow();
    items_[(first_ + count_++) & (items_.size() - 1)] = item;
  }

  void pop_front() noexcept {
    assert(count_ > 0);
    first_ = (first_ + 1) & (items_.size() - 1);
    --count_;
  }

 private:
  void grow() {
    std::vector<Item> larger(items_.empty() ? 16 : items_.size() * 2);
    for (std::size_t i = 0; i < count_; ++i) larger[i] = (*this)[i];
    items_.swap(larger);
    first_ = 0;
  }

  std::vector<Item> items_;  // a power of two of them
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

}  // namespace podbench::tcp
