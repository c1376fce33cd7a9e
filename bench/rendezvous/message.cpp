#include "bench/rendezvous/message.hpp"

#include <map>

namespace podbench {
namespace {

// Little-endian, whatever the host.
template <class T>
void append(Blob& out, T value) {
  auto bits = static_cast<std::make_unsigned_t<T>>(value);
  for (std::size_t i = 0; i < sizeof(T); ++i) out.push_back(static_cast<std::byte>(bits >> (8 * i) & 0xff));
}

class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  template <class T>
  [[nodiscard]] std::optional<T> take() {
    if (bytes_.size() < sizeof(T)) return std::nullopt;
    std::make_unsigned_t<T> bits = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      const auto byte = std::to_integer<std::uint64_t>(bytes_[i]);
      bits = static_cast<decltype(bits)>(bits | static_cast<decltype(bits)>(byte << (8 * i)));
    }
    bytes_ = bytes_.subspan(sizeof(T));
    return static_cast<T>(bits);
  }

  // A text behind its 16-bit length.
  [[nodiscard]] std::optional<std::string> take_text(std::size_t most) {
    const auto length = take<std::uint16_t>();
    if (!length || *length > most || bytes_.size() < *length) return std::nullopt;
    std::string text = text_of(bytes_.first(*length));
    bytes_ = bytes_.subspan(*length);
    return text;
  }

  [[nodiscard]] std::span<const std::byte> rest() const noexcept { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

void append_text(Blob& out, std::string_view text, std::size_t most) {
  text = text.substr(0, most);
  append(out, static_cast<std::uint16_t>(text.size()));
  const auto bytes = bytes_of(text);
  out.insert(out.end(), bytes.begin(), bytes.end());
}

}  // namespace

Blob encode(const Message& message) {
  Blob out;
  out.reserve(message.text.size() + message.value.size() + 16);
  append(out, static_cast<std::uint8_t>(message.kind));
  append(out, static_cast<std::int32_t>(message.rank));
  append(out, message.number);
  append_text(out, message.text, most_text_bytes);
  out.insert(out.end(), message.value.begin(), message.value.end());
  return out;
}

std::optional<Message> decode(std::span<const std::byte> bytes) {
  Reader reader(bytes);
  const auto kind = reader.take<std::uint8_t>();
  const auto rank = reader.take<std::int32_t>();
  const auto number = reader.take<std::int64_t>();
  auto text = reader.take_text(most_text_bytes);
  if (!kind || *kind > static_cast<std::uint8_t>(MessageKind::over) || !rank || !number || !text)
    return std::nullopt;
  const auto rest = reader.rest();
  return Message{static_cast<MessageKind>(*kind), *rank, *number, std::move(*text),
                 Blob(rest.begin(), rest.end())};
}

Blob encode_ranks(std::span<const int> ranks) {
  Blob out;
  for (const int rank : ranks) append(out, static_cast<std::int32_t>(rank));
  return out;
}

std::optional<std::vector<int>> decode_ranks(std::span<const std::byte> bytes) {
  if (bytes.size() % 4 != 0) return std::nullopt;
  Reader reader(bytes);
  std::vector<int> ranks;
  while (const auto rank = reader.take<std::int32_t>()) ranks.push_back(*rank);
  return ranks;
}

Roster make_roster(std::span<const std::string> host_of_rank) {
  Roster roster;
  std::map<std::string, int> number_of;
  for (const std::string& host : host_of_rank) {
    const auto [entry, is_new] = number_of.try_emplace(host, static_cast<int>(roster.nodes.size()));
    if (is_new) roster.nodes.push_back(host);
    roster.node_of_rank.push_back(entry->second);
  }
  return roster;
}

Blob encode(const Roster& roster) {
  Blob out;
  append(out, static_cast<std::uint32_t>(roster.nodes.size()));
  for (const std::string& node : roster.nodes) append_text(out, node, most_host_bytes);
  const Blob ranks = encode_ranks(roster.node_of_rank);
  out.insert(out.end(), ranks.begin(), ranks.end());
  return out;
}

std::optional<Roster> decode_roster(std::span<const std::byte> bytes) {
  Reader reader(bytes);
  const auto nodes = reader.take<std::uint32_t>();
  if (!nodes || *nodes > static_cast<std::uint32_t>(most_ranks)) return std::nullopt;
  Roster roster;
  for (std::uint32_t i = 0; i < *nodes; ++i) {
    auto name = reader.take_text(most_host_bytes);
    if (!name) return std::nullopt;
    roster.nodes.push_back(std::move(*name));
  }
  auto ranks = decode_ranks(reader.rest());
  if (!ranks || ranks->size() > static_cast<std::size_t>(most_ranks)) return std::nullopt;
  for (const int node : *ranks)
    if (node < 0 || static_cast<std::uint32_t>(node) >= *nodes) return std::nullopt;
  roster.node_of_rank = std::move(*ranks);
  return roster;
}

}  // namespace podbench
