// Runs of a made-up network whose parameters are known: what fits are held against.
// Thread-safety: pure. Units: in the names; noise relative.
#pragma once

#include <cstdint>
#include <vector>

#include "results/record.hpp"

namespace podbench::fit::test {

struct Network {
  double latency_ns = 1'200, overhead_ns = 250, gap_ns = 400;
  double gap_per_byte_ns = 0.09;
  // Messages above this size need a handshake and then move faster; 0: there is no such size.
  std::uint64_t eager_bytes = 0;
  double handshake_ns = 3'000;
  double long_gap_per_byte_ns = 0.05;
  [[nodiscard]] double message_ns(double bytes) const;
  // The time of a window's further messages.
  [[nodiscard]] double each_further_ns(double bytes) const;
};

struct Noise {
  double launch = 0.02;  // of a launch as a whole
  double size = 0.01;    // of one size in one launch
  double sample = 0.03;  // of a sample
  double outliers = 0;   // share of sizes that one launch takes several times as long for
};

struct Measurement {
  std::vector<std::uint64_t> sizes;
  int launches = 6;
  int window = 64;
};

// "pingpong", "oneway", "message_rate" and "bandwidth" between two ranks.
[[nodiscard]] Run planted_run(const Network& network, const Noise& noise, const Measurement& measurement,
                              std::uint64_t seed);

// first, first * factor, ... up to last
[[nodiscard]] std::vector<std::uint64_t> sizes(std::uint64_t first, std::uint64_t last, std::uint64_t factor);

}  // namespace podbench::fit::test
