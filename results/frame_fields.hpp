// Plain fields in a row: how a reading child hands figures to its parent (isolated.hpp). What is read is
// distrusted: the child's memory may have been corrupted by the file that it read.
// Thread-safety: one thread. Errors: std::runtime_error where a field goes beyond the frame.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace podbench {

class FieldWriter {
 public:
  FieldWriter& number(std::uint64_t value) { return bytes(&value, sizeof value); }
  FieldWriter& text(std::string_view value) { return number(value.size()).bytes(value.data(), value.size()); }
  template <typename T>
  FieldWriter& array(const std::vector<T>& values) {
    static_assert(std::is_trivially_copyable_v<T>);
    return number(values.size()).bytes(values.data(), values.size() * sizeof(T));
  }
  [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(frame_); }

 private:
  FieldWriter& bytes(const void* data, std::size_t count) {
    const auto* begin = static_cast<const std::uint8_t*>(data);
    frame_.insert(frame_.end(), begin, begin + count);
    return *this;
  }
  std::vector<std::uint8_t> frame_;
};

class FieldReader {
 public:
  explicit FieldReader(std::span<const std::uint8_t> frame) : left_(frame) {}
  [[nodiscard]] std::uint64_t number() {
    std::uint64_t value = 0;
    const auto from = next(sizeof value);
    std::memcpy(&value, from.data(), sizeof value);
    return value;
  }
  [[nodiscard]] std::string text() {
    const auto from = next(number());
    return {from.begin(), from.end()};
  }
  template <typename T>
  [[nodiscard]] std::vector<T> array() {
    static_assert(std::is_trivially_copyable_v<T>);
    const std::uint64_t count = number();
    if (count > left_.size() / sizeof(T)) throw beyond();
    const auto from = next(count * sizeof(T));
    std::vector<T> values(count);
    if (count > 0) std::memcpy(values.data(), from.data(), from.size());
    return values;
  }

 private:
  static std::runtime_error beyond() { return std::runtime_error("it told less than it should"); }
  std::span<const std::uint8_t> next(std::uint64_t count) {
    if (count > left_.size()) throw beyond();
    const auto part = left_.first(count);
    left_ = left_.subspan(count);
    return part;
  }
  std::span<const std::uint8_t> left_;
};

}  // namespace podbench
