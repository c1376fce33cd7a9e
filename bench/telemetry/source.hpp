// Something on this node that can be read again and again for one or more numbers.
//
// A source opens what it reads once. What can no longer be read, or gives rubbish, ends that quantity with a
// reason and nothing else.
// Thread-safety: one thread. Errors: none; they are in the readings.
#pragma once

#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "results/telemetry.hpp"

namespace podbench {

using SensorQuantity = TelemetryRecord::Described;

struct Reading {
  double value = std::numeric_limits<double>::quiet_NaN();  // NaN: nothing now
  std::string ended;                                        // why there will be no more; empty: there may be
};

class Source {
 public:
  virtual ~Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  [[nodiscard]] const std::vector<SensorQuantity>& quantities() const noexcept { return quantities_; }
  // One reading a quantity.
  virtual void read(std::span<Reading> into) = 0;

 protected:
  Source() = default;
  explicit Source(std::vector<SensorQuantity> quantities) : quantities_(std::move(quantities)) {}
  std::vector<SensorQuantity> quantities_;
};

using Sources = std::vector<std::unique_ptr<Source>>;

}  // namespace podbench
