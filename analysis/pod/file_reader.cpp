#include "analysis/pod/file_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/pod/host_list.hpp"
#include "base/error.hpp"
#include "base/names.hpp"

namespace podbench {

void refuse_at(const std::string& file, const toml::source_position& at, const std::string& what) {
  throw RequestError(fmt::format("{}:{}:{}: {}", file, at.line, at.column, what));
}

const toml::node* TableReader::find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
  return table_.get(key);
}

const toml::node& TableReader::need(std::string_view key) {
  if (const toml::node* node = find(key)) return *node;
  refuse(fmt::format("{} needs {}", what_, key));
}

toml::source_position TableReader::place_of(std::string_view key) const {
  const toml::node* node = table_.get(key);
  return node == nullptr ? place() : node->source().begin;
}

std::string TableReader::text(std::string_view key) {
  const auto* text = need(key).as_string();
  if (text == nullptr) refuse(key, fmt::format("{} is a text in quotes", key));
  return text->get();
}

std::optional<std::string> TableReader::optional_text(std::string_view key) {
  return has(key) ? std::optional(text(key)) : std::nullopt;
}

std::int64_t TableReader::whole(std::string_view key, std::int64_t least, std::int64_t most) {
  const auto* number = need(key).as_integer();
  if (number == nullptr || number->get() < least || number->get() > most)
    refuse(key, fmt::format("{} is a whole number from {} to {}", key, least, most));
  return number->get();
}

std::int64_t TableReader::whole_or(std::string_view key, std::int64_t otherwise, std::int64_t least,
                                   std::int64_t most) {
  return has(key) ? whole(key, least, most) : otherwise;
}

std::vector<int> TableReader::wholes(std::string_view key, std::size_t most_entries, int most) {
  const toml::array* array = need(key).as_array();
  if (array == nullptr || array->empty() || array->size() > most_entries)
    refuse(key, fmt::format("{} is a list of 1 to {} whole numbers, as in [4, 4]", key, most_entries));
  std::vector<int> values;
  for (const toml::node& entry : *array) {
    const auto* number = entry.as_integer();
    if (number == nullptr || number->get() < 1 || number->get() > most)
      refuse_at(file_, entry.source().begin, fmt::format("{} holds whole numbers from 1 to {}", key, most));
    values.push_back(static_cast<int>(number->get()));
  }
  return values;
}

double TableReader::quantity(std::string_view key, Dimension dimension) {
  const toml::node& node = need(key);
  const auto* text = node.as_string();
  if (text == nullptr)
    refuse(key, fmt::format("{} is {} in quotes, with its unit", key, example_of(dimension)));
  try {
    return parse_quantity(text->get(), dimension);
  } catch (const RequestError& error) {
    refuse(key, fmt::format("{}: {}", key, error.what()));
  }
}

std::optional<double> TableReader::optional_quantity(std::string_view key, Dimension dimension) {
  return has(key) ? std::optional(quantity(key, dimension)) : std::nullopt;
}

std::optional<double> TableReader::optional_number(std::string_view key, double least, double most) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  const std::optional<double> number = node->is_number() ? node->value<double>() : std::nullopt;
  if (!number || !(*number >= least && *number <= most))
    refuse(key, fmt::format("{} is a number from {} to {}", key, least, most));
  return number;
}

std::size_t TableReader::choice(std::string_view key, const std::vector<std::string>& words) {
  if (!has(key)) return 0;
  const std::string given = text(key);
  const auto at = std::find(words.begin(), words.end(), given);
  if (at == words.end()) refuse(key, unknown_name(key, given, words));
  return static_cast<std::size_t>(at - words.begin());
}

std::vector<std::string> TableReader::names(std::string_view key, std::size_t most, std::string_view extra) {
  const std::string list = text(key);
  try {
    return expand_host_list(list, most, extra);
  } catch (const RequestError& error) {
    refuse(key, fmt::format("{}: {}", key, error.what()));
  }
}

std::vector<TableReader> TableReader::tables(std::string_view key) {
  std::vector<TableReader> readers;
  const toml::node* node = find(key);
  if (node == nullptr) return readers;
  if (const toml::table* one = node->as_table()) {
    readers.emplace_back(file_, *one, fmt::format("[{}]", key));
    return readers;
  }
  const toml::array* several = node->as_array();
  if (several == nullptr)
    refuse(key, fmt::format("{} is a table: write [[{}]] on a line of its own", key, key));
  for (const toml::node& entry : *several) {
    if (!entry.is_table())
      refuse_at(file_, entry.source().begin, fmt::format("write [[{}]], with two brackets", key));
    readers.emplace_back(file_, *entry.as_table(), fmt::format("[[{}]]", key));
  }
  return readers;
}

void TableReader::done() const {
  for (const auto& [key, node] : table_)
    if (std::find(known_.begin(), known_.end(), key.str()) == known_.end())
      refuse_at(file_, key.source().begin, unknown_name("key of " + what_, key.str(), known_));
}

}  // namespace podbench
