// How text gets into a page: nothing that a file says becomes markup or script. Thread-safety: pure.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

namespace podbench::report {

// For the inside of an element or of a quoted attribute. Control characters become '?', bytes that are not
// UTF-8 U+FFFD.
[[nodiscard]] std::string html_text(std::string_view text);

// For the inside of a <script type="application/json">: whatever the strings hold, it ends neither the
// element nor a line of script.
[[nodiscard]] std::string script_json(const nlohmann::ordered_json& document);

// RFC 4648, with padding.
[[nodiscard]] std::string base64(std::span<const std::byte> bytes);

// To seven significant digits: more than a picture shows, in half the characters. NaN and infinity are null.
[[nodiscard]] nlohmann::ordered_json short_number(double value);
[[nodiscard]] nlohmann::ordered_json short_numbers(std::span<const double> values);

}  // namespace podbench::report
