// The stages of an acceptance, in the order in which each gates the next.
// Thread-safety: pure. Errors: RequestError for an unknown name, with those that are right.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace podbench::accept {

enum class Stage : std::uint8_t { inventory, node, pairs, links, scale, congestion, soak };

inline constexpr std::array all_stages = {Stage::inventory, Stage::node,       Stage::pairs, Stage::links,
                                          Stage::scale,     Stage::congestion, Stage::soak};

[[nodiscard]] std::string_view name_of(Stage stage);
[[nodiscard]] Stage parse_stage(std::string_view name);

}  // namespace podbench::accept
