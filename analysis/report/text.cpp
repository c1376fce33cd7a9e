#include "analysis/report/text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "results/utf8.hpp"

namespace podbench::report {
namespace {

using nlohmann::ordered_json;

void append_html(std::string& out, char c) {
  switch (c) {
    case '&':
      out += "&amp;";
      return;
    case '<':
      out += "&lt;";
      return;
    case '>':
      out += "&gt;";
      return;
    case '"':
      out += "&quot;";
      return;
    case '\'':
      out += "&#39;";
      return;
    default:
      out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
  }
}

// U+2028 and U+2029, which end a line of script.
constexpr std::string_view line_separator = "\xe2\x80\xa8", paragraph_separator = "\xe2\x80\xa9";

}  // namespace

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : well_formed_utf8(text)) append_html(out, c);
  return out;
}

std::string script_json(const ordered_json& document) {
  const std::string plain = document.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  std::string out;
  out.reserve(plain.size());
  // Outside of strings JSON has none of these characters.
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const std::string_view rest = std::string_view(plain).substr(i, line_separator.size());
    const char c = plain[i];
    if (c == '<' || c == '>' || c == '&') {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else if (rest == line_separator || rest == paragraph_separator) {
      out += rest == line_separator ? "\\u2028" : "\\u2029";
      i += rest.size() - 1;
    } else {
      out += c;
    }
  }
  return out;
}

std::string base64(std::span<const std::byte> bytes) {
  static constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
    unsigned word = 0;
    for (std::size_t b = 0; b < 3; ++b)
      word = word << 8 | (b < have ? std::to_integer<unsigned>(bytes[i + b]) : 0U);
    for (std::size_t digit = 0; digit < 4; ++digit)
      out += digit <= have ? letters[word >> (18 - 6 * digit) & 63] : '=';
  }
  return out;
}

ordered_json short_number(double value) {
  if (!std::isfinite(value)) return nullptr;
  if (value == std::trunc(value) && std::fabs(value) < 1e15) return static_cast<std::int64_t>(value);
  const std::string text = fmt::format("{:.7g}", value);
  double rounded = 0;
  std::from_chars(text.data(), text.data() + text.size(), rounded);
  return rounded;
}

ordered_json short_numbers(std::span<const double> values) {
  ordered_json list = ordered_json::array();
  for (const double value : values) list.push_back(short_number(value));
  return list;
}

}  // namespace podbench::report
