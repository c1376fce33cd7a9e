#include "patterns/imported/layout.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

namespace podbench::imported {

namespace {

constexpr std::array collectives = std::to_array<Collective>({
    {.name = "allreduce", .pattern = "allreduce"},
    {.name = "reduce_scatter", .pattern = "reduce_scatter", .output_is_share = true},
    {.name = "reducescatter", .pattern = "reduce_scatter", .output_is_share = true},
    {.name = "allgather", .pattern = "allgather", .input_is_share = true},
    {.name = "alltoall", .pattern = "alltoall"},
    {.name = "broadcast", .pattern = "broadcast"},
    {.name = "reduce", .pattern = "reduce"},
});

}  // namespace

const Collective* find_collective(std::string_view name) {
  const auto found = std::ranges::find(collectives, name, &Collective::name);
  return found == collectives.end() ? nullptr : &*found;
}

std::string collective_names() {
  std::vector<std::string_view> names;
  for (const Collective& collective : collectives) names.push_back(collective.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

Layout layout_of(const MscclFile& file, const Collective& collective, int gpu) {
  const Cell share = file.chunks / static_cast<Cell>(file.gpus.size());
  const Cell own_share = share * static_cast<Cell>(gpu);
  const Cell output_chunks = collective.output_is_share ? share : file.chunks;
  Layout layout;
  layout.inputs = collective.input_is_share ? share : file.chunks;
  layout.works = file.in_place ? file.chunks : layout.inputs;
  layout.outputs = file.in_place && !collective.output_is_share ? 0 : output_chunks;
  layout.scratches = file.gpus[static_cast<std::size_t>(gpu)].scratch_chunks;
  if (!file.in_place) return layout;
  layout.input_in_work = collective.input_is_share ? own_share : 0;
  layout.output_in_work = collective.output_is_share ? own_share : 0;
  layout.output_is_work = !collective.output_is_share;
  return layout;
}

}  // namespace podbench::imported
