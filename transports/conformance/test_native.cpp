// Native collectives: every collective, datatype and operation that the transport says it supports.
#include <gtest/gtest.h>

#include <array>
#include <numeric>
#include <vector>

#include "base/reduce.hpp"
#include "transports/conformance/stage.hpp"

namespace podbench::conformance {
namespace {

class Native : public SourceTest {
 protected:
  void SetUp() override {
    SourceTest::SetUp();
    if (!IsSkipped() && stage().endpoint().native() == nullptr) GTEST_SKIP() << "no native collectives";
  }
};
INSTANTIATE_TEST_SUITE_P(Conformance, Native, ::testing::Values(Source::allocated, Source::adopted),
                         source_name);

using Counts = std::vector<std::uint64_t>;

Counts offsets_of(const Counts& counts) {
  Counts offsets(counts.size());
  std::exclusive_scan(counts.begin(), counts.end(), offsets.begin(), std::uint64_t{0});
  return offsets;
}
std::uint64_t total(const Counts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

// A collective's shape on one rank: elements per peer on both sides. Where a side is one block that is the
// same for all peers, each of its counts is that block's and all its offsets are 0.
struct Shape {
  Counts input, output;
  bool one_input = false, one_output = false;
  [[nodiscard]] std::uint64_t input_total() const { return one_input ? input[0] : total(input); }
  [[nodiscard]] std::uint64_t output_total() const { return one_output ? output[0] : total(output); }
};

bool reduces(Collective what) {
  return what == Collective::allreduce || what == Collective::reduce_scatter || what == Collective::reduce;
}

// Block lengths by rank or by pair: equal, or growing from zero.
std::uint64_t block(int index, std::uint64_t unit, bool even) {
  return even ? unit : unit * static_cast<std::uint64_t>(index % 3) + static_cast<std::uint64_t>(index % 2);
}

Shape shape_of(Collective what, int rank, std::uint64_t unit, bool even) {
  const auto ranks = static_cast<std::size_t>(stage().size());
  const Counts own(ranks, block(rank, unit, even)), same(ranks, unit);
  Counts by_rank(ranks), outgoing(ranks), incoming(ranks);
  for (int peer = 0; peer < stage().size(); ++peer) {
    by_rank[static_cast<std::size_t>(peer)] = block(peer, unit, even);
    outgoing[static_cast<std::size_t>(peer)] = block(rank + 2 * peer, unit, even);
    incoming[static_cast<std::size_t>(peer)] = block(peer + 2 * rank, unit, even);
  }
  switch (what) {
    case Collective::allreduce:
    case Collective::broadcast:
    case Collective::reduce:
      return {same, same, true, true};
    case Collective::reduce_scatter:
    case Collective::scatter:
      return {by_rank, own, false, true};
    case Collective::allgather:
    case Collective::gather:
      return {own, by_rank, true, false};
    case Collective::alltoall:
    case Collective::alltoallv:
      return {outgoing, incoming, false, false};
    case Collective::barrier:
      break;
  }
  return {Counts(ranks), Counts(ranks), true, true};
}

std::vector<std::byte> input_of(const Shape& shape, DataType type, int rank, std::uint64_t round) {
  std::vector<std::byte> input(shape.input_total() * size_of(type));
  fill_elements(input, type, seed_of(rank, 0, round));
  return input;
}

struct Trial {
  Collective what;
  DataType type;
  Op op;
  std::uint64_t unit;
  bool even;
  int root;
};

// The block of rank `from`'s input that goes to rank `to`.
std::vector<std::byte> block_for(const Trial& trial, int from, int to, std::uint64_t round) {
  const Shape shape = shape_of(trial.what, from, trial.unit, trial.even);
  const auto input = input_of(shape, trial.type, from, round);
  if (shape.one_input) return input;
  const std::size_t element = size_of(trial.type), index = static_cast<std::size_t>(to);
  const auto first = input.begin() + static_cast<std::ptrdiff_t>(offsets_of(shape.input)[index] * element);
  return {first, first + static_cast<std::ptrdiff_t>(shape.input[index] * element)};
}

// What this rank's output must be; empty where the collective leaves it open.
std::vector<std::byte> expected(const Trial& trial, std::uint64_t round) {
  const bool to_root = trial.what == Collective::reduce || trial.what == Collective::gather;
  const bool from_root = trial.what == Collective::broadcast || trial.what == Collective::scatter;
  if (to_root && stage().rank() != trial.root) return {};
  if (from_root) return block_for(trial, trial.root, stage().rank(), round);
  std::vector<std::byte> result = block_for(trial, 0, stage().rank(), round);
  for (int peer = 1; peer < stage().size(); ++peer) {
    const auto next = block_for(trial, peer, stage().rank(), round);
    if (reduces(trial.what))
      reducer_for(trial.type, trial.op)(result.data(), result.data(), next.data(), next.size());
    else
      result.insert(result.end(), next.begin(), next.end());
  }
  return result;
}

void try_collective(const Trial& trial, Source source) {
  const Shape shape = shape_of(trial.what, stage().rank(), trial.unit, trial.even);
  const std::size_t element = size_of(trial.type);
  const Buffer in(shape.input_total() * element, source), out(shape.output_total() * element, source);
  const Counts zero(shape.input.size());
  const Counts input_offsets = shape.one_input ? zero : offsets_of(shape.input);
  const Counts output_offsets = shape.one_output ? zero : offsets_of(shape.output);
  NativeCall call{trial.what,   trial.type,    trial.op,    trial.root,    in.at(),      out.at(),
                  &in.memory(), &out.memory(), shape.input, input_offsets, shape.output, output_offsets};
  const auto batch = stage().endpoint().native()->prepare(call);
  for (std::uint64_t round = 0; round < 2; ++round) {
    const auto input = input_of(shape, trial.type, stage().rank(), round);
    std::copy(input.begin(), input.end(), in.at());
    batch->post();
    stage().complete(*batch);
    const auto right = expected(trial, round);
    EXPECT_TRUE(std::equal(right.begin(), right.end(), out.at())) << "round " << round;
    EXPECT_TRUE(std::equal(input.begin(), input.end(), in.at())) << "the input was written";
    EXPECT_TRUE(in.margins_are_intact() && out.margins_are_intact());
  }
}

// Every type, every operation that means something here, even and uneven blocks, first and last root.
void try_all(Collective what, Source source) {
  const bool even_only = what == Collective::alltoall;
  const std::vector<Op> ops =
      reduces(what) ? std::vector<Op>(all_ops().begin(), all_ops().end()) : std::vector<Op>{Op::sum};
  int tried = 0;
  for (const DataType type : all_datatypes())
    for (const Op op : ops) {
      if (!stage().endpoint().native()->supports(what, type, op)) continue;
      ++tried;
      for (const std::uint64_t unit : {0, 1, 1'003})
        for (const bool even : {true, false}) {
          if (even_only && !even) continue;
          SCOPED_TRACE(testing::Message() << name_of(type) << " " << name_of(op) << ", unit " << unit
                                          << (even ? ", even" : ", uneven"));
          const int root = unit == 1 ? stage().size() - 1 : 0;
          try_collective({what, type, op, unit, even, root}, source);
          if (::testing::Test::HasFailure()) return;
        }
    }
  if (tried == 0) GTEST_SKIP() << "not supported";
}

TEST_P(Native, Allreduce) {
  try_all(Collective::allreduce, GetParam());
}
TEST_P(Native, ReduceScatter) {
  try_all(Collective::reduce_scatter, GetParam());
}
TEST_P(Native, Allgather) {
  try_all(Collective::allgather, GetParam());
}
TEST_P(Native, Alltoall) {
  try_all(Collective::alltoall, GetParam());
}
TEST_P(Native, Alltoallv) {
  try_all(Collective::alltoallv, GetParam());
}
TEST_P(Native, Broadcast) {
  try_all(Collective::broadcast, GetParam());
}
TEST_P(Native, Reduce) {
  try_all(Collective::reduce, GetParam());
}
TEST_P(Native, Gather) {
  try_all(Collective::gather, GetParam());
}
TEST_P(Native, Scatter) {
  try_all(Collective::scatter, GetParam());
}

// A rank that leaves the barrier before the last one came would see a slot that is not yet written.
TEST_P(Native, Barrier) {
  NativeCollectives& native = *stage().endpoint().native();
  if (!native.supports(Collective::barrier, DataType::uint8, Op::sum)) GTEST_SKIP() << "not supported";
  const auto batch = native.prepare(NativeCall{});
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t before = stage().begin_step();
    batch->post();
    stage().complete(*batch);
    EXPECT_TRUE(stage().all_began(before)) << "round " << round;
  }
}

}  // namespace
}  // namespace podbench::conformance
