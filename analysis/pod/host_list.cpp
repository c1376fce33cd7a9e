#include "analysis/pod/host_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/error.hpp"

namespace podbench {
namespace {

constexpr std::size_t longest_name = 255, longest_list = 65'536, longest_number = 9;

[[noreturn]] void refuse(std::string_view what) {
  throw RequestError(fmt::format("{}; write names as in node[00-15] or a,b,c[0,4-7]", what));
}

// A piece of a name: one of these texts.
using Choices = std::vector<std::string>;

std::uint32_t number_in(std::string_view text) {
  std::uint32_t value = 0;
  const bool digits = !text.empty() && text.size() <= longest_number &&
                      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) refuse("a bracket holds whole numbers and ranges of them");
  (void)std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void append_range(std::string_view text, std::size_t most, Choices& choices) {
  const std::size_t dash = text.find('-');
  const std::string_view first = text.substr(0, dash);
  const std::uint32_t from = number_in(first);
  const std::uint32_t to = dash == std::string_view::npos ? from : number_in(text.substr(dash + 1));
  if (to < from) refuse("a range goes upwards");
  if (to - from >= most - choices.size()) refuse(fmt::format("more than {} names", most));
  for (std::uint32_t value = from; value <= to; ++value)
    choices.push_back(fmt::format("{:0{}}", value, first.size()));
}

Choices bracket(std::string_view inside, std::size_t most) {
  Choices choices;
  for (std::size_t begin = 0; begin <= inside.size();) {
    const std::size_t end = std::min(inside.find(',', begin), inside.size());
    append_range(inside.substr(begin, end - begin), most, choices);
    begin = end + 1;
  }
  return choices;
}

bool of_a_name(char c, std::string_view extra) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-' || extra.find(c) != std::string_view::npos;
}

// Appends every name of one item, "rack[1-4]-n[01-08]", to `names`.
void append_item(std::string_view item, std::size_t most, std::string_view extra,
                 std::vector<std::string>& names) {
  if (item.empty()) refuse("a name is missing");
  std::vector<std::string> made{""};
  while (!item.empty()) {
    Choices choices;
    if (item.front() == '[') {
      const std::size_t close = item.find(']');
      if (close == std::string_view::npos) refuse("a bracket is not closed");
      choices = bracket(item.substr(1, close - 1), most);
      item.remove_prefix(close + 1);
    } else {
      const std::size_t end = std::min(item.find('['), item.size());
      if (!std::all_of(item.begin(), item.begin() + static_cast<std::ptrdiff_t>(end),
                       [&](char c) { return of_a_name(c, extra); }))
        refuse("a name has letters, digits and . _ -");
      choices.emplace_back(item.substr(0, end));
      item.remove_prefix(end);
    }
    if (choices.size() > (most - names.size()) / made.size()) refuse(fmt::format("more than {} names", most));
    if (made.front().size() + choices.back().size() > longest_name)
      refuse(fmt::format("a name has at most {} characters", longest_name));
    std::vector<std::string> longer;
    longer.reserve(made.size() * choices.size());
    for (const std::string& begin : made)
      for (const std::string& choice : choices) longer.push_back(begin + choice);
    made = std::move(longer);
  }
  names.insert(names.end(), std::make_move_iterator(made.begin()), std::make_move_iterator(made.end()));
}

}  // namespace

std::vector<std::string> expand_host_list(std::string_view text, std::size_t most, std::string_view extra) {
  if (text.size() > longest_list) refuse(fmt::format("a list has at most {} characters", longest_list));
  std::vector<std::string> names;
  std::size_t begin = 0;
  bool inside = false;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    if (at < text.size() && (text[at] != ',' || inside)) {
      if (text[at] == '[') inside = true;
      if (text[at] == ']') inside = false;
      continue;
    }
    std::string_view item = text.substr(begin, at - begin);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    append_item(item, most, extra, names);
    begin = at + 1;
  }
  return names;
}

}  // namespace podbench
