// The plug-in `tcp`: the kernel's sockets and nothing else, everywhere usable.
//
// What a sample contains: one or two system calls a message on each side, the kernel's TCP with TCP_NODELAY,
// no copy of our own for expected messages above 512 bytes (shorter ones are staged together with their
// header in one read). MSG_ZEROCOPY is not used: the kernel copies loopback traffic all the same.

#include <sys/utsname.h>

#include <cerrno>
#include <fstream>
#include <string>

#include "base/error.hpp"
#include "transports/tcp/endpoint.hpp"
#include "transports/tcp/socket.hpp"
#include "transports/transport.hpp"

namespace podbench::tcp {
namespace {

std::string congestion_control() {
  std::ifstream file("/proc/sys/net/ipv4/tcp_congestion_control");
  std::string name;
  std::getline(file, name);
  return name;
}

class TcpTransport final : public Transport {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "tcp"; }
  [[nodiscard]] std::string_view description() const noexcept override {
    return "the kernel's TCP sockets, a connection per pair that talks";
  }

  [[nodiscard]] std::vector<Device> devices() const override {
    Device device;
    device.detail = "congestion control " + congestion_control();
    try {
      std::uint16_t port = 0;
      const Descriptor listener = listen_on("127.0.0.1", port);
    } catch (const RunError& error) {
      device.unusable_reason = error.what();
    }
    return {device};
  }

  [[nodiscard]] std::unique_ptr<Endpoint> open(const OpenRequest& request,
                                               Rendezvous& rendezvous) const override {
    return std::make_unique<TcpEndpoint>(rendezvous, request.deadline);
  }

  [[nodiscard]] std::vector<std::pair<std::string, std::string>> versions() const override {
    utsname system{};
    uname(&system);
    return {{"linux", system.release}, {"tcp congestion control", congestion_control()}};
  }
};

}  // namespace
}  // namespace podbench::tcp

PODBENCH_TRANSPORT(podbench::tcp::TcpTransport)
