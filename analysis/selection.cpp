#include "analysis/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

#include "analysis/text_table.hpp"
#include "base/error.hpp"
#include "base/quantity.hpp"

namespace podbench {
namespace {

constexpr std::size_t most_values_named = 12;

enum class Relation : std::uint8_t { equal, unequal, below, above, at_most, at_least };

struct Sign {
  std::string_view text;
  Relation relation;
};
// Longer ones first: "<=" begins with "<".
constexpr std::array<Sign, 6> signs = {{{"!=", Relation::unequal},
                                        {"<=", Relation::at_most},
                                        {">=", Relation::at_least},
                                        {"=", Relation::equal},
                                        {"<", Relation::below},
                                        {">", Relation::above}}};

struct Condition {
  const KeyColumn* key;
  Relation relation;
  std::vector<std::string> values;  // as the key prints them
  std::uint64_t number = 0;         // of an order
};

// A value as its key prints it: "1Mi" is "1MiB".
std::string as_printed(const KeyColumn& key, const std::string& value) {
  return key.name == "bytes" && value.find('*') == std::string::npos ? format_bytes(parse_bytes(value))
                                                                     : value;
}

std::uint64_t number_of(const KeyColumn& key, const std::string& text) {
  if (key.name == "bytes") return parse_bytes(text);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    throw RequestError(fmt::format("{} is compared with a number, and \"{}\" is none", key.name, text));
  return number;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

Condition parse_one(const std::string& text) {
  const std::size_t at = text.find_first_of("!<>=");
  const auto begins = [&](const Sign& sign) { return text.compare(at, sign.text.size(), sign.text) == 0; };
  const auto sign = at == std::string::npos ? signs.end() : std::find_if(signs.begin(), signs.end(), begins);
  if (at == 0 || sign == signs.end())
    throw RequestError(fmt::format("\"{}\" is not KEY=VALUE, such as transport=shm, nor bytes>=64Ki", text));
  Condition condition{&find_key(std::string_view(text).substr(0, at)), sign->relation, {}};
  const std::string value = text.substr(at + sign->text.size());
  if (condition.relation == Relation::equal || condition.relation == Relation::unequal) {
    for (const std::string& part : split(value)) condition.values.push_back(as_printed(*condition.key, part));
    return condition;
  }
  if (condition.key->number == nullptr)
    throw RequestError(fmt::format("{} is text: {}=VALUE or {}!=VALUE, not {}", condition.key->name,
                                   condition.key->name, condition.key->name, sign->text));
  condition.number = number_of(*condition.key, value);
  return condition;
}

// All conditions, the alternatives of a key in one.
std::vector<Condition> parse(const std::vector<std::string>& where) {
  std::vector<Condition> conditions;
  for (const std::string& text : where) {
    Condition condition = parse_one(text);
    const auto same = std::find_if(conditions.begin(), conditions.end(), [&](const Condition& other) {
      return other.key == condition.key && other.relation == Relation::equal;
    });
    if (condition.relation == Relation::equal && same != conditions.end())
      same->values.insert(same->values.end(), condition.values.begin(), condition.values.end());
    else
      conditions.push_back(std::move(condition));
  }
  return conditions;
}

// Whether a text is like a value in which * stands for any letters: greedy, back to the last star on a miss.
bool is_like(std::string_view text, std::string_view pattern) {
  std::size_t t = 0, p = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool holds(const TableCase& row, const Condition& condition) {
  const auto likes = [&] {
    const std::string text = condition.key->text(row);
    return std::any_of(condition.values.begin(), condition.values.end(),
                       [&](const std::string& value) { return is_like(text, value); });
  };
  switch (condition.relation) {
    case Relation::equal:
      return likes();
    case Relation::unequal:
      return !likes();
    case Relation::below:
      return condition.key->number(row) < condition.number;
    case Relation::above:
      return condition.key->number(row) > condition.number;
    case Relation::at_most:
      return condition.key->number(row) <= condition.number;
    case Relation::at_least:
      return condition.key->number(row) >= condition.number;
  }
  return false;
}

}  // namespace

std::vector<TableCase> select_cases(std::span<const RunSummary> runs, const std::vector<std::string>& where) {
  const std::vector<Condition> conditions = parse(where);
  std::vector<TableCase> cases;
  for (const RunSummary& run : runs) {
    for (const CaseSummary& summary : run.cases) {
      const TableCase row{&run, &summary};
      if (std::all_of(conditions.begin(), conditions.end(),
                      [&](const Condition& condition) { return holds(row, condition); }))
        cases.push_back(row);
    }
  }
  return cases;
}

std::string why_nothing_matches(std::span<const RunSummary> runs, const std::vector<std::string>& where) {
  std::string text = "no case matches";
  std::set<const KeyColumn*> told;
  for (const Condition& condition : parse(where)) {
    if (!told.insert(condition.key).second) continue;
    std::vector<std::string> values;
    for (const TableCase& row : select_cases(runs, {}))
      if (const std::string value = condition.key->text(row);
          std::find(values.begin(), values.end(), value) == values.end() &&
          values.size() <= most_values_named)
        values.push_back(value);
    if (values.empty()) continue;
    const bool many = values.size() > most_values_named;
    if (many) values.pop_back();
    text += fmt::format("; {} is {}{}", condition.key->name, fmt::join(values, ", "), many ? ", ..." : "");
  }
  return printable(text);
}

}  // namespace podbench
