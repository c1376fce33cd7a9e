// How (sender's rank, tag) is written in UCX's 64-bit tags. Thread-safety: pure.
#pragma once

#include <ucp/api/ucp.h>

#include <cstdint>

namespace podbench::ucx {

inline constexpr unsigned tag_bits = 16;
inline constexpr ucp_tag_t tag_sender_mask = ~ucp_tag_t{0} << tag_bits;
inline constexpr ucp_tag_t whole_tag = ~ucp_tag_t{0};

[[nodiscard]] constexpr ucp_tag_t tag_of(int sender, std::uint16_t tag) noexcept {
  return (static_cast<ucp_tag_t>(static_cast<unsigned>(sender)) << tag_bits) | tag;
}
[[nodiscard]] constexpr int sender_of(ucp_tag_t tag) noexcept {
  return static_cast<int>(tag >> tag_bits);
}

}  // namespace podbench::ucx
