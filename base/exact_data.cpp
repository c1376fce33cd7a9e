#include "base/exact_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/exact_contents.hpp"

namespace podbench {
namespace {

using exact::Keys;

// Writes make(keys, element) for elements from `first` on; keys are renewed where the index passes 2^32.
template <class Element, class KeysOf, class Make>
void generate(std::uint64_t first, std::span<std::byte> out, const KeysOf& keys_of, Make make) {
  const std::size_t count = out.size() / sizeof(Element);
  for (std::size_t done = 0; done < count;) {
    const std::uint64_t at = first + done;
    const std::uint64_t until_renewal = (std::uint64_t{1} << 32) - (at & 0xffffffffu);
    const std::size_t here = static_cast<std::size_t>(std::min<std::uint64_t>(count - done, until_renewal));
    const Keys keys = keys_of(static_cast<std::uint32_t>(at >> 32));
    std::byte* const to = out.data() + done * sizeof(Element);
    const auto low = static_cast<std::uint32_t>(at);
    for (std::size_t i = 0; i < here; ++i) {
      const Element element = make(keys, low + static_cast<std::uint32_t>(i));
      std::memcpy(to + i * sizeof(Element), &element, sizeof element);
    }
    done += here;
  }
}

// Whose numbers: a rank's input, or all ranks' reduction.
constexpr int reduction = -1;

template <class N, class Contents>
void generate_reduced(const Contents& contents, const Content& content, int source, std::uint64_t first,
                      std::span<std::byte> out) {
  const auto keys = [&](std::uint32_t upper) { return exact::keys_of(content.round, upper, 0); };
  const auto rank = static_cast<std::uint32_t>(source);
  if (source == reduction)
    generate<typename N::Element>(first, out, keys,
                                  [contents](Keys k, std::uint32_t e) { return contents.result(k, e); });
  else
    generate<typename N::Element>(
        first, out, keys, [contents, rank](Keys k, std::uint32_t e) { return contents.input(k, rank, e); });
}

template <class N>
void generate_moved(const Content& content, int source, std::uint64_t first, std::span<std::byte> out) {
  const auto rank = static_cast<std::uint32_t>(source);
  // A rank's keys are numbered from 1: 0 is for contents that all ranks agree on.
  const auto keys = [&](std::uint32_t upper) { return exact::keys_of(content.round, upper, rank + 1); };
  generate<typename N::Element>(
      first, out, keys, [rank](Keys k, std::uint32_t e) { return exact::Moved<N>{}.input(k, rank, e); });
}

template <class N>
void generate_number(const Content& content, int source, std::uint64_t first, std::span<std::byte> out) {
  const auto ranks = static_cast<std::uint32_t>(content.ranks);
  if (!content.op) return generate_moved<N>(content, source, first, out);
  switch (*content.op) {
    case Op::sum:
      return generate_reduced<N>(exact::Sum<N>{ranks}, content, source, first, out);
    case Op::min:
      return generate_reduced<N>(exact::Extreme<N, false>{ranks}, content, source, first, out);
    case Op::max:
      return generate_reduced<N>(exact::Extreme<N, true>{ranks}, content, source, first, out);
    case Op::prod:
      if constexpr (N::exponent_room > 0)
        return generate_reduced<N>(exact::RealProduct<N>{ranks}, content, source, first, out);
      else
        return generate_reduced<N>(exact::WrappingProduct<N>{ranks}, content, source, first, out);
  }
}

void generate_any(const Content& content, int source, std::uint64_t first, std::span<std::byte> out) {
  assert(content.ranks >= 1 && content.ranks <= most_content_ranks && source < content.ranks);
  assert(out.size() % size_of(content.type) == 0);
  switch (content.type) {
    case DataType::float32:
      return generate_number<exact::Number<DataType::float32>>(content, source, first, out);
    case DataType::float64:
      return generate_number<exact::Number<DataType::float64>>(content, source, first, out);
    case DataType::bfloat16:
      return generate_number<exact::Number<DataType::bfloat16>>(content, source, first, out);
    case DataType::float16:
      return generate_number<exact::Number<DataType::float16>>(content, source, first, out);
    case DataType::int32:
      return generate_number<exact::Number<DataType::int32>>(content, source, first, out);
    case DataType::int64:
      return generate_number<exact::Number<DataType::int64>>(content, source, first, out);
    case DataType::uint8:
      return generate_number<exact::Number<DataType::uint8>>(content, source, first, out);
  }
}

// Adds what is wrong in one block to `mismatch`.
void compare_block(DataType type, std::uint64_t first, std::span<const std::byte> expected,
                   std::span<const std::byte> found, std::optional<Mismatch>& mismatch) {
  const std::size_t size = size_of(type);
  for (std::size_t at = 0; at < expected.size(); at += size) {
    if (std::memcmp(expected.data() + at, found.data() + at, size) == 0) continue;
    if (!mismatch)
      mismatch = Mismatch{first + at / size, element_text(type, expected.data() + at),
                          element_text(type, found.data() + at), 0};
    ++mismatch->wrong;
  }
}

std::optional<Mismatch> check(const Content& content, int source, std::uint64_t first,
                              std::span<const std::byte> found) {
  std::array<std::byte, 8192> expected;  // stays in the first-level cache
  const std::size_t size = size_of(content.type);
  std::optional<Mismatch> mismatch;
  for (std::size_t at = 0; at < found.size(); at += expected.size()) {
    const auto part = found.subspan(at, std::min(expected.size(), found.size() - at));
    const auto should = std::span(expected).first(part.size());
    generate_any(content, source, first + at / size, should);
    if (std::memcmp(should.data(), part.data(), part.size()) != 0)
      compare_block(content.type, first + at / size, should, part, mismatch);
  }
  return mismatch;
}

template <class T>
std::string text_of(const std::byte* element) {
  T value;
  std::memcpy(&value, element, sizeof value);
  return fmt::format("{}", value);
}

float widened_half(std::uint16_t bits) {
  const float sign = (bits & 0x8000) != 0 ? -1.0f : 1.0f;
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  if (exponent == 31) return fraction == 0 ? sign * std::numeric_limits<float>::infinity() : NAN;
  return sign * (exponent == 0 ? std::ldexp(static_cast<float>(fraction), -24)
                               : std::ldexp(static_cast<float>(1024 + fraction), exponent - 25));
}

}  // namespace

void fill_input(const Content& content, int rank, std::uint64_t first, std::span<std::byte> out) {
  assert(rank >= 0);
  generate_any(content, rank, first, out);
}

std::optional<Mismatch> check_copy(const Content& content, int source, std::uint64_t first,
                                   std::span<const std::byte> found) {
  assert(source >= 0);
  return check(content, source, first, found);
}

std::optional<Mismatch> check_reduction(const Content& content, std::uint64_t first,
                                        std::span<const std::byte> found) {
  assert(content.op.has_value());
  return check(content, reduction, first, found);
}

std::string element_text(DataType type, const std::byte* element) {
  switch (type) {
    case DataType::float32:
      return text_of<float>(element);
    case DataType::float64:
      return text_of<double>(element);
    case DataType::int32:
      return text_of<std::int32_t>(element);
    case DataType::int64:
      return text_of<std::int64_t>(element);
    case DataType::uint8:
      return fmt::format("{}", static_cast<unsigned>(*element));
    case DataType::bfloat16:
    case DataType::float16:
      break;
  }
  std::uint16_t bits;
  std::memcpy(&bits, element, sizeof bits);
  const float value =
      type == DataType::float16 ? widened_half(bits) : std::bit_cast<float>(std::uint32_t{bits} << 16);
  return fmt::format("{}", value);
}

}  // namespace podbench
