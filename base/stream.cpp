#include "base/stream.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace podbench {

#if defined(__x86_64__)

void stream_copy(std::byte* into, const std::byte* from, std::size_t bytes,
                 std::span<const std::byte* const> ahead) noexcept {
  constexpr std::size_t line = 64;
  const std::size_t head = std::min(bytes, (line - reinterpret_cast<std::uintptr_t>(into) % line) % line);
  std::memcpy(into, from, head);
  std::size_t at = head;
  for (; at + line <= bytes; at += line) {
    for (const std::byte* next : ahead) _mm_prefetch(next + at, _MM_HINT_T0);
    __m128i words[4];
    std::memcpy(words, from + at, sizeof words);
    for (int i = 0; i < 4; ++i) _mm_stream_si128(reinterpret_cast<__m128i*>(into + at) + i, words[i]);
  }
  std::memcpy(into + at, from + at, bytes - at);
}

void stream_fence() noexcept {
  _mm_sfence();
}

#else

void stream_copy(std::byte* into, const std::byte* from, std::size_t bytes,
                 std::span<const std::byte* const>) noexcept {
  std::memcpy(into, from, bytes);
}

void stream_fence() noexcept {}

#endif

std::size_t last_cache_bytes() {
  constexpr std::size_t usual = std::size_t{32} << 20;
  constexpr std::size_t most_kibibytes = std::size_t{1} << 30;
  std::size_t largest = 0;
  for (int index = 0; index < 8; ++index) {
    std::ifstream file("/sys/devices/system/cpu/cpu0/cache/index" + std::to_string(index) + "/size");
    std::size_t kibibytes = 0;
    char unit = 0;
    if (file >> kibibytes >> unit && unit == 'K' && kibibytes <= most_kibibytes)
      largest = std::max(largest, kibibytes * 1024);
  }
  return largest > 0 ? largest : usual;
}

}  // namespace podbench
