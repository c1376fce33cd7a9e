// A plug-in with two devices, of which only the second can be used.
#include "transports/transport.hpp"

namespace {

class Good final : public podbench::Transport {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "good"; }
  [[nodiscard]] std::string_view description() const noexcept override { return "for tests"; }
  [[nodiscard]] std::vector<podbench::Device> devices() const override {
    return {{"first", "", "not on Sundays", {}}, {"second", "", "", {}}};
  }
  [[nodiscard]] std::unique_ptr<podbench::Endpoint> open(const podbench::OpenRequest&,
                                                         podbench::Rendezvous&) const override {
    return nullptr;
  }
};

}  // namespace

PODBENCH_TRANSPORT(Good)
