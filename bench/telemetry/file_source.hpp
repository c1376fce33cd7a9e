// One quantity in one file. Thread-safety: one thread.
#pragma once

#include <cmath>
#include <memory>
#include <string>

#include "bench/machine/system_root.hpp"
#include "bench/telemetry/number_file.hpp"
#include "bench/telemetry/source.hpp"

namespace podbench {

// How a file's number becomes the quantity's value.
struct Conversion {
  double factor = 1;
  double range = 0;  // the counter begins anew behind this, in the file's own unit; 0: it does not
};

// Adds the file as a source where it holds a number now.
void add_file(const SystemRoot& root, const std::string& path, SensorQuantity quantity, Sources& sources,
              Conversion conversion = {});

// The file's number in the quantity's unit; NaN where it holds none.
[[nodiscard]] double limit_in(const SystemRoot& root, const std::string& path, double factor);

// A name's part: lower case, and anything but letters, digits and "-_" as '_'; at most 64 characters.
[[nodiscard]] std::string name_part(std::string_view text);

}  // namespace podbench
