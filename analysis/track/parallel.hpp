// Work on many items by a few threads. Thread-safety: `work` is called by several threads, each item once.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <thread>
#include <vector>

namespace podbench::track {

// Calls work(i) for every i below `count`; the first exception is thrown again when all threads have ended.
template <typename Work>
void for_each_index(std::size_t count, unsigned threads, const Work& work) {
  constexpr std::size_t piece = 64;
  std::atomic<std::size_t> next = 0;
  std::vector<std::exception_ptr> thrown(threads > 0 ? threads : 1);
  const auto run = [&](std::size_t who) {
    try {
      for (std::size_t begin; (begin = next.fetch_add(piece)) < count;)
        for (std::size_t i = begin; i < count && i < begin + piece; ++i) work(i);
    } catch (...) {
      thrown[who] = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    if (count > piece)
      for (std::size_t who = 1; who < threads; ++who) others.emplace_back(run, who);
    run(0);
  }
  for (const std::exception_ptr& error : thrown)
    if (error) std::rethrow_exception(error);
}

}  // namespace podbench::track
