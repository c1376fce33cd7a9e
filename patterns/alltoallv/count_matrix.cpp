#include "patterns/alltoallv/count_matrix.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

#include "base/error.hpp"

namespace podbench {

namespace {

constexpr std::uint64_t largest_count = std::uint64_t{1} << 40;
constexpr std::size_t most_ranks = 4'096;
constexpr std::string_view separators = " \t\r,;";

// The part of `text` up to `end`, taken off it.
std::string_view take_until(std::string_view& text, std::size_t end) {
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(std::min(text.size(), taken.size() + 1));
  return taken;
}

std::uint64_t count_of(std::string_view word, const std::string& where) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), count);
  if (error != std::errc{} || end != word.data() + word.size() || count > largest_count)
    throw RequestError(
        fmt::format("{}: \"{}\" is no whole number from 0 to {}", where, word.substr(0, 40), largest_count));
  return count;
}

std::size_t read_row(std::string_view line, const std::string& where, std::vector<std::uint64_t>& counts) {
  std::size_t entries = 0;
  while (!line.empty()) {
    const std::string_view word = take_until(line, line.find_first_of(separators));
    if (word.empty()) continue;
    if (++entries > most_ranks)
      throw RequestError(fmt::format("{}: more than {} numbers", where, most_ranks));
    counts.push_back(count_of(word, where));
  }
  return entries;
}

}  // namespace

std::shared_ptr<const CountMatrix> parse_count_matrix(SourceText source) {
  CountMatrix matrix{std::move(source), 0, {}};
  std::string_view rest = matrix.source.text;
  std::size_t row_length = 0, rows = 0;
  for (int number = 1; !rest.empty(); ++number) {
    std::string_view line = take_until(rest, rest.find('\n'));
    line = line.substr(0, line.find('#'));
    const std::string where = fmt::format("{}:{}", matrix.source.name, number);
    const std::size_t entries = read_row(line, where, matrix.counts);
    if (entries == 0) continue;
    if (rows++ == 0) row_length = entries;
    if (entries != row_length)
      throw RequestError(fmt::format("{}: {} numbers where the first row has {}; a count matrix is square",
                                     where, entries, row_length));
    if (rows > row_length)
      throw RequestError(
          fmt::format("{}: more rows than the {} columns; a count matrix is square", where, row_length));
  }
  if (rows == 0 || rows != row_length)
    throw RequestError(fmt::format("{}: {} rows of {} numbers; a count matrix has a row and a column a rank",
                                   matrix.source.name, rows, row_length));
  matrix.ranks = static_cast<int>(rows);
  return std::make_shared<const CountMatrix>(std::move(matrix));
}

}  // namespace podbench
