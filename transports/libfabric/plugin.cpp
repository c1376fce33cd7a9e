// The plug-in: libfabric's reliable datagram endpoints as transport `libfabric`.
#include <set>

#include "base/error.hpp"
#include "transports/libfabric/devices.hpp"
#include "transports/libfabric/endpoint.hpp"
#include "transports/libfabric/info.hpp"
#include "transports/transport.hpp"

namespace podbench::libfabric {
namespace {

std::string first_device() {
  const Info offers = query({});
  const auto words = words_of(offers.get());
  if (words.empty())
    throw RunError("libfabric: no provider here has reliable datagrams with ordered tagged messages");
  return words.front().first;
}

std::string in_words(std::uint32_t version) {
  return std::to_string(FI_MAJOR(version)) + "." + std::to_string(FI_MINOR(version));
}

class FabricTransport final : public Transport {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "libfabric"; }
  [[nodiscard]] std::string_view description() const noexcept override {
    return "libfabric tagged messages, put and get over reliable datagram endpoints";
  }
  [[nodiscard]] std::vector<Device> devices() const override { return list_devices(); }
  [[nodiscard]] std::unique_ptr<Endpoint> open(const OpenRequest& request,
                                               Rendezvous& rendezvous) const override {
    const std::string device = request.device.empty() ? first_device() : request.device;
    return std::make_unique<FabricEndpoint>(request, device, rendezvous);
  }
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> versions() const override {
    std::vector<std::pair<std::string, std::string>> all{{"libfabric", in_words(fi_version())}};
    const Info offers = query({});
    std::set<std::string> known;
    for (const fi_info* offer = offers.get(); offer != nullptr; offer = offer->next)
      if (const std::string provider = offer->fabric_attr->prov_name; known.insert(provider).second)
        all.emplace_back("libfabric provider " + provider, in_words(offer->fabric_attr->prov_version));
    return all;
  }
};

}  // namespace
}  // namespace podbench::libfabric

PODBENCH_TRANSPORT(podbench::libfabric::FabricTransport)
