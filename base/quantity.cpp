#include "base/quantity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "base/error.hpp"

namespace podbench {
namespace {

constexpr std::size_t most_list_entries = 10'000;
constexpr std::size_t longest_text = 4096;
constexpr std::uint64_t most_ranks = 1'000'000;
constexpr double longest_duration_ns = 8760 * 3600e9;

// A quote of what a person typed, short enough for one line.
std::string quoted(std::string_view text) {
  std::string shown(text.substr(0, 40));
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return fmt::format("\"{}{}\"", shown, text.size() > 40 ? "..." : "");
}

// A number of decimal digits; nullopt where it is none or does not fit.
std::optional<std::uint64_t> digits(std::string_view text) {
  std::uint64_t value = 0;
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The power of two of a size's suffix ("", "B", "K", "Ki", "KiB", ...).
std::optional<int> suffix_shift(std::string_view suffix) {
  if (!suffix.empty() && suffix.back() == 'B') suffix.remove_suffix(1);
  if (suffix.empty()) return 0;
  if (suffix.size() == 2 && suffix[1] == 'i') suffix.remove_suffix(1);
  if (suffix.size() != 1) return std::nullopt;
  switch (suffix.front()) {
    case 'k':
    case 'K':
      return 10;
    case 'm':
    case 'M':
      return 20;
    case 'g':
    case 'G':
      return 30;
    case 't':
    case 'T':
      return 40;
    default:
      return std::nullopt;
  }
}

std::uint64_t parse_rank_count(std::string_view text) {
  const auto value = digits(text);
  if (!value || *value < 1 || *value > most_ranks)
    throw RequestError(fmt::format("{} is not a number of ranks; write a whole number from 1 to {}",
                                   quoted(text), most_ranks));
  return *value;
}

// How a range advances: times `amount` or plus `amount`.
struct Stride {
  bool multiplies;
  std::uint64_t amount;
};

// A grammar of lists, shared by sizes and rank counts: what an entry is and the stride of "first:last".
struct ListGrammar {
  std::string_view what;
  std::string_view example;
  std::uint64_t (*parse_entry)(std::string_view);
  Stride default_stride;
};

Stride parse_stride(const ListGrammar& grammar, std::string_view text) {
  const bool multiplies = text.starts_with('x');
  if (!multiplies && !text.starts_with('+'))
    throw RequestError(fmt::format("{} is not a stride of {}; write x2 (times) or +8 (plus), as in {}",
                                   quoted(text), grammar.what, grammar.example));
  const std::string_view amount = text.substr(1);
  if (!multiplies) {
    const Stride stride{false, grammar.parse_entry(amount)};
    if (stride.amount == 0) throw RequestError("a stride of +0 never reaches the end; write at least +1");
    return stride;
  }
  const auto factor = digits(amount);
  if (!factor || *factor < 2)
    throw RequestError(
        fmt::format("{} is not a factor; write a whole number of at least 2, as in x2", quoted(text)));
  return {true, *factor};
}

void refuse_too_many(const ListGrammar& grammar) {
  throw RequestError(fmt::format("a list of {} has at most {} entries; use a larger stride, as in {}",
                                 grammar.what, most_list_entries, grammar.example));
}

void append_range(const ListGrammar& grammar, std::uint64_t first, std::uint64_t last, Stride stride,
                  std::vector<std::uint64_t>& out) {
  if (first > last)
    throw RequestError(fmt::format("a range of {} goes upwards, as in {}", grammar.what, grammar.example));
  if (stride.multiplies && first == 0 && last != 0)
    throw RequestError("a range that multiplies cannot start at 0; write 0 apart, as in 0,1:64K");
  for (std::uint64_t value = first;;) {
    if (out.size() >= most_list_entries) refuse_too_many(grammar);
    out.push_back(value);
    if (stride.multiplies ? value == 0 || value > last / stride.amount : stride.amount > last - value) return;
    value = stride.multiplies ? value * stride.amount : value + stride.amount;
  }
}

void append_item(const ListGrammar& grammar, std::string_view item, std::vector<std::uint64_t>& out) {
  const std::size_t colon = item.find(':');
  if (colon == std::string_view::npos) {
    const std::uint64_t value = grammar.parse_entry(item);
    append_range(grammar, value, value, grammar.default_stride, out);
    return;
  }
  const std::string_view rest = item.substr(colon + 1);
  const std::size_t second = rest.find(':');
  const bool has_stride = second != std::string_view::npos;
  append_range(grammar, grammar.parse_entry(item.substr(0, colon)),
               grammar.parse_entry(rest.substr(0, second)),
               has_stride ? parse_stride(grammar, rest.substr(second + 1)) : grammar.default_stride, out);
}

std::vector<std::uint64_t> parse_list(const ListGrammar& grammar, std::string_view text) {
  if (text.empty())
    throw RequestError(fmt::format("no {} given; write for example {}", grammar.what, grammar.example));
  if (text.size() > longest_text)
    throw RequestError(fmt::format("a list of {} is at most {} characters long; write a range, as in {}",
                                   grammar.what, longest_text, grammar.example));
  std::vector<std::uint64_t> values;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    append_item(grammar, text.substr(begin, end - begin), values);
    begin = end + 1;
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

constexpr ListGrammar byte_lists{"sizes", "8:64M:x4", parse_bytes, {true, 2}};
constexpr ListGrammar rank_lists{"rank counts", "2:64:x2", parse_rank_count, {false, 1}};

// At most three significant digits, never with an exponent for ordinary magnitudes.
std::string three_digits(double value) {
  return std::fabs(value) >= 999.5 ? fmt::format("{:.0f}", value) : fmt::format("{:.3g}", value);
}

}  // namespace

std::uint64_t parse_bytes(std::string_view text) {
  const std::size_t end_of_digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto value = digits(text.substr(0, end_of_digits));
  const auto shift = suffix_shift(text.substr(end_of_digits));
  if (!value || !shift || *value > std::numeric_limits<std::uint64_t>::max() >> *shift)
    throw RequestError(
        fmt::format("{} is not a size; write a whole number of bytes below 2^64 with an optional Ki, Mi, Gi "
                    "or Ti, as in 64Ki",
                    quoted(text)));
  return *value << *shift;
}

std::vector<std::uint64_t> parse_byte_list(std::string_view text) {
  return parse_list(byte_lists, text);
}

std::vector<int> parse_rank_list(std::string_view text) {
  const std::vector<std::uint64_t> values = parse_list(rank_lists, text);
  std::vector<int> ranks(values.size());
  std::transform(values.begin(), values.end(), ranks.begin(),
                 [](std::uint64_t v) { return static_cast<int>(v); });
  return ranks;
}

std::int64_t parse_duration_ns(std::string_view text) {
  struct Unit {
    std::string_view name;
    double ns;
  };
  static constexpr std::array<Unit, 6> units{
      {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}}};
  const std::size_t end_of_number = std::min(text.find_first_not_of("0123456789."), text.size());
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + end_of_number, value, std::chars_format::fixed);
  const auto unit = std::find_if(units.begin(), units.end(),
                                 [&](const Unit& u) { return u.name == text.substr(end_of_number); });
  const bool number = end_of_number > 0 && error == std::errc{} && end == text.data() + end_of_number;
  if (!number || unit == units.end())
    throw RequestError(fmt::format(
        "{} is not a duration; write a number with ns, us, ms, s, m or h, as in 500ms", quoted(text)));
  const double ns = value * unit->ns;
  if (!(ns >= 1 && ns <= longest_duration_ns))
    throw RequestError(fmt::format("{} is out of range; a duration is from 1ns to 8760h", quoted(text)));
  return std::llround(ns);
}

std::string format_bytes(std::uint64_t bytes) {
  struct Unit {
    const char* name;
    int shift;
  };
  static constexpr std::array<Unit, 3> units{{{"GiB", 30}, {"MiB", 20}, {"KiB", 10}}};
  for (const Unit& unit : units)
    if (bytes != 0 && (bytes & ((std::uint64_t{1} << unit.shift) - 1)) == 0)
      return fmt::format("{}{}", bytes >> unit.shift, unit.name);
  return fmt::format("{}B", bytes);
}

std::string format_duration_ns(double nanoseconds) {
  static constexpr std::array<const char*, 3> small_units{"ns", "us", "ms"};
  double value = nanoseconds;
  for (const char* unit : small_units) {
    if (!(std::fabs(value) >= 999.5)) return fmt::format("{} {}", three_digits(value), unit);
    value /= 1000;
  }
  return fmt::format("{} s", three_digits(value));
}

std::string format_rate_gbps(double bytes_per_second) {
  return fmt::format("{} GB/s", three_digits(bytes_per_second / 1e9));
}

}  // namespace podbench
