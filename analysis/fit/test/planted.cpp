#include "analysis/fit/test/planted.hpp"

#include <cmath>
#include <numbers>
#include <string>

#include "base/random.hpp"

namespace podbench::fit::test {
namespace {

constexpr int samples_a_record = 15;
constexpr double acknowledgement_bytes = 1;  // an element of uint8

double gaussian(Random& random) {
  const double radius = std::sqrt(-2 * std::log(1 - random.unit()));
  return radius * std::cos(2 * std::numbers::pi * random.unit());
}

CaseKey planted_key(const std::string& pattern, std::uint64_t bytes) {
  CaseKey key;
  key.transport = "planted";
  key.pattern = pattern;
  key.algorithm = "direct";
  key.datatype = "uint8";
  key.bytes = bytes;
  key.ranks = key.nodes = 2;
  return key;
}

class Maker {
 public:
  Maker(const Network& network, const Noise& noise, const Measurement& measurement, std::uint64_t seed)
      : network_(network), noise_(noise), measurement_(measurement), random_(seed) {}

  Run make() {
    Run run;
    run.run.run_id = "planted";
    for (int launch = 0; launch < measurement_.launches; ++launch) {
      run.launches.push_back({launch, "local", {"a", "b"}, {0, 1}, {}});
      pace_ = std::exp(noise_.launch * gaussian(random_));
      for (const std::uint64_t bytes : measurement_.sizes)
        for (const char* pattern : {"pingpong", "oneway", "message_rate", "bandwidth"})
          run.cases.push_back(record(pattern, bytes, launch));
    }
    return run;
  }

 private:
  CaseRecord record(const std::string& pattern, std::uint64_t bytes, int launch) {
    CaseRecord record;
    record.key = planted_key(pattern, bytes);
    record.key.sync = pattern == "oneway" ? "clock" : "none";
    record.launch = launch;
    const bool is_window = pattern == "message_rate" || pattern == "bandwidth";
    if (is_window && measurement_.window != 64)
      record.key.options["window"] = std::to_string(measurement_.window);
    record.time_divisor = pattern == "pingpong" ? 2 : pattern == "message_rate" ? measurement_.window : 1;
    double time_ns = pattern == "pingpong" ? 2 * network_.message_ns(static_cast<double>(bytes))
                     : is_window           ? window_ns(static_cast<double>(bytes))
                                           : network_.message_ns(static_cast<double>(bytes));
    time_ns *= pace_ * std::exp(noise_.size * gaussian(random_));
    if (random_.unit() < noise_.outliers) time_ns *= 2 + 2 * random_.unit();
    for (int i = 0; i < samples_a_record; ++i)
      record.samples_ns.push_back(
          static_cast<std::uint64_t>(std::llround(time_ns * std::exp(noise_.sample * gaussian(random_)))));
    if (pattern == "oneway") add_own_times(time_ns, record);
    return record;
  }

  double window_ns(double bytes) {
    return (measurement_.window - 1) * network_.each_further_ns(bytes) + network_.message_ns(bytes) +
           network_.message_ns(acknowledgement_bytes);
  }

  // The last rank sends in the direction whose own times are kept.
  void add_own_times(double time_ns, CaseRecord& record) {
    const auto late_ns = static_cast<std::uint64_t>(random_.below(200));
    const double own_ns = network_.overhead_ns * pace_ * std::exp(noise_.size * gaussian(random_));
    record.entry_ns = {0, late_ns};
    record.exit_ns = {static_cast<std::uint64_t>(time_ns),
                      late_ns + static_cast<std::uint64_t>(std::llround(own_ns))};
    const double nothing = std::nan("");
    record.matrix = {nothing, time_ns, time_ns, nothing};
  }

  const Network& network_;
  const Noise& noise_;
  const Measurement& measurement_;
  Random random_;
  double pace_ = 1;
};

}  // namespace

double Network::message_ns(double bytes) const {
  const double small_ns = latency_ns + 2 * overhead_ns;
  if (eager_bytes > 0 && bytes > static_cast<double>(eager_bytes))
    return small_ns + handshake_ns + (bytes - 1) * long_gap_per_byte_ns;
  return small_ns + (bytes - 1) * gap_per_byte_ns;
}

double Network::each_further_ns(double bytes) const {
  const bool is_long = eager_bytes > 0 && bytes > static_cast<double>(eager_bytes);
  return gap_ns + (bytes - 1) * (is_long ? long_gap_per_byte_ns : gap_per_byte_ns);
}

Run planted_run(const Network& network, const Noise& noise, const Measurement& measurement,
                std::uint64_t seed) {
  return Maker(network, noise, measurement, seed).make();
}

std::vector<std::uint64_t> sizes(std::uint64_t first, std::uint64_t last, std::uint64_t factor) {
  std::vector<std::uint64_t> list;
  for (std::uint64_t size = first; size <= last; size *= factor) list.push_back(size);
  return list;
}

}  // namespace podbench::fit::test
