// Names put together as operators write them, the way back from host_list.hpp, and what their digits say
// about racks. Thread-safety: pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace podbench {

// "node2" before "node10".
[[nodiscard]] bool before_naturally(std::string_view a, std::string_view b);

// The same as an order of all texts: "n1" before "n01".
[[nodiscard]] bool before_in_list(const std::string& a, const std::string& b);

// "n[00-15],login": expand_host_list() gives the same names, in natural order, each once.
[[nodiscard]] std::string host_ranges(std::vector<std::string> names);

// Nodes by what their names have before the last number, where that holds a number too: "r07" has "r07n01"
// and "r07n02". Empty where not every name is so, or there is but one rack.
[[nodiscard]] std::map<std::string, std::vector<std::string>, decltype(&before_naturally)> racks_by_name(
    const std::vector<std::string>& names);

}  // namespace podbench
