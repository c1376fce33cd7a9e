// Reading of a pod file's tables: what is asked for becomes a known key, what was never asked for is refused
// by name. Every complaint is a RequestError with FILE:LINE:COLUMN. Thread-safety: none; one reader, one
// thread. Lifetime: a TableReader refers to its table and its file's name.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/pod/units.hpp"

namespace podbench {

[[noreturn]] void refuse_at(const std::string& file, const toml::source_position& at,
                            const std::string& what);

class TableReader {
 public:
  // `what` names the table in complaints: "[[links]]".
  TableReader(const std::string& file, const toml::table& table, std::string what)
      : file_(file), table_(table), what_(std::move(what)) {}

  [[nodiscard]] const std::string& what() const noexcept { return what_; }
  [[nodiscard]] bool has(std::string_view key) { return find(key) != nullptr; }

  [[nodiscard]] std::string text(std::string_view key);
  [[nodiscard]] std::optional<std::string> optional_text(std::string_view key);
  [[nodiscard]] std::int64_t whole(std::string_view key, std::int64_t least, std::int64_t most);
  [[nodiscard]] std::int64_t whole_or(std::string_view key, std::int64_t otherwise, std::int64_t least,
                                      std::int64_t most);
  [[nodiscard]] std::vector<int> wholes(std::string_view key, std::size_t most_entries, int most);
  [[nodiscard]] double quantity(std::string_view key, Dimension dimension);
  [[nodiscard]] std::optional<double> optional_quantity(std::string_view key, Dimension dimension);
  [[nodiscard]] std::optional<double> optional_number(std::string_view key, double least, double most);
  // One of `words`, as its place among them; the first where the key is absent.
  [[nodiscard]] std::size_t choice(std::string_view key, const std::vector<std::string>& words);
  // A host list; `extra` as in expand_host_list.
  [[nodiscard]] std::vector<std::string> names(std::string_view key, std::size_t most,
                                               std::string_view extra = "");
  // The tables of [[key]] or [key], in order.
  [[nodiscard]] std::vector<TableReader> tables(std::string_view key);

  // Refuses every key that was not asked for.
  void done() const;

  [[nodiscard]] toml::source_position place() const { return table_.source().begin; }
  [[nodiscard]] toml::source_position place_of(std::string_view key) const;
  [[noreturn]] void refuse(const std::string& complaint) const { refuse_at(file_, place(), complaint); }
  [[noreturn]] void refuse(std::string_view key, const std::string& complaint) const {
    refuse_at(file_, place_of(key), complaint);
  }

 private:
  [[nodiscard]] const toml::node* find(std::string_view key);
  [[nodiscard]] const toml::node& need(std::string_view key);

  const std::string& file_;
  const toml::table& table_;
  std::string what_;
  std::vector<std::string> known_;
};

}  // namespace podbench
