// Reads of /proc and /sys, bounded and made printable, below a root that a test may choose.
//
// Nothing here throws for what the system says: what is missing, unreadable or no number is empty.
// Thread-safety: const members may be called from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace podbench {

class SystemRoot {
 public:
  // `prefix` is put before every path; empty means this machine itself.
  explicit SystemRoot(std::string prefix = {}) : prefix_(std::move(prefix)) {}

  // At most `limit` bytes of a file; every byte but line feed, tab and printable ASCII becomes '?'.
  [[nodiscard]] std::optional<std::string> read(std::string_view path, std::size_t limit = 64 * 1024) const;
  // The first line without surrounding blanks and with tabs as blanks, at most 4 KiB of it.
  [[nodiscard]] std::optional<std::string> line(std::string_view path) const;
  // A file that holds one decimal number.
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view path) const;
  // Names in a folder, sorted naturally (cpu2 before cpu10), at most 8192; empty where there is none.
  [[nodiscard]] std::vector<std::string> list(std::string_view folder) const;
  // The last part of what a symbolic link points to: a device's driver.
  [[nodiscard]] std::optional<std::string> link_name(std::string_view path) const;
  [[nodiscard]] bool exists(std::string_view path) const;

  [[nodiscard]] std::string path(std::string_view path) const { return prefix_ + std::string(path); }

 private:
  std::string prefix_;
};

// Text as SystemRoot::read gives it.
[[nodiscard]] std::string printable_ascii(std::string_view text);

// The whole of `text` as a decimal number, blanks around it aside.
[[nodiscard]] std::optional<std::int64_t> whole_number(std::string_view text);

[[nodiscard]] std::string_view trimmed(std::string_view text);

// The chosen word of a file like "always [madvise] never"; the whole text where none is in brackets.
[[nodiscard]] std::string_view chosen_word(std::string_view text);

// The value after "<key>:" (or "<key> ") at the start of a line of `text`; empty where there is no such line.
[[nodiscard]] std::string_view value_of(std::string_view text, std::string_view key);

}  // namespace podbench
