// Memories: shared ones, which peers map and read in place, and private ones.
// Thread-safety: one thread. Lifetime: before the Mailbox in which they are entered.
#pragma once

#include <vector>

#include "transports/shm/layout.hpp"
#include "transports/shm/process.hpp"
#include "transports/transport.hpp"

namespace podbench::shm {

// The shared memories that one endpoint has, as entered in its mailbox.
class MemoryBook {
 public:
  explicit MemoryBook(Mailbox& mailbox) noexcept : mailbox_(mailbox) {}
  // The index of the new entry, or -1 where all are taken.
  [[nodiscard]] int enter(int descriptor, std::size_t bytes);
  void strike(int index);
  [[nodiscard]] std::uint32_t identity(int index) const;

 private:
  Mailbox& mailbox_;
  std::uint32_t last_identity_ = 0;
};

class HostMemory final : public Memory {
 public:
  // New memory; peers can map it unless the book is full.
  HostMemory(MemoryBook& book, std::size_t bytes);
  // The caller's own.
  HostMemory(MemoryBook& book, std::byte* data, std::size_t bytes) noexcept
      : Memory(data, bytes), book_(book) {}
  ~HostMemory() override;
  HostMemory(const HostMemory&) = delete;
  HostMemory& operator=(const HostMemory&) = delete;

  [[nodiscard]] bool shared() const noexcept { return index_ >= 0; }
  [[nodiscard]] std::uint32_t index() const noexcept { return static_cast<std::uint32_t>(index_); }
  [[nodiscard]] std::uint32_t identity() const { return book_.identity(index_); }

 private:
  MemoryBook& book_;
  int index_ = -1;
  Descriptor file_;
  Mapping mapping_;
};

// What a peer needs to attach to a memory.
struct Exposed {
  std::uint64_t bytes = 0;
  std::uint64_t address = 0;
  std::uint32_t index = 0;
  std::uint32_t identity = 0;  // 0: private
};

// A peer's shared memories as far as they are mapped here: each is mapped when it is first read and let go
// when the peer has given it up.
class PeerMemories {
 public:
  PeerMemories(const Process& process, Mailbox& mailbox) : process_(process), mailbox_(mailbox) {}
  // Where `bytes` at an offset lie here. RunError where the peer has no such memory.
  [[nodiscard]] const std::byte* at(const Description& description) {
    if (mailbox_.retired.load(std::memory_order_acquire) != seen_retired_) let_go();
    if (description.memory < mapped_.size()) {
      const Mapped& mapped = mapped_[description.memory];
      if (mapped.identity == description.identity && mapped.identity != 0 &&
          description.place <= mapped.mapping.bytes() &&
          description.bytes <= mapped.mapping.bytes() - description.place)
        return mapped.mapping.data() + description.place;
    }
    return map(description);
  }
  void let_go();
  // A mapping of one's own.
  [[nodiscard]] Mapping map(std::uint32_t index, std::uint32_t identity, std::uint64_t least_bytes) const;

 private:
  struct Mapped {
    std::uint32_t identity = 0;
    Mapping mapping;
  };
  const std::byte* map(const Description& description);

  const Process& process_;
  Mailbox& mailbox_;
  std::uint32_t seen_retired_ = 0;
  std::vector<Mapped> mapped_;  // by the peer's index
};

class PeerWindow final : public RemoteMemory {
 public:
  // `process` is null where the peer is this rank.
  PeerWindow(const Process* process, Mapping mapping, const Exposed& exposed) noexcept
      : RemoteMemory({mapping.data(), mapping.bytes()}),
        process_(process),
        mapping_(std::move(mapping)),
        exposed_(exposed) {}
  // The caller has checked nothing: a range outside the window is a RunError.
  void put(std::uint64_t offset, const std::byte* from, std::size_t bytes) const;
  void get(std::uint64_t offset, std::byte* into, std::size_t bytes) const;

 private:
  void check(std::uint64_t offset, std::size_t bytes) const;
  const Process* process_;
  Mapping mapping_;
  Exposed exposed_;
};

}  // namespace podbench::shm
