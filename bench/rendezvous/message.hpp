// The messages between a rank and the director's store. All have one shape; a field that a kind has no use
// for is left empty. decode() is total: whatever the bytes are, it returns a message or nothing.
// Thread-safety: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "transports/rendezvous.hpp"

namespace podbench {

enum class MessageKind : std::uint8_t {
  // A rank's.
  join,     // rank; number: pid * 2^32 + size; text: host
  publish,  // text: key; value
  fence,
  lookup,   // rank; text: key
  abort,    // rank: blamed; text: reason
  stalled,  // value: the peers (encode_ranks); text: doing
  pong,
  leave,
  // The store's.
  roster,   // all ranks are there. text: launch id; value: encode(Roster)
  fenced,   // number: how many fences are complete
  found,    // value
  missing,  // to lookup: there is no such value
  ping,
  refused,  // text: why; the connection ends
  over,     // all have left; or the launch ends, and whoever supervises it has said why
};

struct Message {
  MessageKind kind = MessageKind::join;
  int rank = -1;
  std::int64_t number = 0;
  std::string text{};
  Blob value{};
  friend bool operator==(const Message&, const Message&) = default;
};

inline constexpr std::size_t most_key_bytes = 256;
inline constexpr std::size_t most_host_bytes = 255;
inline constexpr std::size_t most_text_bytes = 1024;
inline constexpr std::size_t most_value_bytes = 65'536;
inline constexpr int most_ranks = 65'536;

[[nodiscard]] Blob encode(const Message& message);
[[nodiscard]] std::optional<Message> decode(std::span<const std::byte> bytes);

[[nodiscard]] Blob encode_ranks(std::span<const int> ranks);
[[nodiscard]] std::optional<std::vector<int>> decode_ranks(std::span<const std::byte> bytes);

// Who runs where. Nodes are numbered in order of their lowest rank.
struct Roster {
  std::vector<std::string> nodes;  // names by node number
  std::vector<int> node_of_rank;
  friend bool operator==(const Roster&, const Roster&) = default;
};
[[nodiscard]] Roster make_roster(std::span<const std::string> host_of_rank);
[[nodiscard]] Blob encode(const Roster& roster);
[[nodiscard]] std::optional<Roster> decode_roster(std::span<const std::byte> bytes);

[[nodiscard]] inline std::span<const std::byte> bytes_of(std::string_view text) noexcept {
  return std::as_bytes(std::span(text.data(), text.size()));
}
[[nodiscard]] inline Blob blob_of(std::string_view text) {
  const auto bytes = bytes_of(text);
  return Blob(bytes.begin(), bytes.end());
}
[[nodiscard]] inline std::string text_of(std::span<const std::byte> bytes) {
  std::string text(bytes.size(), '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) text[i] = static_cast<char>(bytes[i]);
  return text;
}

}  // namespace podbench
