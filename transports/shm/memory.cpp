#include "transports/shm/memory.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace podbench::shm {
namespace {

// What nearly fills a huge page becomes whole ones.
std::size_t whole_pages(std::size_t bytes) {
  const std::size_t page =
      2 * bytes >= huge_page_bytes ? huge_page_bytes : static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return (bytes + page - 1) / page * page;
}

// The pages are there before anything is timed, and huge where the kernel has such for shared memory: either
// at once, by the system's setting, or put together afterwards, which the kernel does when it is asked
// (Linux 6.1) whatever the setting is. Where it does not, small pages serve.
void settle(const Mapping& mapping) {
  constexpr int collapse = 25;  // MADV_COLLAPSE, which older headers do not name
  madvise(mapping.data(), mapping.bytes(), MADV_HUGEPAGE);
  if (madvise(mapping.data(), mapping.bytes(), MADV_POPULATE_WRITE) != 0 && errno == ENOMEM)
    throw RunError(fmt::format("no memory for {} bytes", mapping.bytes()), ENOMEM);
  if (mapping.bytes() >= huge_page_bytes) madvise(mapping.data(), mapping.bytes(), collapse);
}

}  // namespace

int MemoryBook::enter(int descriptor, std::size_t bytes) {
  for (std::uint32_t index = 0; index < memory_count; ++index) {
    SharedEntry& entry = mailbox_.memories[index];
    if (entry.identity.load(std::memory_order_relaxed) != 0) continue;
    entry.descriptor.store(descriptor, std::memory_order_relaxed);
    entry.bytes.store(bytes, std::memory_order_relaxed);
    entry.identity.store(++last_identity_, std::memory_order_release);
    return static_cast<int>(index);
  }
  return -1;
}

void MemoryBook::strike(int index) {
  mailbox_.memories[index].identity.store(0, std::memory_order_relaxed);
  mailbox_.retired.fetch_add(1, std::memory_order_release);
}

std::uint32_t MemoryBook::identity(int index) const {
  return mailbox_.memories[index].identity.load(std::memory_order_relaxed);
}

HostMemory::HostMemory(MemoryBook& book, std::size_t bytes) : Memory(nullptr, bytes), book_(book) {
  if (bytes == 0) return;
  const std::size_t whole = whole_pages(bytes);
  file_ = create_file("podbench-memory", whole);
  mapping_ = Mapping(file_.number(), whole);
  settle(mapping_);
  data_ = mapping_.data();
  index_ = book_.enter(file_.number(), whole);
}

HostMemory::~HostMemory() {
  if (shared()) book_.strike(index_);
}

const std::byte* PeerMemories::map(const Description& description) {
  if (description.memory >= memory_count || description.bytes > UINT64_MAX - description.place)
    throw RunError(fmt::format("rank {} announced a memory that it does not have", process_.rank()));
  if (mapped_.size() <= description.memory) mapped_.resize(description.memory + 1);
  Mapped& mapped = mapped_[description.memory];
  mapped = {description.identity,
            map(description.memory, description.identity, description.place + description.bytes)};
  return mapped.mapping.data() + description.place;
}

Mapping PeerMemories::map(std::uint32_t index, std::uint32_t identity, std::uint64_t least_bytes) const {
  const SharedEntry& entry = mailbox_.memories[index];
  const std::uint64_t bytes = entry.bytes.load(std::memory_order_relaxed);
  if (identity == 0 || entry.identity.load(std::memory_order_acquire) != identity || bytes < least_bytes)
    throw RunError(fmt::format("rank {} announced a memory that it does not have", process_.rank()));
  return process_.map(entry.descriptor.load(std::memory_order_relaxed), bytes);
}

void PeerMemories::let_go() {
  seen_retired_ = mailbox_.retired.load(std::memory_order_acquire);
  for (std::size_t index = 0; index < mapped_.size(); ++index)
    if (mapped_[index].identity != mailbox_.memories[index].identity.load(std::memory_order_acquire))
      mapped_[index] = {};
}

void PeerWindow::check(std::uint64_t offset, std::size_t bytes) const {
  if (offset > exposed_.bytes || bytes > exposed_.bytes - offset)
    throw RunError(
        fmt::format("{} bytes at {} are not in a peer's memory of {} bytes", bytes, offset, exposed_.bytes));
}

void PeerWindow::put(std::uint64_t offset, const std::byte* from, std::size_t bytes) const {
  check(offset, bytes);
  if (bytes == 0) return;
  if (mapping_.data() != nullptr)
    std::memcpy(mapping_.data() + offset, from, bytes);
  else if (process_ == nullptr)
    std::memcpy(reinterpret_cast<std::byte*>(exposed_.address) + offset, from, bytes);
  else
    process_->write(exposed_.address + offset, from, bytes);
}

void PeerWindow::get(std::uint64_t offset, std::byte* into, std::size_t bytes) const {
  check(offset, bytes);
  if (bytes == 0) return;
  if (mapping_.data() != nullptr)
    std::memcpy(into, mapping_.data() + offset, bytes);
  else if (process_ == nullptr)
    std::memcpy(into, reinterpret_cast<const std::byte*>(exposed_.address) + offset, bytes);
  else
    process_->read(exposed_.address + offset, into, bytes);
}

}  // namespace podbench::shm
