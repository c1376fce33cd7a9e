#include "bench/machine/system_root.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace podbench {
namespace {

constexpr std::size_t most_names = 8192;
constexpr std::size_t longest_line = 4096;

// A file descriptor that is closed at the end of its scope.
class OpenFile {
 public:
  // Non-blocking, so that a FIFO that somebody put there is an empty file.
  explicit OpenFile(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  [[nodiscard]] int fd() const noexcept { return fd_; }

 private:
  int fd_;
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Runs of digits count as numbers: "cpu2" is before "cpu10".
bool naturally_before(std::string_view a, std::string_view b) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (!is_digit(a[i]) || !is_digit(b[j])) {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i, ++j;
      continue;
    }
    const auto digits_end = [](std::string_view text, std::size_t at) {
      while (at < text.size() && is_digit(text[at])) ++at;
      return at;
    };
    const std::size_t a_end = digits_end(a, i), b_end = digits_end(b, j);
    if (a_end - i != b_end - j) return a_end - i < b_end - j;
    const int order = a.substr(i, a_end - i).compare(b.substr(j, b_end - j));
    if (order != 0) return order < 0;
    i = a_end, j = b_end;
  }
  return a.size() - i < b.size() - j;
}

}  // namespace

std::string printable_ascii(std::string_view text) {
  std::string printable(text);
  for (char& c : printable)
    if ((c < 0x20 || c > 0x7e) && c != '\n' && c != '\t') c = '?';
  return printable;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  const std::string_view digits = trimmed(text);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::string_view chosen_word(std::string_view text) {
  const std::size_t open = text.find('['), close = text.find(']');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return trimmed(text);
  return text.substr(open + 1, close - open - 1);
}

std::string_view value_of(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (line.starts_with(key)) {
      const std::string_view rest = line.substr(key.size());
      const std::size_t colon = rest.find_first_not_of(" \t");
      if (colon != std::string_view::npos && rest[colon] == ':') return trimmed(rest.substr(colon + 1));
      if (colon != std::string_view::npos && colon > 0) return trimmed(rest);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

std::optional<std::string> SystemRoot::read(std::string_view path, std::size_t limit) const {
  const OpenFile file(this->path(path));
  if (file.fd() < 0) return std::nullopt;
  std::string content(limit, '\0');
  std::size_t got = 0;
  while (got < limit) {
    const ssize_t n = ::read(file.fd(), content.data() + got, limit - got);
    if (n < 0) return std::nullopt;
    if (n == 0) break;
    got += static_cast<std::size_t>(n);
  }
  content.resize(got);
  return printable_ascii(content);
}

std::optional<std::string> SystemRoot::line(std::string_view path) const {
  const std::optional<std::string> content = read(path, longest_line);
  if (!content) return std::nullopt;
  std::string line(trimmed(std::string_view(*content).substr(0, content->find('\n'))));
  std::replace(line.begin(), line.end(), '\t', ' ');
  return line;
}

std::optional<std::int64_t> SystemRoot::number(std::string_view path) const {
  const std::optional<std::string> text = line(path);
  return text ? whole_number(*text) : std::nullopt;
}

std::vector<std::string> SystemRoot::list(std::string_view folder) const {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator it(path(folder), error), end; !error && it != end;
       it.increment(error)) {
    if (names.size() == most_names) break;
    names.push_back(it->path().filename().string());
  }
  std::sort(names.begin(), names.end(), naturally_before);
  return names;
}

std::optional<std::string> SystemRoot::link_name(std::string_view path) const {
  std::error_code error;
  const auto target = std::filesystem::read_symlink(this->path(path), error);
  if (error) return std::nullopt;
  return printable_ascii(target.filename().string());
}

bool SystemRoot::exists(std::string_view path) const {
  return ::access(this->path(path).c_str(), F_OK) == 0;
}

}  // namespace podbench
