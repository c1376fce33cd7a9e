#include "analysis/accept/stages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"

namespace podbench::accept {
namespace {

constexpr std::array<std::string_view, 7> stage_names = {"inventory", "node",       "pairs", "links",
                                                         "scale",     "congestion", "soak"};
static_assert(stage_names.size() == all_stages.size());

}  // namespace

std::string_view name_of(Stage stage) {
  return stage_names[static_cast<std::size_t>(stage)];
}

Stage parse_stage(std::string_view name) {
  const auto found = std::find(stage_names.begin(), stage_names.end(), name);
  if (found == stage_names.end())
    throw RequestError(
        fmt::format("there is no stage \"{}\"; stages: {}", name, fmt::join(stage_names, ", ")));
  return all_stages[static_cast<std::size_t>(found - stage_names.begin())];
}

}  // namespace podbench::accept
