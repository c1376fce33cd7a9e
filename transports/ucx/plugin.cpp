// The plug-in: UCX's worker and tag interface as transport `ucx`.
#include <algorithm>

#include "base/error.hpp"
#include "transports/transport.hpp"
#include "transports/ucx/devices.hpp"
#include "transports/ucx/endpoint.hpp"

namespace podbench::ucx {
namespace {

class UcxTransport final : public Transport {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "ucx"; }
  [[nodiscard]] std::string_view description() const noexcept override {
    return "UCX tagged messages, put and get";
  }
  [[nodiscard]] std::vector<Device> devices() const override { return list_devices(); }
  [[nodiscard]] std::unique_ptr<Endpoint> open(const OpenRequest& request,
                                               Rendezvous& rendezvous) const override {
    const std::string_view device = request.device.empty() ? "auto" : std::string_view(request.device);
    return std::make_unique<UcxEndpoint>(request, device, rendezvous);
  }
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> versions() const override {
    return {{"ucx", ucp_get_version_string()}};
  }
};

}  // namespace
}  // namespace podbench::ucx

PODBENCH_TRANSPORT(podbench::ucx::UcxTransport)
