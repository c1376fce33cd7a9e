// The secret of one launch: 32 random bytes that a rank and the director's store share. It never appears on
// a command line or in a file; it travels through the environment or an inherited pipe.
// Thread-safety: values.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace podbench {

struct Secret {
  static constexpr std::size_t size_bytes = 32;
  std::array<unsigned char, size_bytes> bytes{};
  ~Secret();  // wipes

  [[nodiscard]] static Secret random();
  // 64 hexadecimal digits. RequestError for anything else (the text is not repeated in the message).
  [[nodiscard]] static Secret from_hex(std::string_view hex);
  [[nodiscard]] std::string hex() const;
};

// 32 hexadecimal digits that no other launch has.
[[nodiscard]] std::string new_launch_id();

}  // namespace podbench
