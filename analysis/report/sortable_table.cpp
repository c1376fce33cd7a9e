// A table whose headings are buttons that sort. End tags that HTML does not need are left away: tables are
// the largest part of many pages.
#include <fmt/format.h>

#include <cmath>

#include "analysis/report/parts.hpp"
#include "analysis/report/text.hpp"

namespace podbench::report {
namespace {

std::string_view tone_class(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::warning:
      return "warning";
    case Tone::bad:
      return "bad";
  }
  return "";
}

std::string cell_html(const Cell& cell) {
  std::string tag = "<td";
  if (const std::string_view name = tone_class(cell.tone); !name.empty())
    tag += fmt::format(" class={}", name);
  // A value that there is none of sorts behind all others.
  if (cell.numeric) tag += std::isfinite(cell.sort) ? fmt::format(" data-v={:.9g}", cell.sort) : " data-v";
  return tag + ">" + html_text(cell.text);
}

}  // namespace

std::string sortable_table(const Table& table) {
  std::string html = "<figure class=\"table\">" + caption(table.title) +
                     "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>";
  for (const std::string& heading : table.headings) html += "<th scope=col>" + html_text(heading);
  html += "</thead><tbody>\n";
  for (const std::vector<Cell>& row : table.rows) {
    html += "<tr>";
    for (const Cell& cell : row) html += cell_html(cell);
    html += '\n';
  }
  return html + "</tbody></table></div>" + note_below(table.note) + "</figure>\n";
}

}  // namespace podbench::report
