// One argument that holds several, as `--a "--transport shm --bytes 8"` does, taken apart as a shell does it.
// Thread-safety: pure. Errors: RequestError, one line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace podbench {

// Words between blanks, tabs and line breaks. Quotes and backslashes mean what they mean to a shell (POSIX.1,
// Shell Command Language, 2.2): nothing is special between '…'; between "…" a backslash counts before
// $ ` " \ and a line break only. Nothing is expanded and no other character is special: $HOME, * and ; are
// words. RequestError for a quote that is not closed, a backslash at the end, or more than a bound.
[[nodiscard]] std::vector<std::string> split_words(std::string_view text);

// Words as a text that split_words takes apart again, and a shell too.
[[nodiscard]] std::string join_words(const std::vector<std::string>& words);

}  // namespace podbench
