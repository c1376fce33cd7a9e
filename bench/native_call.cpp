#include "bench/native_call.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <iterator>

namespace podbench {
namespace {

struct NamedCollective {
  std::string_view pattern;
  Collective collective;
};
constexpr NamedCollective named[] = {
    {"allreduce", Collective::allreduce}, {"reduce_scatter", Collective::reduce_scatter},
    {"allgather", Collective::allgather}, {"alltoall", Collective::alltoall},
    {"alltoallv", Collective::alltoallv}, {"broadcast", Collective::broadcast},
    {"reduce", Collective::reduce},       {"gather", Collective::gather},
    {"scatter", Collective::scatter},     {"barrier", Collective::barrier}};

// The plain all-to-all is for blocks that are equal between all ranks.
std::optional<Collective> collective_of(const PlannedCase& planned) {
  const auto found = std::find_if(std::begin(named), std::end(named),
                                  [&](const NamedCollective& n) { return n.pattern == planned.pattern; });
  if (found == std::end(named)) return std::nullopt;
  const bool uneven = planned.count() % static_cast<std::uint64_t>(planned.ranks) != 0;
  return found->collective == Collective::alltoall && uneven ? Collective::alltoallv : found->collective;
}

void split(const std::vector<Block>& blocks, std::vector<std::uint64_t>& counts,
           std::vector<std::uint64_t>& offsets) {
  for (const Block& block : blocks) {
    counts.push_back(block.count);
    offsets.push_back(block.first);
  }
}

}  // namespace

std::optional<std::string> native_missing(Endpoint& endpoint, const PlannedCase& planned) {
  const std::optional<Collective> collective = collective_of(planned);
  if (!collective || !endpoint.native()) return planned.transport + " brings no collectives of its own";
  if (!endpoint.native()->supports(*collective, planned.type, planned.op))
    return fmt::format("{} has no {} of {} of its own", planned.transport, planned.pattern,
                       name_of(planned.type));
  return std::nullopt;
}

NativeArguments::NativeArguments(const CaseBuffers& buffers, const PlannedCase& planned,
                                 const Problem& problem) {
  const Pattern& pattern = *find_pattern(planned.pattern);
  const std::optional<Collective> collective = collective_of(planned);
  assert(collective);
  if (pattern.input_blocks)
    split(pattern.input_blocks(problem), input_counts_, input_offsets_);
  else
    split({{0, pattern.input_count(problem)}}, input_counts_, input_offsets_);
  if (pattern.output_blocks)
    split(pattern.output_blocks(problem), output_counts_, output_offsets_);
  else
    split({{0, pattern.output_count(problem)}}, output_counts_, output_offsets_);
  call_ = NativeCall{.collective = *collective,
                     .type = planned.type,
                     .op = planned.op,
                     .root = planned.parameters.root,
                     .input = buffers.input().data(),
                     .output = buffers.output().data(),
                     .input_memory = &buffers.memory(Buffer::input),
                     .output_memory = &buffers.memory(Buffer::output),
                     .input_counts = input_counts_,
                     .input_offsets = input_offsets_,
                     .output_counts = output_counts_,
                     .output_offsets = output_offsets_};
}

}  // namespace podbench
