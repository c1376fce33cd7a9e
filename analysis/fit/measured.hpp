// The message times of a run, put in order for fitting: a curve is one case at all of its sizes, with a value
// for every launch, which is the replicate.
//
// Patterns that say something of a single message: pingpong, oneway and pairs its time; bandwidth and
// message_rate its share of the time of a window of messages.
// Thread-safety: pure. Units: in the names.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "analysis/fit/line.hpp"
#include "results/record.hpp"

namespace podbench::fit {

enum class Measures : std::uint8_t { message, window };

struct Point {
  std::uint64_t bytes = 0;
  std::map<int, double> launches_ns;  // by launch number: the median of an operation
  [[nodiscard]] double median_ns() const;
};
using Points = std::vector<Point>;  // ascending sizes, no size twice

struct Curve {
  CaseKey key;  // bytes is 0: those of the points
  Measures measures = Measures::message;
  Points points;
  // Of a case that keeps a matrix, by ranks: from the first to the second where `directed`, otherwise of two
  // that answered each other.
  std::map<std::pair<int, int>, Points> pairs;
  bool directed = false;
  // oneway: how long a send kept its sender, by size. Empty where senders' own times are not known.
  Points senders;
  int window = 1;  // messages of a window
  // Whose message it is, as ranks and, where one launch has them on several nodes, hosts; "" for pairs.
  std::string between;
  [[nodiscard]] std::string name() const;  // "pingpong/direct/shm/float32/ranks:2"
};

struct Measured {
  std::vector<Curve> curves;       // in the order of the file
  std::vector<std::string> notes;  // what was left out and why, a line each
};

[[nodiscard]] Measured measured(const Run& run);

// Times of all points in one row of samples.
[[nodiscard]] std::vector<Sample> samples_of(const Points& points);
// Those of one launch.
[[nodiscard]] std::vector<Sample> samples_of(const Points& points, int launch);
// Launches that have a value at any size, ascending.
[[nodiscard]] std::vector<int> launches_of(const Points& points);

}  // namespace podbench::fit
