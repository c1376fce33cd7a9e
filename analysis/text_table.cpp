#include "analysis/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace podbench {
namespace {

constexpr std::string_view gap = "  ";

// Characters, one terminal column each: bytes that do not continue a UTF-8 sequence.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::size_t width_of(const TextColumn& column) {
  std::size_t width = width_of(column.heading);
  for (const TextCell& cell : column.cells) width = std::max(width, width_of(cell.text));
  return width;
}

std::size_t total_width(const std::vector<TextColumn>& columns) {
  std::size_t width = columns.empty() ? 0 : (columns.size() - 1) * gap.size();
  for (const TextColumn& column : columns) width += width_of(column);
  return width;
}

// Takes columns out until the rest fits; their headings.
std::vector<std::string> fit(std::vector<TextColumn>& columns, std::size_t width) {
  std::vector<std::string> left_out;
  while (total_width(columns) > width) {
    const auto last = std::max_element(columns.rbegin(), columns.rend(), [](const auto& a, const auto& b) {
      return a.importance < b.importance;
    });
    if (last == columns.rend() || last->importance == 0) break;
    left_out.insert(left_out.begin(), last->heading);
    columns.erase(std::next(last).base());
  }
  return left_out;
}

std::string_view escape_of(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::warning:
      return "\033[33m";
    case Tone::bad:
      return "\033[31m";
  }
  return "";
}

void add_cell(std::string& line, const std::string& text, std::size_t width, bool right, bool is_last,
              std::string_view escape) {
  const std::string space(width - width_of(text), ' ');
  if (right) line += space;
  line += escape;
  line += text;
  if (!escape.empty()) line += "\033[0m";
  if (!right && !is_last) line += space;
  if (!is_last) line += gap;
}

}  // namespace

std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; },
      '?');
  return text;
}

std::string render(std::vector<TextColumn> columns, bool colour, int width_columns) {
  for (TextColumn& column : columns) {
    column.heading = printable(std::move(column.heading));
    for (TextCell& cell : column.cells) cell.text = printable(std::move(cell.text));
  }
  std::vector<std::string> left_out;
  if (width_columns > 0) left_out = fit(columns, static_cast<std::size_t>(width_columns));
  if (columns.empty()) return "";
  std::vector<std::size_t> widths;
  for (const TextColumn& column : columns) widths.push_back(width_of(column));
  std::string text;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    add_cell(text, columns[c].heading, widths[c], columns[c].right, c + 1 == columns.size(),
             colour ? "\033[1m" : "");
  }
  text += '\n';
  for (std::size_t row = 0; row < columns.front().cells.size(); ++row) {
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const TextCell& cell = columns[c].cells[row];
      add_cell(text, cell.text, widths[c], columns[c].right, c + 1 == columns.size(),
               colour ? escape_of(cell.tone) : "");
    }
    text += '\n';
  }
  if (!left_out.empty()) {
    text += fmt::format("left out to fit {} columns: {}\n", width_columns, fmt::join(left_out, ", "));
  }
  return text;
}

}  // namespace podbench
