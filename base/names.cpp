#include "base/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace podbench {
namespace {

constexpr std::size_t longest_name_shown = 80;

// What a person typed may hold anything; a line of an error message holds only printable characters.
std::string printable(std::string_view text) {
  std::string shown(text.substr(0, longest_name_shown));
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  if (text.size() > longest_name_shown) shown += "...";
  return shown;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row[b.size()];
}

// The known name nearest to `given`, or empty where none is within a third of the longer name's length.
std::string_view closest(std::string_view given, std::span<const std::string> known) {
  std::string_view best;
  std::size_t best_distance = given.size() + 1;
  for (const std::string& name : known) {
    const std::size_t limit = std::max(given.size(), name.size()) / 3;
    const std::size_t distance = edit_distance(given, name);
    if (distance <= limit && distance < best_distance) {
      best = name;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace

std::string unknown_name(std::string_view kind, std::string_view given, std::span<const std::string> known) {
  std::string line = fmt::format("unknown {} \"{}\"", kind, printable(given));
  if (given.size() <= longest_name_shown)
    if (const std::string_view suggestion = closest(given, known); !suggestion.empty())
      line += fmt::format("; did you mean \"{}\"?", suggestion);
  if (known.empty()) return line + fmt::format("; no {} is known here", kind);
  return line + (line.back() == '?' ? " known: " : "; known: ") + fmt::format("{}", fmt::join(known, ", "));
}

}  // namespace podbench
