#include "transports/ucx/interface.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <array>
#include <cerrno>
#include <memory>

#include "base/error.hpp"

namespace podbench::ucx {
namespace {

std::string numeric(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* raw = nullptr;
  if (address->sa_family == AF_INET)
    raw = &reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
  else if (address->sa_family == AF_INET6)
    raw = &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
  if (raw == nullptr || inet_ntop(address->sa_family, raw, text.data(), text.size()) == nullptr) return {};
  return text.data();
}

std::string interface_with(const std::string& address) {
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) throw system_error("list the network interfaces", errno);
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(first, freeifaddrs);
  for (const ifaddrs* entry = first; entry != nullptr; entry = entry->ifa_next)
    if (entry->ifa_addr != nullptr && numeric(entry->ifa_addr) == address) return entry->ifa_name;
  throw RunError(fmt::format("ucx: no network interface of this node has the address {}", address));
}

bool on_one_node(const Rendezvous& rendezvous) {
  for (int rank = 1; rank < rendezvous.size(); ++rank)
    if (rendezvous.node(rank) != rendezvous.node(0)) return false;
  return true;
}

}  // namespace

std::string interface_for(const Rendezvous& rendezvous) {
  if (!rendezvous.address().empty()) return interface_with(rendezvous.address());
  return on_one_node(rendezvous) ? interface_with("127.0.0.1") : std::string();
}

}  // namespace podbench::ucx
