#include "analysis/pod/host_ranges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

namespace podbench {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::size_t most_digits = 9;

// A name with a number in it: the last one.
struct Numbered {
  std::string before, after;
  std::uint64_t number = 0;
  std::size_t width = 0;  // of its digits, where zeros are in front; 0: none are
  std::size_t length = 0;
};

std::optional<Numbered> numbered(std::string_view name) {
  const std::size_t last = name.find_last_of(digits);
  if (last == std::string_view::npos) return std::nullopt;
  const std::size_t before = name.find_last_not_of(digits, last);
  const std::size_t first = before == std::string_view::npos ? 0 : before + 1;
  const std::string_view text = name.substr(first, last + 1 - first);
  if (text.size() > most_digits) return std::nullopt;
  Numbered result{std::string(name.substr(0, first)), std::string(name.substr(last + 1))};
  std::from_chars(text.data(), text.data() + text.size(), result.number);
  result.length = text.size();
  result.width = text.size() > 1 && text.front() == '0' ? text.size() : 0;
  return result;
}

// Whether `next` is the number behind `one` in the same style: "n9" and "n10", "n09" and "n10".
bool follows(const Numbered& first, const Numbered& one, const Numbered& next) {
  if (one.before != next.before || one.after != next.after || next.number != one.number + 1) return false;
  return first.width > 0 ? next.length == first.width : next.width == 0;
}

}  // namespace

bool before_naturally(std::string_view a, std::string_view b) {
  const auto is_digit = [](char c) { return digits.find(c) != std::string_view::npos; };
  while (!a.empty() && !b.empty()) {
    if (!is_digit(a.front()) || !is_digit(b.front())) {
      if (a.front() != b.front()) return a.front() < b.front();
      a.remove_prefix(1);
      b.remove_prefix(1);
      continue;
    }
    const auto number = [&](std::string_view& text) {
      const std::string_view whole = text.substr(0, text.find_first_not_of(digits));
      text.remove_prefix(whole.size());
      return whole.substr(std::min(whole.find_first_not_of('0'), whole.size()));
    };
    const std::string_view x = number(a), y = number(b);
    if (x.size() != y.size()) return x.size() < y.size();
    if (x != y) return x < y;
  }
  return a.size() < b.size();
}

bool before_in_list(const std::string& a, const std::string& b) {
  if (before_naturally(a, b)) return true;
  return !before_naturally(b, a) && (a.size() != b.size() ? a.size() < b.size() : a < b);
}

std::string host_ranges(std::vector<std::string> names) {
  std::sort(names.begin(), names.end(), before_in_list);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < names.size();) {
    const std::optional<Numbered> first = numbered(names[i]);
    std::size_t last = i;
    for (std::optional<Numbered> one = first; one && last + 1 < names.size(); ++last) {
      const std::optional<Numbered> next = numbered(names[last + 1]);
      if (!next || !follows(*first, *one, *next)) break;
      one = next;
    }
    if (last == i) {
      parts.push_back(names[i]);
    } else {
      const std::uint64_t end = first->number + (last - i);
      parts.push_back(fmt::format("{}[{:0{}}-{:0{}}]{}", first->before, first->number, first->width, end,
                                  first->width, first->after));
    }
    i = last + 1;
  }
  return fmt::format("{}", fmt::join(parts, ","));
}

std::map<std::string, std::vector<std::string>, decltype(&before_naturally)> racks_by_name(
    const std::vector<std::string>& names) {
  std::map<std::string, std::vector<std::string>, decltype(&before_naturally)> racks(before_naturally);
  for (const std::string& name : names) {
    const std::optional<Numbered> own = numbered(name);
    const std::size_t rack_end = own ? own->before.find_last_of(digits) : std::string::npos;
    if (rack_end == std::string::npos) return decltype(racks)(before_naturally);
    racks[own->before.substr(0, rack_end + 1)].push_back(name);
  }
  if (racks.size() < 2) racks.clear();
  return racks;
}

}  // namespace podbench
