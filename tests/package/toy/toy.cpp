// toy: a transport over UNIX datagram sockets, built outside podbench's tree against its install. It is the
// example of docs/adding-a-transport.md.
#include "endpoint.hpp"

namespace toy {

class Toy final : public podbench::Transport {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "toy"; }
  [[nodiscard]] std::string_view description() const noexcept override {
    return "an example: UNIX datagram sockets within one node";
  }
  [[nodiscard]] std::vector<podbench::Device> devices() const override {
    return {{.name = "", .detail = "parcels of 32 KiB", .unusable_reason = "", .launch_command = {}}};
  }
  [[nodiscard]] std::unique_ptr<podbench::Endpoint> open(const podbench::OpenRequest& request,
                                                         podbench::Rendezvous& rendezvous) const override {
    return std::make_unique<ToyEndpoint>(rendezvous, request.deadline);
  }
};

}  // namespace toy

PODBENCH_TRANSPORT(toy::Toy)
