#include "bench/listing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace podbench {
namespace {

// Columns as wide as their widest cell; the last one is not padded, so that long texts need no width.
void print_table(const Listing& listing) {
  std::vector<std::size_t> widths;
  for (const std::string& heading : listing.headings) widths.push_back(heading.size());
  for (const auto& row : listing.rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  const auto print_row = [&widths](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += i + 1 == row.size() ? row[i] : fmt::format("{:<{}}  ", row[i], widths[i]);
    fmt::print("{}\n", line);
  };
  print_row(listing.headings);
  for (const auto& row : listing.rows) print_row(row);
}

void print_json(const Listing& listing) {
  auto all = nlohmann::ordered_json::array();
  for (const auto& row : listing.rows) {
    nlohmann::ordered_json object;
    for (std::size_t i = 0; i < row.size(); ++i) object[listing.headings[i]] = row[i];
    all.push_back(std::move(object));
  }
  fmt::print("{}\n", all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

std::string quoted(const std::string& cell) {
  if (cell.find_first_of(",\"\n") == std::string::npos) return cell;
  std::string text = "\"";
  for (const char c : cell) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

void print_csv(const Listing& listing) {
  const auto print_row = [](const std::vector<std::string>& row) {
    std::vector<std::string> cells;
    for (const std::string& cell : row) cells.push_back(quoted(cell));
    fmt::print("{}\n", fmt::join(cells, ","));
  };
  print_row(listing.headings);
  for (const auto& row : listing.rows) print_row(row);
}

}  // namespace

void print(const Listing& listing, std::string_view format) {
  if (format == "json") return print_json(listing);
  if (format == "csv") return print_csv(listing);
  print_table(listing);
}

}  // namespace podbench
