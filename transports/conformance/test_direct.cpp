// What only some transports can do: receives that reduce, put and get.
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "base/reduce.hpp"
#include "transports/conformance/stage.hpp"

namespace podbench::conformance {
namespace {

class Direct : public SourceTest {};
class OneSided : public SourceTest {};
INSTANTIATE_TEST_SUITE_P(Conformance, Direct, ::testing::Values(Source::allocated, Source::adopted),
                         source_name);
INSTANTIATE_TEST_SUITE_P(Conformance, OneSided, ::testing::Values(Source::allocated, Source::adopted),
                         source_name);

struct Reduction {
  DataType type;
  Op op;
  std::size_t count;
  bool in_place;
};

void reduce_from_the_left(const Reduction& how, Source source) {
  const std::size_t element = size_of(how.type), bytes = how.count * element;
  const Buffer out(bytes, source), into(bytes, source), operand(bytes, source);
  fill_elements(out.all(), how.type, seed_of(stage().rank(), 0, how.count));
  fill_elements(operand.all(), how.type, seed_of(stage().rank(), 1, how.count));
  fill_elements(into.all(), how.type, seed_of(stage().rank(), 1, how.count));

  Transfer receive = into.receive(stage().left(), 0, 0, bytes);
  receive.reduce = reducer_for(how.type, how.op);
  receive.operand = how.in_place ? into.at() : operand.at();
  receive.element_bytes = element;
  stage().run({receive, out.send(stage().right(), 0, 0, bytes)});

  std::vector<std::byte> incoming(bytes), expected(bytes);
  fill_elements(incoming, how.type, seed_of(stage().left(), 0, how.count));
  fill_elements(expected, how.type, seed_of(stage().rank(), 1, how.count));
  receive.reduce(expected.data(), expected.data(), incoming.data(), bytes);
  EXPECT_TRUE(std::equal(expected.begin(), expected.end(), into.at()));
  EXPECT_TRUE(into.margins_are_intact() && operand.margins_are_intact());
}

TEST_P(Direct, ReceivesReduce) {
  if (!stage().endpoint().capabilities().direct) GTEST_SKIP() << "not direct";
  const std::array kinds = {std::pair(DataType::float32, Op::sum), std::pair(DataType::float64, Op::max),
                            std::pair(DataType::bfloat16, Op::sum), std::pair(DataType::int32, Op::prod),
                            std::pair(DataType::uint8, Op::sum)};
  for (const auto& [type, op] : kinds)
    for (const std::size_t count : {0, 1, 7, 1'001, 65'536, 100'003})
      for (const bool in_place : {true, false}) {
        SCOPED_TRACE(testing::Message() << name_of(type) << " × " << count << (in_place ? " in place" : ""));
        reduce_from_the_left({type, op, count, in_place}, GetParam());
      }
}

constexpr std::size_t window_bytes = 300'000;
constexpr std::array<std::size_t, 5> piece_sizes = {0, 1, 64, 9'999, 200'000};

// One window a rank, which every peer may attach to.
struct Window {
  explicit Window(Source source) : buffer(window_bytes, source) {
    const auto blobs = stage().exchange(stage().endpoint().expose(buffer.memory()));
    for (int rank = 0; rank < stage().size(); ++rank)
      remotes.push_back(stage().endpoint().attach(rank, blobs[static_cast<std::size_t>(rank)]));
  }
  [[nodiscard]] Transfer move(TransferKind kind, const Buffer& own, std::size_t bytes, int peer,
                              std::size_t offset) const {
    Transfer transfer = own.send(peer, 0, 0, bytes);
    transfer.kind = kind;
    transfer.remote = remotes[static_cast<std::size_t>(peer)].get();
    // Both sides' buffers have the same shape.
    transfer.remote_offset = static_cast<std::uint64_t>(buffer.at(offset) - buffer.memory().data());
    return transfer;
  }
  Buffer buffer;
  std::vector<std::unique_ptr<RemoteMemory>> remotes;
};

TEST_P(OneSided, PutIsThereWhenComplete) {
  if (!stage().endpoint().capabilities().put) GTEST_SKIP() << "no put";
  const Window window(GetParam());
  for (const std::size_t bytes : piece_sizes) {
    SCOPED_TRACE(bytes);
    const Buffer own(bytes, GetParam());
    for (const int distance : {0, 1}) {
      const int to = (stage().rank() + distance) % stage().size();
      const int from = (stage().rank() + stage().size() - distance) % stage().size();
      fill(own.all(), seed_of(stage().rank(), to, bytes));
      fill(window.buffer.all(), 0);
      stage().fence();
      stage().run({window.move(TransferKind::put, own, bytes, to, 77)});
      stage().fence();
      EXPECT_EQ(difference(window.buffer.bytes(77, bytes), seed_of(from, stage().rank(), bytes)), "");
      EXPECT_TRUE(window.buffer.margins_are_intact());
      stage().fence();
    }
  }
}

TEST_P(OneSided, GetBringsWhatIsThere) {
  if (!stage().endpoint().capabilities().get) GTEST_SKIP() << "no get";
  const Window window(GetParam());
  fill(window.buffer.all(), seed_of(stage().rank(), 0, 0));
  stage().fence();
  for (const std::size_t bytes : piece_sizes) {
    SCOPED_TRACE(bytes);
    const Buffer own(bytes, GetParam());
    for (const int peer : {stage().rank(), stage().left()}) {
      stage().run({window.move(TransferKind::get, own, bytes, peer, 8)});
      std::vector<std::byte> whole(window_bytes);
      fill(whole, seed_of(peer, 0, 0));
      EXPECT_TRUE(std::equal(own.at(), own.at() + bytes, whole.begin() + 8)) << "from rank " << peer;
      EXPECT_TRUE(own.margins_are_intact());
    }
  }
  stage().fence();
}

// Each rank writes into its neighbour's memory and its own is written by the other neighbour; what was there
// before is read across, too.
TEST(Mapped, LoadsAndStoresReachThePeersMemory) {
  if (!stage().endpoint().capabilities().mapped) GTEST_SKIP() << "not mapped";
  const Window window(Source::allocated);
  const std::size_t offset = static_cast<std::size_t>(window.buffer.at() - window.buffer.memory().data());
  const auto right = (stage().rank() + 1) % stage().size();
  const std::span<std::byte> theirs = window.remotes[static_cast<std::size_t>(right)]->mapped();
  ASSERT_GE(theirs.size(), offset + window_bytes);
  fill(window.buffer.all(), seed_of(stage().rank(), 0, 1));
  stage().fence();
  EXPECT_EQ(difference(theirs.subspan(offset, window_bytes), seed_of(right, 0, 1)), "");
  stage().fence();
  fill(theirs.subspan(offset, window_bytes), seed_of(stage().rank(), right, 2));
  stage().fence();
  EXPECT_EQ(difference(window.buffer.all(), seed_of(stage().left(), stage().rank(), 2)), "");
  EXPECT_TRUE(window.buffer.margins_are_intact());
  stage().fence();
}

}  // namespace
}  // namespace podbench::conformance
