// Names in a row as operators write them: "node[00-15]", "rack[1-4]-n[01-08]", "a,b,c[0,4-7]". The last
// bracket counts fastest; the zeros in front of a range's first number are kept. Thread-safety: pure. Errors:
// RequestError, one line without a place.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace podbench {

// All names, in order; at most `most` of them, checked before they are made. Letters, digits and . _ - make a
// name of at most 255 characters; `extra` are further characters that are allowed.
[[nodiscard]] std::vector<std::string> expand_host_list(std::string_view text, std::size_t most,
                                                        std::string_view extra = "");

}  // namespace podbench
