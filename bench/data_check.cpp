#include "bench/data_check.hpp"

#include <algorithm>

#include "base/exact_data.hpp"

namespace podbench {
namespace {

Content content_of(const PlannedCase& planned, std::uint64_t round) {
  Content content{planned.type, std::nullopt, planned.ranks, round};
  if (find_pattern(planned.pattern)->reduces) content.op = planned.op;
  return content;
}

}  // namespace

void fill(const CaseBuffers& buffers, const PlannedCase& planned, int rank, std::uint64_t round) {
  fill_input(content_of(planned, round), rank, 0, buffers.input());
  std::ranges::fill(buffers.output(), std::byte{0xA5});
}

std::optional<WrongData> check_output(const CaseBuffers& buffers, const PlannedCase& planned,
                                      const Problem& problem, std::uint64_t round) {
  const std::size_t size = size_of(planned.type);
  const Content content = content_of(planned, round);
  std::optional<WrongData> wrong;
  for (const Piece& piece : find_pattern(planned.pattern)->contract(problem)) {
    const std::span<const std::byte> found =
        buffers.output().subspan(piece.output_first * size, piece.count * size);
    const std::optional<Mismatch> mismatch =
        piece.source == Piece::all_ranks ? check_reduction(content, piece.input_first, found)
                                         : check_copy(content, piece.source, piece.input_first, found);
    if (!mismatch) continue;
    if (!wrong) {
      const std::uint64_t element = piece.output_first + mismatch->element - piece.input_first;
      wrong = WrongData{problem.rank, element, mismatch->expected, mismatch->found, 0};
    }
    wrong->wrong_elements += mismatch->wrong;
  }
  return wrong;
}

}  // namespace podbench
