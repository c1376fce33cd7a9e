// One rank's part of a run as loads and stores: what it combines from whose memory, what it waits for before
// that and what it says afterwards. Counters are numbered from the beginning of a run.
//
// A plan keeps a schedule's meaning and gives up what is only a message's: no rank waits for another one
// unless data or a buffer's next use depend on it. A buffer that is only read (the input) is announced once,
// and its last readers are waited for at the end; reductions of a step that continue each other are one
// Combine, whose result is written to every place that gets it while it is in the nearest cache.
// Thread-safety: pure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "bench/direct/edges.hpp"
#include "patterns/schedule.hpp"

namespace podbench::direct {

// What a rank counts for a peer, in a line that only it writes.
enum class Counter : std::uint8_t {
  announced,  // steps in whose beginning the peer has an interest
  taken,      // of the peer's buffers
  given,      // into the peer's buffers
};

// The peer's counter for this rank must have come this far / this rank's for the peer has come this far.
struct Wait {
  int peer = 0;
  Counter counter = Counter::announced;
  std::uint32_t value = 0;
  friend bool operator==(const Wait&, const Wait&) = default;
};
struct Signal {
  int peer = 0;
  Counter counter = Counter::announced;
  std::uint32_t value = 0;
};

struct Source {
  int rank = 0;  // whose memory
  Range range{};
  // Where it is not a range: the number of the cell in which the rank sends it.
  static constexpr std::uint32_t no_cell = ~std::uint32_t{0};
  std::uint32_t cell = no_cell;
};
struct Target {
  int rank = 0;
  Range range{};
  bool read_again = true;  // in this run, by anybody
};

// targets = source 0 op source 1 op …, in this order.
struct Combine {
  std::vector<Source> sources;
  std::vector<Target> targets;
  std::vector<Wait> waits;
  std::vector<Signal> signals;
  std::vector<std::uint32_t> after;  // arrivals of the step that must be done first
};

struct CellSend {
  int peer = 0;
  std::uint32_t cell = 0;
  Range from{};
};

struct Step {
  std::vector<Wait> before;  // buffers that peers still read
  std::vector<Signal> announcements;
  std::vector<CellSend> cells;
  std::vector<Combine> arrivals;  // as they come
  std::vector<Wait> arrived;      // what peers write here, and sources of this step that locals overwrite
  std::vector<Combine> locals;    // in order
};

// How far a pair's counters go in a run.
struct Totals {
  std::uint32_t announced = 0, taken = 0, given = 0, cells = 0;
};

struct Plan {
  std::vector<Step> steps;
  std::vector<Wait> end;
  std::vector<Totals> ours, theirs;  // by peer
};

// Whether schedules can be compiled: no put, no get, no more actions than are worth the analysis.
[[nodiscard]] bool can_compile(std::span<const Schedule> schedules);

// `schedules` and `edges` are of all ranks.
[[nodiscard]] Plan make_plan(std::span<const Schedule> schedules, const Edges& edges, int rank);

}  // namespace podbench::direct
