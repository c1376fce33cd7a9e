#include "bench/direct/peer_memory.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/error.hpp"

namespace podbench::direct {
namespace {

// What a rank shows of one memory: its length, and what the transport needs.
Blob shown(Endpoint& endpoint, const Memory* memory) {
  if (memory == nullptr) return {};
  const std::uint64_t bytes = memory->bytes();
  Blob blob(sizeof bytes);
  std::memcpy(blob.data(), &bytes, sizeof bytes);
  const Blob exposed = endpoint.expose(*memory);
  blob.insert(blob.end(), exposed.begin(), exposed.end());
  return blob;
}

}  // namespace

PeerMemory::PeerMemory(Endpoint& endpoint, Exchange exchange)
    : endpoint_(endpoint),
      exchange_(std::move(exchange)),
      their_lines_(static_cast<std::size_t>(endpoint.size())),
      theirs_(static_cast<std::size_t>(endpoint.size())) {}

bool PeerMemory::all_agree(bool mine) {
  const std::byte word{mine};
  const auto words = exchange_({&word, 1});
  return std::all_of(words.begin(), words.end(), [](const Blob& w) { return w.front() != std::byte{0}; });
}

// Null where it cannot be reached.
std::byte* PeerMemory::attach_one(Attached& attached, int rank, Blob blob, std::size_t least_bytes) {
  std::uint64_t bytes = 0;
  if (blob.size() < sizeof bytes) return nullptr;  // the peer has none
  std::memcpy(&bytes, blob.data(), sizeof bytes);
  if (attached.memory == nullptr || attached.exposed != blob) {
    attached.memory.reset();
    try {
      attached.memory = endpoint_.attach(rank, std::span(blob).subspan(sizeof bytes));
    } catch (const LostPeer&) {
      throw;
    } catch (const RunError&) {  // messages need no mapping
      return nullptr;
    }
    attached.exposed = std::move(blob);
  }
  const std::span<std::byte> mapped = attached.memory->mapped();
  if (mapped.data() == nullptr || mapped.size() < bytes || bytes < least_bytes) return nullptr;
  return mapped.data();
}

bool PeerMemory::attach_lines() {
  const std::size_t bytes = lines_bytes(endpoint_.size());
  lines_ = endpoint_.allocate(bytes);  // zeroed: the first state of what is in it
  auto* mine = reinterpret_cast<Lane*>(lines_->data());
  const auto blobs = exchange_(shown(endpoint_, lines_.get()));
  links_.assign(blobs.size(), Link{});
  bool all = true;
  for (int rank = 0; rank < endpoint_.size(); ++rank) {
    const auto i = static_cast<std::size_t>(rank);
    std::byte* theirs =
        rank == endpoint_.rank() ? lines_->data() : attach_one(their_lines_[i], rank, blobs[i], bytes);
    all = all && theirs != nullptr;
    links_[i].ours = mine + rank;
    if (theirs != nullptr) links_[i].theirs = reinterpret_cast<const Lane*>(theirs) + endpoint_.rank();
  }
  return all_agree(all);
}

bool PeerMemory::works() {
  if (!lines_attached_) lines_attached_ = all_agree(endpoint_.capabilities().mapped) && attach_lines();
  return *lines_attached_;
}

std::optional<std::vector<BufferBases>> PeerMemory::attach(std::span<const Memory* const, 3> own,
                                                           std::span<const SeenBuffers> seen) {
  const auto me = static_cast<std::size_t>(endpoint_.rank());
  std::vector<BufferBases> bases(theirs_.size(), BufferBases{});
  bool all = true;
  for (std::size_t buffer = 0; buffer < own.size(); ++buffer) {
    if (own[buffer] == nullptr)
      all = false;
    else
      bases[me][buffer] = own[buffer]->data();
    if (std::none_of(seen.begin(), seen.end(), [&](const SeenBuffers& one) { return one[buffer]; })) continue;
    auto blobs = exchange_(shown(endpoint_, seen[me][buffer] ? own[buffer] : nullptr));
    for (int rank = 0; rank < endpoint_.size(); ++rank) {
      const auto i = static_cast<std::size_t>(rank);
      if (i == me || !seen[i][buffer]) continue;
      bases[i][buffer] = attach_one(theirs_[i][buffer], rank, std::move(blobs[i]), 0);
      all = all && bases[i][buffer] != nullptr;
    }
  }
  if (!all_agree(all)) return std::nullopt;
  return bases;
}

}  // namespace podbench::direct
