#include "analysis/report/pack.hpp"

#include <algorithm>
#include <numeric>

#include "analysis/report/text.hpp"

namespace podbench::report {
namespace {

constexpr std::size_t largest_kept = 1;

void append_number(std::vector<std::byte>& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::byte>(value | 0x80));
  out.push_back(static_cast<std::byte>(value));
}

// Small for small differences of either sign; arithmetic modulo 2^64 takes every difference.
std::uint64_t zigzag(std::uint64_t difference) {
  return difference << 1 ^ (difference >> 63 != 0 ? ~std::uint64_t{0} : 0);
}

}  // namespace

std::string pack(std::span<const std::uint64_t> values) {
  std::vector<std::byte> bytes;
  std::uint64_t before = 0;
  for (const std::uint64_t value : values) {
    append_number(bytes, zigzag(value - before));
    before = value;
  }
  return base64(bytes);
}

Thinned thin(std::span<const std::uint64_t> samples, std::size_t k) {
  Thinned thinned;
  for (std::size_t i = 0; i < samples.size(); i += k) thinned.kept.push_back(samples[i]);
  if (k == 1) return thinned;
  std::vector<std::size_t> places(samples.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  const std::size_t count = std::min(largest_kept, places.size());
  const auto end = places.begin() + static_cast<std::ptrdiff_t>(count);
  std::partial_sort(places.begin(), end, places.end(),
                    [&](std::size_t a, std::size_t b) { return samples[a] > samples[b]; });
  std::sort(places.begin(), end);
  for (auto place = places.begin(); place != end; ++place)
    if (*place % k != 0) thinned.largest.emplace_back(*place, samples[*place]);
  return thinned;
}

}  // namespace podbench::report
