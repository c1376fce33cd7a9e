// What `list`, `verify` and `doctor` print: headings and rows, as a table for people or one clean document.
// Thread-safety: pure but for standard output.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace podbench {

struct Listing {
  std::vector<std::string> headings;  // also the keys of the JSON objects
  std::vector<std::vector<std::string>> rows;
};

// `format`: table, json (an array of objects) or csv. Prints on standard output.
void print(const Listing& listing, std::string_view format);

}  // namespace podbench
