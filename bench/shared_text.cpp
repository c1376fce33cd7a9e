#include "bench/shared_text.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/error.hpp"

namespace podbench {
namespace {

constexpr std::size_t part_bytes = 48 << 10;
constexpr std::size_t most_bytes = 64 << 20;

std::string part_key(const std::string& key, std::size_t part) {
  return fmt::format("{}.{}", key, part);
}

Blob blob_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

std::string text_of(const Blob& blob) {
  return {reinterpret_cast<const char*>(blob.data()), blob.size()};
}

}  // namespace

std::map<std::string, Blob> text_parts(const std::string& key, const std::string& text) {
  if (text.size() > most_bytes)
    throw RunError(fmt::format("{}: {} bytes are too many to share", key, text.size()));
  std::map<std::string, Blob> parts;
  parts[key] = blob_of(fmt::format("{}", text.size()));
  for (std::size_t part = 0; part * part_bytes < text.size(); ++part)
    parts[part_key(key, part)] = blob_of(std::string_view(text).substr(part * part_bytes, part_bytes));
  return parts;
}

void publish_text(Rendezvous& rendezvous, const std::string& key, const std::string& text) {
  for (const auto& [name, value] : text_parts(key, text)) rendezvous.publish(name, value);
}

std::string lookup_text(Rendezvous& rendezvous, int rank, const std::string& key, Deadline deadline) {
  const std::string said = text_of(rendezvous.lookup(rank, key, deadline));
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(said.data(), said.data() + said.size(), size);
  if (error != std::errc() || end != said.data() + said.size() || size > most_bytes)
    throw RunError(fmt::format("{} of rank {} has no length", key, rank));
  std::string text;
  for (std::size_t part = 0; text.size() < size; ++part) {
    const Blob blob = rendezvous.lookup(rank, part_key(key, part), deadline);
    if (blob.empty() || text.size() + blob.size() > size)
      throw RunError(fmt::format("part {} of {} of rank {} does not fit", part, key, rank));
    text += text_of(blob);
  }
  return text;
}

}  // namespace podbench
