// Patterns and algorithms: what is communicated, and how. The catalogue is docs/patterns.md.
//
// A pattern says what must be where afterwards (its contract) and what its numbers mean; an algorithm is a
// pure function from one rank's view of the problem to that rank's schedule. Both are tables of plain
// functions, so that a new algorithm is one file and one line in catalogue.cpp. Thread-safety: everything is
// pure and may be called from any thread; the catalogue is constant.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patterns/schedule.hpp"

namespace podbench {

// A file that a person gave: its name for people, its text for the other ranks.
struct SourceText {
  std::string name, text;
};

struct CountMatrix;       // patterns/alltoallv/count_matrix.hpp
struct Workload;          // patterns/training_step/workload.hpp
struct ImportedSchedule;  // patterns/imported/imported_schedule.hpp

// What a person can set on a pattern or an algorithm; the defaults are the field's.
struct Parameters {
  int root = 0;                     // rooted patterns
  int window = 64;                  // messages in flight: bandwidth, bidirectional, message_rate
  int radix = 2;                    // bruck, knomial
  std::uint64_t segment_count = 0;  // pipelined algorithms: elements a segment; 0: the algorithm's choice
  std::uint64_t piece_bytes = 0;    // reductions: pieces of long messages, each reduced as it comes; 0: whole
  int shift = 1;                    // shift by k
  std::vector<int> grid;            // halo: ranks an axis; empty: as square as possible
  bool wrap = true;                 // halo: torus rather than mesh
  double skew = 0;                  // alltoallv: Zipf exponent; 0: even
  std::uint64_t seed = 0;           // alltoallv, random_ring
  int round = 0;                    // pairs, flows: which round of the tournament
  bool aggressors = true;           // congestion: off for the isolated victims
  std::shared_ptr<const CountMatrix> matrix;         // alltoallv, flows: who sends how much to whom
  std::shared_ptr<const Workload> workload;          // training_step: its parts and their sizes
  double scale = 1;                                  // training_step: a factor on the workload's sizes
  std::shared_ptr<const ImportedSchedule> schedule;  // imported: the plans of all ranks
  friend bool operator==(const Parameters&, const Parameters&) = default;  // files are the same when shared
};

// Which of the parameters a pattern or an algorithm looks at; the others do not change it.
enum Knob : std::uint32_t {
  knob_root = 1U << 0,
  knob_window = 1U << 1,
  knob_radix = 1U << 2,
  knob_segment = 1U << 3,
  knob_shift = 1U << 4,
  knob_grid = 1U << 5,  // grid and wrap
  knob_skew = 1U << 6,  // skew and seed, and the matrix in their place
  knob_seed = 1U << 7,
  knob_nodes = 1U << 8,  // node_of_rank
  knob_round = 1U << 9,
  knob_aggressors = 1U << 10,
  knob_workload = 1U << 11,  // workload and scale; it brings the sizes, count does not matter
  knob_schedule = 1U << 12,
  knob_matrix = 1U << 13,
  knob_piece = 1U << 14,
};

// One rank's view of what is to be done.
struct Problem {
  int rank = 0;
  int ranks = 1;
  std::uint64_t count = 0;  // elements of the larger of input and output of the rank that has most
  Parameters parameters;
  std::span<const int> node_of_rank;  // node number of each rank; empty: all on one node
};

// `count` elements cut into `parts`: the first count % parts blocks get one element more.
struct Block {
  std::uint64_t first, count;
};
[[nodiscard]] constexpr Block block_of(std::uint64_t count, int parts, int index) {
  const auto p = static_cast<std::uint64_t>(parts), i = static_cast<std::uint64_t>(index);
  const std::uint64_t base = count / p, extra = count % p;
  return {i * base + (i < extra ? i : extra), base + (i < extra ? 1 : 0)};
}

// A part of the contract: output elements [output_first, +count) hold the input elements [input_first,
// +count) of rank `source`, or, where source is all_ranks, their reduction over the inputs of all ranks.
struct Piece {
  static constexpr int all_ranks = -1;
  std::uint64_t output_first = 0;
  std::uint64_t count = 0;
  int source = all_ranks;
  std::uint64_t input_first = 0;
};

// A closed formula from the algorithm's source; what tests hold its schedules against.
struct Cost {
  double rounds = 0;         // steps with a transfer on the longest chain of steps that wait for each other
  double sent_elements = 0;  // by the rank that sends most
};

struct Algorithm {
  std::string_view pattern;  // "allreduce"
  std::string_view name;     // "ring"
  std::string_view summary;  // a few words for `podbench list patterns`
  std::string_view source;   // where it was published
  // This rank's plan. Called only where `refusal` is silent. Null: the transport's own collective (`native`).
  Schedule (*generate)(const Problem& problem) = nullptr;
  std::uint32_t knobs = 0;  // the parameters it uses beside its pattern's
  // Why this algorithm cannot serve the problem ("needs a power of two"), or nothing. May be null.
  std::optional<std::string> (*forbids)(const Problem& problem) = nullptr;
  // The source's cost formula for this problem. May be null where the source gives none.
  Cost (*cost)(const Problem& problem) = nullptr;
};

// Problems that one case measures one after the other: the rounds of a tournament, or the network at rest and
// under load.
struct Series {
  int (*length)(const Problem&) = nullptr;
  void (*choose)(Parameters&, int index) = nullptr;  // makes the parameters those of one of them
  // Whose company a rank's own time belongs to (-1: nobody's): the times fill a rank × rank matrix, and all
  // samples are the case's. Null: the samples of the last problem are the case's, and the first is what they
  // are held against (the impact factor).
  int (*partner)(const Problem&) = nullptr;
  bool opposite = false;  // two problems, the two directions of one path: how unlike they are is worth a word
};

enum class Metric : std::uint8_t { latency, bandwidth, message_rate, time };

struct Pattern {
  std::string_view name;
  std::string_view summary;
  Metric metric = Metric::time;  // the headline
  bool reduces = false;          // datatype and op matter
  int least_ranks = 1;
  std::uint64_t (*input_count)(const Problem&);    // elements of this rank's input
  std::uint64_t (*output_count)(const Problem&);   // elements of this rank's output
  std::vector<Piece> (*contract)(const Problem&);  // of this rank's output; elements not named are free
  std::uint32_t knobs = 0;                         // the parameters that it uses
  // No rank may leave before every rank has entered: what a barrier promises beside its contract.
  bool synchronizes = false;
  // For native calls: which elements of the input go to each peer, which of the output come from it. Null
  // where the collective knows no blocks (allreduce, broadcast, reduce, barrier).
  std::vector<Block> (*input_blocks)(const Problem&) = nullptr;
  std::vector<Block> (*output_blocks)(const Problem&) = nullptr;
  // Bus bandwidth = algorithm bandwidth × factor (nccl-tests, doc/PERFORMANCE.md). Null: no bus bandwidth.
  double (*bus_factor)(int ranks) = nullptr;
  // Elements that one operation moves as the pattern's user counts them: bandwidth = this × element size over
  // the reported time, which is that of one of the `operations` below.
  std::uint64_t (*moved_count)(const Problem&) = nullptr;  // null: problem.count
  // One sample holds this many of the thing that is reported: 2 for ping-pong (half the round trip).
  int (*operations)(const Problem&) = nullptr;  // null: 1
  // Whether this rank's end counts for the sample. Null: every rank's does.
  bool (*timed)(const Problem&) = nullptr;
  // Lower bounds, stored with each case: rounds, and elements that some rank must send or receive.
  Cost (*lower_bound)(const Problem&) = nullptr;
  // Point to point: rank 0 sees the beginning and the end of every run, so its own clock gives the sample.
  bool self_timed = false;
  // Whether sizes mean anything; a barrier has none.
  bool sized = true;
  const Series* series = nullptr;  // null: the case is one problem
  // Puts or gets: every rank attaches to its peers' buffers before the first run.
  bool one_sided = false;
  // A rank's time ends when what it receives in the last step is there; its sends may still be under way.
  bool ends_on_receipt = false;
};

// Why the pattern or the algorithm cannot serve the problem: one line that says what would be right, or
// nothing. Looks at ranks and parameters, never at `problem.rank`.
[[nodiscard]] std::optional<std::string> refusal(const Pattern& pattern, const Algorithm& algorithm,
                                                 const Problem& problem);

// The catalogue, in the order of docs/patterns.md.
[[nodiscard]] std::span<const Pattern* const> all_patterns();
[[nodiscard]] std::span<const Algorithm* const> all_algorithms();
[[nodiscard]] const Pattern* find_pattern(std::string_view name);
[[nodiscard]] const Algorithm* find_algorithm(std::string_view pattern, std::string_view name);
[[nodiscard]] std::vector<const Algorithm*> algorithms_of(std::string_view pattern);

}  // namespace podbench
