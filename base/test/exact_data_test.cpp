#include "base/exact_data.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <vector>

#include "base/exact_contents.hpp"
#include "base/random.hpp"
#include "base/reduce.hpp"

namespace podbench {
namespace {

using Bytes = std::vector<std::byte>;

Bytes input_of(const Content& content, int rank, std::uint64_t first, std::size_t count) {
  Bytes bytes(count * size_of(content.type));
  fill_input(content, rank, first, bytes);
  return bytes;
}

// Combines all ranks' inputs in a random tree: any two partial results next.
Bytes reduce_in_random_order(const Content& content, std::uint64_t first, std::size_t count, Random& random) {
  const Reducer reduce = reducer_for(content.type, *content.op);
  std::vector<Bytes> parts;
  for (int rank = 0; rank < content.ranks; ++rank) parts.push_back(input_of(content, rank, first, count));
  while (parts.size() > 1) {
    std::swap(parts[random.below(parts.size())], parts.back());
    const Bytes last = std::move(parts.back());
    parts.pop_back();
    Bytes& other = parts[random.below(parts.size())];
    reduce(other.data(), other.data(), last.data(), last.size());
  }
  return parts.front();
}

std::vector<Content> reduced_contents(int ranks, std::uint64_t round) {
  std::vector<Content> contents;
  for (const DataType type : all_datatypes())
    for (const Op op : all_ops()) contents.push_back({type, op, ranks, round});
  return contents;
}

std::string label(const Content& content) {
  return std::string(name_of(content.type)) + " " +
         (content.op ? std::string(name_of(*content.op)) : "moved") + " ranks " +
         std::to_string(content.ranks);
}

TEST(ExactData, MatchesARealReductionInAnyOrder) {
  Random random(7);
  for (const int ranks : {1, 2, 3, 4, 5, 7, 8, 9, 16, 31, 64, 97, 128, 129, 257, 1000})
    for (const Content& content : reduced_contents(ranks, static_cast<std::uint64_t>(ranks) * 3)) {
      SCOPED_TRACE(label(content));
      const std::size_t count = ranks > 200 ? 37 : 301;
      const Bytes found = reduce_in_random_order(content, 1'000'003, count, random);
      EXPECT_EQ(check_reduction(content, 1'000'003, found).has_value(), false);
    }
}

// Folded in order of ranks; a few elements each.
Bytes fold(const Content& content, std::uint64_t first, std::size_t count) {
  const Reducer reduce = reducer_for(content.type, *content.op);
  Bytes total = input_of(content, 0, first, count), next = total;
  for (int rank = 1; rank < content.ranks; ++rank) {
    fill_input(content, rank, first, next);
    reduce(total.data(), total.data(), next.data(), next.size());
  }
  return total;
}

TEST(ExactData, StaysExactForVeryManyRanks) {
  for (const Content& content : reduced_contents(100'003, 5)) {
    SCOPED_TRACE(label(content));
    EXPECT_FALSE(check_reduction(content, 9, fold(content, 9, 5)).has_value());
  }
  for (const DataType few_bits : {DataType::bfloat16, DataType::float16, DataType::float32})
    for (const Op op : {Op::sum, Op::prod}) {
      const Content content{few_bits, op, most_content_ranks, 5};
      SCOPED_TRACE(label(content));
      EXPECT_FALSE(check_reduction(content, 9, fold(content, 9, 5)).has_value());
    }
}

// The grand total is the greatest partial sum, so it bounds them all.
TEST(ExactData, CycleTotalsMatchTheirTermsAndKeepTheBudget) {
  for (const std::uint32_t budget : {2u, 8u, 96u, 128u, 1024u, 1u << 23, 0xffffffffu})
    for (const std::uint32_t ranks : {1u, 2u, 3u, 7u, 96u, 97u, 128u, 129u, 1000u, 1u << 20}) {
      const auto cycle = exact::Cycle::within(budget, ranks, exact::most_log_values);
      for (std::uint32_t shift = 0; shift < cycle.shifts(); shift += 1 + cycle.shifts() / 13) {
        std::uint64_t terms = 0;
        for (std::uint32_t rank = 0; rank < ranks; ++rank) terms += cycle.at(rank + shift);
        ASSERT_EQ(cycle.total(shift, ranks), terms) << budget << " " << ranks << " " << shift;
        ASSERT_LE(terms, budget) << ranks << " " << shift;
      }
    }
}

TEST(ExactData, FindsEverySingleBitFlip) {
  Random random(11);
  for (const int ranks : {2, 7})
    for (Content content : reduced_contents(ranks, 1)) {
      SCOPED_TRACE(label(content));
      const std::size_t size = size_of(content.type), count = 3;
      const Bytes good = reduce_in_random_order(content, 40, count, random);
      for (std::size_t bit = 0; bit < count * size * 8; ++bit) {
        Bytes bad = good;
        bad[bit / 8] ^= std::byte{1} << (bit % 8);
        const auto mismatch = check_reduction(content, 40, bad);
        ASSERT_TRUE(mismatch.has_value()) << bit;
        EXPECT_EQ(mismatch->element, 40 + bit / 8 / size);
        EXPECT_EQ(mismatch->wrong, 1u);
        EXPECT_NE(mismatch->expected, mismatch->found) << bit;
      }
      content.op.reset();
      const Bytes sent = input_of(content, 1, 40, count);
      ASSERT_FALSE(check_copy(content, 1, 40, sent).has_value());
      for (std::size_t bit = 0; bit < count * size * 8; ++bit) {
        Bytes bad = sent;
        bad[bit / 8] ^= std::byte{1} << (bit % 8);
        ASSERT_TRUE(check_copy(content, 1, 40, bad).has_value()) << bit;
      }
    }
}

TEST(ExactData, CountsEveryWrongElementAndNamesTheFirst) {
  const Content content{DataType::int32, std::nullopt, 4, 3};
  Bytes found = input_of(content, 2, 100, 10'000);
  for (const std::size_t element : {5000u, 5001u, 9999u}) found[element * 4] ^= std::byte{1};
  const auto mismatch = check_copy(content, 2, 100, found);
  ASSERT_TRUE(mismatch.has_value());
  EXPECT_EQ(mismatch->element, 5100u);
  EXPECT_EQ(mismatch->wrong, 3u);
}

// The share of elements that are equal in two ranges.
double equal_share(const Bytes& a, const Bytes& b, std::size_t size) {
  std::size_t equal = 0;
  for (std::size_t at = 0; at < a.size(); at += size)
    if (std::memcmp(a.data() + at, b.data() + at, size) == 0) ++equal;
  return static_cast<double>(equal) / static_cast<double>(a.size() / size);
}

// Moved data has at least 8 telling bits in every type: another rank, round or place looks the same in at
// most one element of a hundred.
TEST(ExactData, MovedDataTellsRankElementAndRoundApart) {
  for (const DataType type : all_datatypes()) {
    SCOPED_TRACE(name_of(type));
    const Content content{type, std::nullopt, 8, 20}, later{type, std::nullopt, 8, 21};
    const std::size_t size = size_of(type), count = 20'000;
    const Bytes mine = input_of(content, 3, 0, count);
    EXPECT_LT(equal_share(mine, input_of(content, 4, 0, count), size), 0.01);
    EXPECT_LT(equal_share(mine, input_of(later, 3, 0, count), size), 0.01);
    EXPECT_LT(equal_share(mine, input_of(content, 3, 1, count), size), 0.01);
    EXPECT_LT(equal_share(mine, input_of(content, 3, 1ull << 32, count), size), 0.01);
  }
}

Bytes result_of(const Content& content, std::uint64_t first, std::size_t count) {
  Random random(1);
  return reduce_in_random_order(content, first, count, random);
}

TEST(ExactData, StaleAndMisplacedReductionsAreFound) {
  for (const int ranks : {2, 8, 13})
    for (const Content& content : reduced_contents(ranks, 50)) {
      SCOPED_TRACE(label(content));
      const std::size_t count = 2000;
      const Bytes stale = result_of(content, 0, count);
      Content later = content;
      ++later.round;
      const auto mismatch = check_reduction(later, 0, stale);
      ASSERT_TRUE(mismatch.has_value());
      EXPECT_GT(mismatch->wrong, count * 95 / 100);
      EXPECT_GT(check_reduction(content, 1, stale)->wrong, count * 95 / 100);
    }
}

// Leaves one rank out, or counts it twice in place of its neighbour: some element of a short message shows
// it.
TEST(ExactData, LostAndDoubledContributionsAreFound) {
  for (const int ranks : {2, 5, 16, 64})
    for (const Content& content : reduced_contents(ranks, 3)) {
      SCOPED_TRACE(label(content));
      const Reducer reduce = reducer_for(content.type, *content.op);
      const std::size_t count = 1000;
      for (const bool doubled : {false, true}) {
        const int lost = ranks / 2;
        std::optional<Bytes> total;
        for (int rank = 0; rank < ranks; ++rank) {
          if (rank == lost && !doubled) continue;
          const Bytes next = input_of(content, rank == lost ? lost - 1 : rank, 0, count);
          if (!total)
            total = next;
          else
            reduce(total->data(), total->data(), next.data(), next.size());
        }
        EXPECT_TRUE(check_reduction(content, 0, *total).has_value()) << (doubled ? "doubled" : "lost");
      }
    }
}

// A range may be filled in pieces, and across the point where the upper half of the index changes.
TEST(ExactData, PiecesMakeTheWhole) {
  for (const DataType type : all_datatypes()) {
    const Content content{type, Op::sum, 5, 9};
    const std::uint64_t first = (std::uint64_t{1} << 32) - 100;
    const std::size_t size = size_of(type);
    const Bytes whole = input_of(content, 1, first, 300);
    for (const std::size_t cut : {0u, 1u, 99u, 100u, 101u, 300u}) {
      Bytes pieces = input_of(content, 1, first, cut);
      const Bytes rest = input_of(content, 1, first + cut, 300 - cut);
      pieces.insert(pieces.end(), rest.begin(), rest.end());
      EXPECT_EQ(pieces, whole) << name_of(type) << " " << cut;
    }
    EXPECT_EQ(check_copy(content, 1, first, whole).has_value(), false);
    EXPECT_LT(equal_share(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(100 * size)),
                          Bytes(whole.begin() + static_cast<std::ptrdiff_t>(100 * size),
                                whole.begin() + static_cast<std::ptrdiff_t>(200 * size)),
                          size),
              0.9);
  }
}

TEST(ExactData, NothingIsRightToo) {
  for (const Content& content : reduced_contents(3, 0)) {
    EXPECT_FALSE(check_reduction(content, 0, {}).has_value());
    EXPECT_FALSE(check_copy(content, 0, 0, {}).has_value());
  }
}

TEST(ExactData, PrintsElementsAsNumbers) {
  const auto text = [](DataType type, std::uint64_t bits) {
    std::byte raw[8];
    std::memcpy(raw, &bits, sizeof bits);
    return element_text(type, raw);
  };
  EXPECT_EQ(text(DataType::float16, 0x3c00), "1");
  EXPECT_EQ(text(DataType::float16, 0xc500), "-5");
  EXPECT_EQ(text(DataType::float16, 0x0001), "5.9604645e-08");
  EXPECT_EQ(text(DataType::float16, 0xfc00), "-inf");
  EXPECT_EQ(text(DataType::float16, 0x8000), "-0");
  EXPECT_EQ(text(DataType::bfloat16, 0x4049), "3.140625");
  EXPECT_EQ(text(DataType::float32, 0x7fc00000), "nan");
  EXPECT_EQ(text(DataType::uint8, 200), "200");
  EXPECT_EQ(text(DataType::int64, ~0ull), "-1");
}

}  // namespace
}  // namespace podbench
