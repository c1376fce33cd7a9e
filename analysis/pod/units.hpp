// Quantities of a pod file: a number and its unit, "200 Gbit/s", "12 kW", "27 C", "3 us". The unit is never
// left out. Thread-safety: pure. Errors: RequestError, one line without a place.
#pragma once

#include <string_view>

namespace podbench {

// What a quantity measures. Decimal prefixes; B is a byte of 8 bits.
enum class Dimension { rate, power, temperature, duration };

// In bits a second, watts, degrees Celsius, seconds.
[[nodiscard]] double parse_quantity(std::string_view text, Dimension dimension);

// What a quantity of the dimension looks like: `a rate as in "200 Gbit/s" (bit/s, kbit/s, ...)`.
[[nodiscard]] std::string_view example_of(Dimension dimension);

}  // namespace podbench
