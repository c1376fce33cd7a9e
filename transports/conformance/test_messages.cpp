// Sends and receives: sizes, matching, order, reuse.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "transports/conformance/stage.hpp"

namespace podbench::conformance {
namespace {

class Messages : public SourceTest {};
INSTANTIATE_TEST_SUITE_P(Conformance, Messages, ::testing::Values(Source::allocated, Source::adopted),
                         source_name);

// One message to `to` while one comes from `from`; checks what came and that nothing else was touched.
void pass_on(const Buffer& out, const Buffer& in, std::size_t bytes, int to, int from, std::uint64_t round) {
  fill(out.bytes(0, bytes), seed_of(stage().rank(), to, round));
  fill(in.bytes(0, bytes), ~round);
  stage().run({in.receive(from, 1, 0, bytes), out.send(to, 1, 0, bytes)});
  ASSERT_EQ(difference(in.bytes(0, bytes), seed_of(from, stage().rank(), round)), "");
  ASSERT_EQ(difference(out.bytes(0, bytes), seed_of(stage().rank(), to, round)), "");
}

TEST_P(Messages, EverySizeAroundTheRing) {
  for (const std::size_t bytes : interesting_sizes()) {
    SCOPED_TRACE(bytes);
    const Buffer out(bytes, GetParam()), in(bytes, GetParam());
    pass_on(out, in, bytes, stage().right(), stage().left(), bytes);
    EXPECT_TRUE(out.margins_are_intact() && in.margins_are_intact());
  }
}

TEST_P(Messages, EverySizeToItself) {
  for (const std::size_t bytes : interesting_sizes()) {
    SCOPED_TRACE(bytes);
    const Buffer out(bytes, GetParam()), in(bytes, GetParam());
    pass_on(out, in, bytes, stage().rank(), stage().rank(), bytes);
    EXPECT_TRUE(in.margins_are_intact());
  }
}

TEST_P(Messages, UnalignedAddresses) {
  for (const std::size_t shift : {1, 3, 8, 17})
    for (const std::size_t bytes : {5, 64, 1001, 9'973, 300'007}) {
      SCOPED_TRACE(testing::Message() << bytes << " bytes, shifted by " << shift);
      const Buffer out(bytes, GetParam(), shift), in(bytes, GetParam(), 2 * shift + 1);
      pass_on(out, in, bytes, stage().right(), stage().left(), shift);
      EXPECT_TRUE(in.margins_are_intact());
    }
}

TEST_P(Messages, NothingFromNowhere) {
  Transfer send, receive;
  send.peer = stage().right();
  receive.kind = TransferKind::receive;
  receive.peer = stage().left();
  stage().run({receive, send});
}

TEST_P(Messages, TagsOutOfOrder) {
  for (const std::size_t bytes : {8, 3000, 200'000}) {
    SCOPED_TRACE(bytes);
    const Buffer out(2 * bytes, GetParam()), in(2 * bytes, GetParam());
    fill(out.bytes(0, bytes), seed_of(stage().rank(), 0, 5));
    fill(out.bytes(bytes, bytes), seed_of(stage().rank(), 0, largest_tag));
    const std::array first = {out.send(stage().right(), 5, 0, bytes)};
    const std::array second = {out.send(stage().right(), largest_tag, bytes, bytes)};
    const auto send_first = stage().endpoint().prepare(first),
               send_second = stage().endpoint().prepare(second);
    send_first->post();
    send_second->post();
    stage().run({in.receive(stage().left(), largest_tag, bytes, bytes)});
    EXPECT_EQ(difference(in.bytes(bytes, bytes), seed_of(stage().left(), 0, largest_tag)), "");
    stage().run({in.receive(stage().left(), 5, 0, bytes)});
    EXPECT_EQ(difference(in.bytes(0, bytes), seed_of(stage().left(), 0, 5)), "");
    stage().complete(*send_first);
    stage().complete(*send_second);
  }
}

// Long messages take other ways than short ones and must not be overtaken by them.
TEST_P(Messages, OrderPerPeerAndTag) {
  const std::vector<std::size_t> sizes = {300'000, 1, 40'000, 0, 8, 70'000, 64, 5'000, 200, 131'072, 16};
  std::size_t total = 0;
  for (const std::size_t bytes : sizes) total += bytes;
  const Buffer out(total, GetParam()), in(total, GetParam());
  std::vector<Transfer> sends, receives;
  std::size_t at = 0;
  for (std::size_t i = 0; i < sizes.size(); at += sizes[i++]) {
    fill(out.bytes(at, sizes[i]), seed_of(stage().rank(), stage().right(), i));
    sends.push_back(out.send(stage().right(), 9, at, sizes[i]));
    receives.push_back(in.receive(stage().left(), 9, at, sizes[i]));
  }
  std::vector<Transfer> all = receives;
  all.insert(all.end(), sends.begin(), sends.end());
  stage().run(all);
  at = 0;
  for (std::size_t i = 0; i < sizes.size(); at += sizes[i++])
    EXPECT_EQ(difference(in.bytes(at, sizes[i]), seed_of(stage().left(), stage().rank(), i)), "") << i;
}

TEST_P(Messages, ManyOutstanding) {
  constexpr std::size_t window = 256;
  for (const std::size_t bytes : {8, 4096, 33'000}) {
    SCOPED_TRACE(bytes);
    const Buffer out(window * bytes, GetParam()), in(window * bytes, GetParam());
    std::vector<Transfer> transfers;
    for (std::size_t i = 0; i < window; ++i) {
      fill(out.bytes(i * bytes, bytes), seed_of(stage().rank(), 1, i));
      transfers.push_back(out.send(stage().right(), static_cast<std::uint16_t>(i % 3), i * bytes, bytes));
      transfers.push_back(in.receive(stage().left(), static_cast<std::uint16_t>(i % 3), i * bytes, bytes));
    }
    const auto batch = stage().endpoint().prepare(transfers);
    for (int round = 0; round < 3; ++round) {
      fill(in.all(), 0);
      batch->post();
      stage().complete(*batch);
      for (std::size_t i = 0; i < window; ++i)
        ASSERT_EQ(difference(in.bytes(i * bytes, bytes), seed_of(stage().left(), 1, i)), "") << i;
    }
  }
}

TEST_P(Messages, ArriveBeforeTheyAreExpected) {
  const std::vector<std::size_t> sizes = {0, 8, 64, 700, 5'000, 40'000, 500'000};
  const Buffer out(sizes.size() * 500'000, GetParam()), in(sizes.size() * 500'000, GetParam());
  std::vector<Transfer> sends;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    fill(out.bytes(i * 500'000, sizes[i]), seed_of(stage().rank(), 2, i));
    sends.push_back(out.send(stage().right(), static_cast<std::uint16_t>(i), i * 500'000, sizes[i]));
  }
  const auto batch = stage().endpoint().prepare(sends);
  batch->post();
  stage().fence();
  for (std::size_t i = sizes.size(); i-- > 0;) {
    stage().run({in.receive(stage().left(), static_cast<std::uint16_t>(i), i * 500'000, sizes[i])});
    EXPECT_EQ(difference(in.bytes(i * 500'000, sizes[i]), seed_of(stage().left(), 2, i)), "") << i;
  }
  stage().complete(*batch);
}

void reuse(Source source, std::size_t bytes, int rounds) {
  const Buffer out(bytes, source), in(bytes, source);
  const std::array transfers = {in.receive(stage().left(), 3, 0, bytes),
                                out.send(stage().right(), 3, 0, bytes)};
  const auto batch = stage().endpoint().prepare(transfers);
  for (int round = 0; round < rounds; ++round) {
    fill(out.all(), seed_of(stage().rank(), stage().right(), static_cast<std::uint64_t>(round)));
    batch->post();
    stage().complete(*batch);
    ASSERT_EQ(
        difference(in.all(), seed_of(stage().left(), stage().rank(), static_cast<std::uint64_t>(round))), "")
        << "round " << round;
  }
}

TEST_P(Messages, ABatchIsReusedWithNewContent) {
  reuse(GetParam(), 8, 1'000);
  reuse(GetParam(), 3'001, 300);
  reuse(GetParam(), 100'003, 60);
}

// A completed send of this size lets the buffer be written again at once.
TEST_P(Messages, InjectedSendsCompleteWhenPosted) {
  const std::size_t bytes = std::min<std::size_t>(stage().endpoint().capabilities().largest_inject, 1 << 16);
  const Buffer out(bytes, GetParam()), in(bytes, GetParam());
  fill(out.all(), seed_of(stage().rank(), 3, 0));
  const std::array transfers = {out.send(stage().right(), 4, 0, bytes)};
  const auto batch = stage().endpoint().prepare(transfers);
  stage().fence();
  batch->post();
  EXPECT_TRUE(bytes == 0 || batch->test());
  stage().fence();
  if (bytes > 0) fill(out.all(), 0);
  stage().run({in.receive(stage().left(), 4, 0, bytes)});
  EXPECT_EQ(difference(in.all(), seed_of(stage().left(), 3, 0)), "");
  stage().complete(*batch);
}

}  // namespace
}  // namespace podbench::conformance
