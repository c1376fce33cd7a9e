#include "bench/rendezvous/address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <memory>

#include "base/error.hpp"
#include "bench/rendezvous/file_descriptor.hpp"
#include "bench/rendezvous/message.hpp"

namespace podbench {
namespace {

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

AddressList resolve(const std::string& name) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(name.c_str(), "9", &hints, &found) != 0) found = nullptr;
  return AddressList(found, freeaddrinfo);
}

std::string numeric(const sockaddr* address, socklen_t length) {
  std::array<char, NI_MAXHOST> text{};
  if (getnameinfo(address, length, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) return {};
  return text.data();
}

bool is_loopback(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);
    return (ntohl(v4->sin_addr.s_addr) >> 24) == 127;
  }
  return address->sa_family == AF_INET6 &&
         IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr);
}

// Asks the routing table by connecting a datagram socket; nothing is sent.
std::string source_address_towards(const addrinfo& to) {
  const FileDescriptor socket(::socket(to.ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket || connect(socket.get(), to.ai_addr, to.ai_addrlen) != 0) return {};
  sockaddr_storage source{};
  socklen_t length = sizeof source;
  auto* generic = reinterpret_cast<sockaddr*>(&source);
  if (getsockname(socket.get(), generic, &length) != 0 || is_loopback(generic)) return {};
  return numeric(generic, length);
}

}  // namespace

std::string this_node() {
  for (const char* variable : {"PODBENCH_NODE", "SLURMD_NODENAME"}) {
    const char* name = std::getenv(variable);
    if (name == nullptr || *name == '\0') continue;
    const std::string_view text = name;
    if (text.size() > most_host_bytes ||
        !std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; }))
      throw RequestError(fmt::format("{} must be a node's name: up to {} printable characters without spaces",
                                     variable, most_host_bytes));
    return std::string(text);
  }
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
  return name.data();
}

std::vector<std::string> own_addresses() {
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> interfaces(first, freeifaddrs);
  std::vector<std::string> v4, v6;
  for (const ifaddrs* i = first; i != nullptr; i = i->ifa_next) {
    if (i->ifa_addr == nullptr || (i->ifa_flags & IFF_UP) == 0 || is_loopback(i->ifa_addr)) continue;
    if (i->ifa_addr->sa_family == AF_INET) v4.push_back(numeric(i->ifa_addr, sizeof(sockaddr_in)));
    if (i->ifa_addr->sa_family != AF_INET6) continue;
    const auto* address = reinterpret_cast<const sockaddr_in6*>(i->ifa_addr);
    // A link-local address means nothing without the peer's own interface.
    if (!IN6_IS_ADDR_LINKLOCAL(&address->sin6_addr)) v6.push_back(numeric(i->ifa_addr, sizeof(sockaddr_in6)));
  }
  v4.insert(v4.end(), v6.begin(), v6.end());
  return v4;
}

std::string reachable_address(const std::string& other_node) {
  if (const char* given = std::getenv("PODBENCH_ADDRESS"); given != nullptr && *given != '\0') {
    std::array<unsigned char, sizeof(in6_addr)> parsed;
    if (inet_pton(AF_INET, given, parsed.data()) != 1 && inet_pton(AF_INET6, given, parsed.data()) != 1)
      throw RequestError("PODBENCH_ADDRESS must be a numeric address such as 10.0.3.2");
    return given;
  }
  const AddressList others = resolve(other_node);
  for (const addrinfo* a = others.get(); a != nullptr; a = a->ai_next)
    if (std::string source = source_address_towards(*a); !source.empty()) return source;
  const std::vector<std::string> own = own_addresses();
  const AddressList self = resolve(this_node());
  for (const addrinfo* a = self.get(); a != nullptr; a = a->ai_next)
    if (const std::string name = numeric(a->ai_addr, a->ai_addrlen);
        std::find(own.begin(), own.end(), name) != own.end())
      return name;
  return own.empty() ? std::string() : own.front();
}

std::vector<HostPort> parse_addresses(std::string_view text) {
  std::vector<HostPort> addresses;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view one = text.substr(0, comma);
    const std::size_t colon = one.rfind(':');
    HostPort address;
    bool good = colon != std::string_view::npos && colon > 0;
    if (good) {
      std::string_view host = one.substr(0, colon);
      const std::string_view port = one.substr(colon + 1);
      if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
      const auto parsed = std::from_chars(port.data(), port.data() + port.size(), address.port);
      good = parsed.ec == std::errc() && parsed.ptr == port.data() + port.size() && address.port != 0 &&
             !host.empty() && host.size() <= most_host_bytes;
      address.host = host;
    }
    if (!good || addresses.size() == 32)
      throw RequestError("a store's address must be written host:port, up to 32 of them with commas between");
    addresses.push_back(std::move(address));
    if (comma == std::string_view::npos) return addresses;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace podbench
