#include <cassert>
#include <thread>

#include "transports/transport.hpp"

namespace podbench {

Blob Endpoint::expose(const Memory&) {
  assert(!"expose() without the put or get capability");
  return {};
}

std::unique_ptr<RemoteMemory> Endpoint::attach(int, std::span<const std::byte>) {
  assert(!"attach() without the put or get capability");
  return nullptr;
}

void Endpoint::block(std::chrono::microseconds span) {
  std::this_thread::sleep_for(std::min(span, std::chrono::microseconds(50)));
}

std::vector<Blob> all_gather(Rendezvous& rendezvous, std::string_view key, std::span<const std::byte> value,
                             Deadline deadline) {
  rendezvous.publish(key, value);
  rendezvous.fence(deadline);
  std::vector<Blob> values;
  values.reserve(static_cast<std::size_t>(rendezvous.size()));
  for (int rank = 0; rank < rendezvous.size(); ++rank)
    values.push_back(rendezvous.lookup(rank, key, deadline));
  return values;
}

}  // namespace podbench
