// The plug-in: shared memory between the ranks of one node.

#include "transports/shm/endpoint.hpp"

namespace podbench::shm {
namespace {

class ShmTransport final : public Transport {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "shm"; }
  [[nodiscard]] std::string_view description() const noexcept override {
    return "shared memory of one node; peers' buffers are read in place";
  }
  [[nodiscard]] std::vector<Device> devices() const override {
    Device device;
    device.detail = "ranks of one node";
    return {device};
  }
  [[nodiscard]] std::unique_ptr<Endpoint> open(const OpenRequest& request,
                                               Rendezvous& rendezvous) const override {
    return std::make_unique<ShmEndpoint>(rendezvous, request.deadline);
  }
};

}  // namespace
}  // namespace podbench::shm

PODBENCH_TRANSPORT(podbench::shm::ShmTransport)
