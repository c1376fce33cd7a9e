// A plan over real memory: what a rank runs where it sees its peers' memory.
//
// Everything is resolved when the program is made: addresses, counters, kernels. A run loads and stores,
// calls one kernel a block, and allocates nothing. Where more is moved than the last cache holds, results
// that nobody reads again are stored past the caches. Thread-safety: one thread, the endpoint's. Lifetime:
// links, patience and memory outlive the program. All ranks run the same programs in the same order. Errors:
// as Patience.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/reduce.hpp"
#include "bench/direct/links.hpp"
#include "bench/direct/patience.hpp"
#include "bench/direct/plan.hpp"

namespace podbench::direct {

// Where a rank's input, output and scratch lie in this process, in the order of Buffer; null for what its
// peers need not see.
using BufferBases = std::array<std::byte*, 3>;

struct Setting {
  int rank;
  Links& links;
  Patience& patience;
  std::span<const BufferBases> bases;  // by rank
  std::size_t element_bytes = 1;
  Reducer reduce = nullptr;
  bool past_caches = false;  // results that nobody reads again
};

class Program {
 public:
  Program(const Plan& plan, const Setting& setting);

  // This rank's part of one run; returns when its input may be changed and its output is whole.
  void run();

 private:
  struct Await {
    const std::atomic<std::uint64_t>* counter;
    const std::uint64_t* base;
    std::uint64_t value;
    int peer;
    [[nodiscard]] bool met() const noexcept {
      return counter->load(std::memory_order_acquire) >= *base + value;
    }
  };
  struct Tell {
    std::atomic<std::uint64_t>* counter;
    const std::uint64_t* base;
    std::uint64_t value;
  };
  struct Part {
    const std::byte* address;  // null: a cell
    const Link* link;
    std::uint32_t cell;
    int peer;
    [[nodiscard]] const Cell& slot() const noexcept;
    [[nodiscard]] bool there() const noexcept;
    [[nodiscard]] const std::byte* begin() const noexcept;
  };
  struct Place {
    std::byte* address;
    bool past_caches;
  };
  struct Work {
    std::size_t bytes;
    std::vector<Part> parts;
    std::vector<Place> places;
    std::vector<Await> awaits;
    std::vector<Tell> tells;
    std::vector<std::uint32_t> after;
    bool streams = false;  // some place is written past the caches
    bool done = false;
  };
  struct CellPut {
    Link* link;
    std::uint32_t cell;
    const std::byte* from;
    std::size_t bytes;
    int peer;
  };
  struct Phase {
    std::vector<Await> before;
    std::vector<Tell> announcements;
    std::vector<CellPut> cells;
    std::vector<Work> arrivals;
    std::vector<Await> arrived;
    std::vector<Work> locals;
  };

  [[nodiscard]] std::byte* address(int rank, const Range& range) const;
  [[nodiscard]] std::vector<Await> resolve(std::span<const Wait> waits) const;
  [[nodiscard]] std::vector<Tell> resolve(std::span<const Signal> signals) const;
  [[nodiscard]] Work resolve(const Combine& combine) const;
  [[nodiscard]] Phase resolve(const Step& step) const;
  [[nodiscard]] Link& link(int peer) const { return setting_.links[static_cast<std::size_t>(peer)]; }

  template <typename Ready>
  void wait_until(const Ready& ready, int peer);
  void wait_for(std::span<const Await> awaits);
  void put(const CellPut& cell);
  void take(std::vector<Work>& arrivals);
  [[nodiscard]] static bool ready(const std::vector<Work>& all, const Work& work);
  [[nodiscard]] static int awaited_peer(const std::vector<Work>& arrivals);
  void perform(Work& work);
  void combine(const Work& work) const;
  void combine_block(const Work& work, std::size_t at, std::size_t bytes) const;
  [[nodiscard]] static std::span<const std::byte* const> next_operands(const Work& work, std::size_t place,
                                                                       std::size_t at,
                                                                       std::span<const std::byte*> room);
  static void tell(std::span<const Tell> tells) noexcept;
  void end_run();

  Setting setting_;
  std::vector<BufferBases> bases_;
  std::vector<Phase> phases_;
  std::vector<Await> end_;
  std::vector<Totals> ours_, theirs_;
};

}  // namespace podbench::direct
