#include "analysis/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "base/quantity.hpp"

namespace podbench {
namespace {

// Alternatives of each key, as the key prints them.
using Wanted = std::map<const KeyColumn*, std::vector<std::string>>;

// A value as its key prints it: "1Mi" is "1MiB".
std::string as_printed(const KeyColumn& key, const std::string& value) {
  return key.name == "bytes" ? format_bytes(parse_bytes(value)) : value;
}

Wanted parse(const std::vector<std::string>& where) {
  Wanted wanted;
  for (const std::string& condition : where) {
    const auto equals = condition.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw RequestError(fmt::format("\"{}\" is not KEY=VALUE, such as transport=shm", condition));
    }
    const KeyColumn& key = find_key(std::string_view(condition).substr(0, equals));
    std::string rest = condition.substr(equals + 1);
    for (std::size_t begin = 0; begin <= rest.size();) {
      const std::size_t end = std::min(rest.find(',', begin), rest.size());
      wanted[&key].push_back(as_printed(key, rest.substr(begin, end - begin)));
      begin = end + 1;
    }
  }
  return wanted;
}

bool holds(const TableCase& row, const Wanted& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& condition) {
    const auto& [key, alternatives] = condition;
    return std::find(alternatives.begin(), alternatives.end(), key->text(row)) != alternatives.end();
  });
}

}  // namespace

std::vector<TableCase> select_cases(std::span<const RunSummary> runs, const std::vector<std::string>& where) {
  const Wanted wanted = parse(where);
  std::vector<TableCase> cases;
  for (const RunSummary& run : runs) {
    for (const CaseSummary& summary : run.cases) {
      const TableCase row{&run, &summary};
      if (holds(row, wanted)) cases.push_back(row);
    }
  }
  return cases;
}

}  // namespace podbench
