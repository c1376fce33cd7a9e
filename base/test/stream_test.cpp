#include "base/stream.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/random.hpp"

namespace podbench {
namespace {

// Every length around the lines of a cache, at every alignment of both sides; nothing beside is touched.
TEST(Stream, CopiesWhatMemcpyCopies) {
  Random random(5);
  constexpr std::size_t room = 700;
  std::vector<std::byte> from(room);
  for (std::byte& byte : from) byte = static_cast<std::byte>(random.next() | 1);
  std::vector<std::byte> into(room);
  for (std::size_t shift = 0; shift < 64; ++shift)
    for (const std::size_t skip : {std::size_t{0}, std::size_t{1}, std::size_t{8}, std::size_t{61}})
      for (std::size_t bytes = 0; bytes < 400; bytes += bytes < 140 ? 1 : 59) {
        std::fill(into.begin(), into.end(), std::byte{0});
        const std::byte* const next = from.data() + room - bytes;
        stream_copy(into.data() + shift, from.data() + skip, bytes, {&next, std::size_t{bytes % 2}});
        stream_fence();
        ASSERT_TRUE(std::equal(from.data() + skip, from.data() + skip + bytes, into.data() + shift)) << bytes;
        const auto is_zero = [](std::byte byte) { return byte == std::byte{0}; };
        ASSERT_TRUE(std::all_of(into.data(), into.data() + shift, is_zero)) << bytes;
        ASSERT_TRUE(std::all_of(into.data() + shift + bytes, into.data() + room, is_zero)) << bytes;
      }
}

TEST(Stream, TheLastCacheIsNoSmallerThanAnySmallOne) {
  EXPECT_GE(last_cache_bytes(), std::size_t{64} * 1024);
}

}  // namespace
}  // namespace podbench
