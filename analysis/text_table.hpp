// Aligned columns of text for a terminal. Thread-safety: values.
#pragma once

#include <string>
#include <vector>

namespace podbench {

enum class Tone : std::uint8_t { plain, warning, bad };

struct TextCell {
  std::string text;
  Tone tone = Tone::plain;
};

struct TextColumn {
  std::string heading;
  bool right = true;   // aligned
  int importance = 0;  // the highest goes first where the width is too small; 0 stays
  std::vector<TextCell> cells;
};

// The text with a question mark for every control character: what comes out of a file must not command a
// terminal.
[[nodiscard]] std::string printable(std::string text);

// Lines, each ended. Columns that do not fit `width_columns` (0: unlimited) are left out, least important and
// then rightmost first, and a last line names them. Nothing that could command a terminal is passed through.
[[nodiscard]] std::string render(std::vector<TextColumn> columns, bool colour, int width_columns);

}  // namespace podbench
