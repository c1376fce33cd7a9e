#include "results/store_columns.hpp"

#include <limits>
#include <string_view>
#include <unordered_map>

namespace podbench {

h5::Id write_codes(const h5::Id& group, const std::string& name, const h5::Shape& shape,
                   const std::vector<std::string>& texts) {
  std::unordered_map<std::string_view, std::uint32_t> code_of;
  std::vector<std::string> labels;
  std::vector<std::uint32_t> codes;
  codes.reserve(texts.size());
  for (const std::string& text : texts) {
    const auto [entry, is_new] = code_of.try_emplace(text, static_cast<std::uint32_t>(labels.size()));
    if (is_new) labels.push_back(text);
    codes.push_back(entry->second);
  }
  h5::write_texts(group, name + "_labels", labels);
  if (labels.size() > std::numeric_limits<std::uint16_t>::max() + 1U) {
    return h5::write_array(group, name, shape, codes);
  }
  std::vector<std::uint16_t> narrow;
  narrow.reserve(codes.size());
  for (const std::uint32_t code : codes) narrow.push_back(static_cast<std::uint16_t>(code));
  return h5::write_array(group, name, shape, narrow);
}

}  // namespace podbench
