#include "bench/ab/words.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace podbench {
namespace {

constexpr std::size_t longest_text_bytes = 64 << 10;
constexpr std::size_t most_words = 4096;
constexpr std::string_view blanks = " \t\n\r";

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::vector<std::string> words() {
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (blanks.find(c) != std::string_view::npos)
        end_word();
      else
        take(c);
    }
    end_word();
    return std::move(words_);
  }

 private:
  void take(char c) {
    if (c == '\'') return single_quoted();
    if (c == '"') return double_quoted();
    if (c == '\\') return escaped();
    add(c);
  }

  void single_quoted() {
    in_word_ = true;
    const std::size_t end = text_.find('\'', at_);
    if (end == std::string_view::npos) not_closed('\'');
    word_ += text_.substr(at_, end - at_);
    at_ = end + 1;
  }

  void double_quoted() {
    in_word_ = true;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"') return;
      const bool counts = c == '\\' && at_ < text_.size() &&
                          std::string_view("$`\"\\\n").find(text_[at_]) != std::string_view::npos;
      if (counts)
        escaped();
      else
        word_ += c;
    }
    not_closed('"');
  }

  // What follows a backslash; a line break after it is none.
  void escaped() {
    if (at_ == text_.size()) throw RequestError("a backslash at the end stands for nothing; write \\\\");
    const char c = text_[at_++];
    if (c != '\n') add(c);
  }

  void add(char c) {
    in_word_ = true;
    word_ += c;
  }

  void end_word() {
    if (!in_word_) return;
    if (words_.size() == most_words) throw RequestError(fmt::format("more than {} words", most_words));
    words_.push_back(std::move(word_));
    word_.clear();
    in_word_ = false;
  }

  [[noreturn]] static void not_closed(char quote) {
    throw RequestError(fmt::format("a {} is not closed", quote));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::string> words_;
  std::string word_;
  bool in_word_ = false;  // a word may be empty: ''
};

bool is_plain(std::string_view word) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%^";
  return !word.empty() && word.find_first_not_of(plain) == std::string_view::npos;
}

}  // namespace

std::vector<std::string> split_words(std::string_view text) {
  if (text.size() > longest_text_bytes)
    throw RequestError(fmt::format("more than {} KiB of words", longest_text_bytes >> 10));
  return Splitter(text).words();
}

std::string join_words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    if (is_plain(word)) {
      text += word;
      continue;
    }
    text += '\'';
    for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    text += '\'';
  }
  return text;
}

}  // namespace podbench
