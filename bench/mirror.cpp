#include "bench/mirror.hpp"

#include <cstring>

namespace podbench {
namespace {

constexpr std::size_t index(Buffer buffer) {
  return static_cast<std::size_t>(buffer);
}

}  // namespace

Mirror::Mirror(const CaseBuffers& own, const direct::SeenBuffers& seen, BufferPool& pool) : own_(own) {
  for (const Buffer buffer : {Buffer::input, Buffer::output, Buffer::scratch})
    if (seen[index(buffer)]) there_[index(buffer)] = &pool.at_least(index(buffer), own.view(buffer).size());
}

const Memory& Mirror::memory(Buffer buffer) const {
  const Memory* there = there_[index(buffer)];
  return there != nullptr ? *there : own_.memory(buffer);
}

void Mirror::before_run() const {
  const std::span<const std::byte> input = own_.view(Buffer::input);
  const Memory* there = there_[index(Buffer::input)];
  if (there != nullptr && !input.empty()) std::memcpy(there->data(), input.data(), input.size());
}

void Mirror::after_run() const {
  const std::span<std::byte> output = own_.view(Buffer::output);
  const Memory* there = there_[index(Buffer::output)];
  if (there != nullptr && !output.empty()) std::memcpy(output.data(), there->data(), output.size());
}

std::size_t Mirror::copied_bytes(const CaseBuffers& own, const direct::SeenBuffers& seen) {
  return (seen[index(Buffer::input)] ? own.view(Buffer::input).size() : 0) +
         (seen[index(Buffer::output)] ? own.view(Buffer::output).size() : 0);
}

}  // namespace podbench
