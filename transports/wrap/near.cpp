#include "transports/wrap/near.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/error.hpp"

namespace podbench {
namespace {

// A sleep that only one of the two transports may end.
constexpr auto longest_sleep = std::chrono::microseconds(100);

// Bytes that lie where the near transport likes them best, known to both.
class SharedMemory final : public Memory {
 public:
  SharedMemory(std::unique_ptr<Memory> near, std::unique_ptr<Memory> far)
      : Memory(near->data(), near->bytes()), near_(std::move(near)), far_(std::move(far)) {}
  [[nodiscard]] const Memory* near() const noexcept { return near_.get(); }
  [[nodiscard]] const Memory* far() const noexcept { return far_.get(); }

 private:
  std::unique_ptr<Memory> near_, far_;  // the far one may lie in the near one's bytes, and goes first
};

// What the near transport says of its ranks, in ranks of the launch.
template <typename Call>
auto named_as_in_launch(const std::vector<int>& members, Call call) try {
  return call();
} catch (const LostPeer& error) {
  throw LostPeer(members.at(static_cast<std::size_t>(error.rank())), error.what(), error.native_code());
}

class TwoBatches final : public Batch {
 public:
  TwoBatches(std::unique_ptr<Batch> near, std::unique_ptr<Batch> far, const std::vector<int>& members)
      : near_(std::move(near)), far_(std::move(far)), members_(members) {}

  void post() override {
    named_as_in_launch(members_, [this] { near_->post(); });
    far_->post();
  }
  bool test() override {
    const bool near = named_as_in_launch(members_, [this] { return near_->test(); });
    const bool far = far_->test();  // in any case, for the progress
    return near && far;
  }

 private:
  std::unique_ptr<Batch> near_, far_;
  const std::vector<int>& members_;
};

class NearEndpoint final : public Endpoint {
 public:
  NearEndpoint(std::unique_ptr<Endpoint> far, std::unique_ptr<Endpoint> near, NodeRendezvous& node)
      : node_(node), far_(std::move(far)), near_(std::move(near)), nothing_far_(far_->prepare({})) {
    assert(node.size() == near_->size());
    capabilities_.largest_message =
        std::min(far_->capabilities().largest_message, near_->capabilities().largest_message);
    nothing_far_->post();
  }

  int rank() const noexcept override { return far_->rank(); }
  int size() const noexcept override { return far_->size(); }
  const Capabilities& capabilities() const noexcept override { return capabilities_; }

  std::unique_ptr<Memory> allocate(std::size_t bytes) override {
    return known_to_far(near_->allocate(bytes));
  }
  std::unique_ptr<Memory> adopt(std::byte* data, std::size_t bytes) override {
    return known_to_far(near_->adopt(data, bytes));
  }

  std::unique_ptr<Batch> prepare(std::span<const Transfer> transfers) override {
    const std::vector<int>& members = node_.members();
    std::vector<Transfer> near, far;
    for (Transfer transfer : transfers) {
      const auto* const memory = static_cast<const SharedMemory*>(transfer.memory);
      const auto place = std::lower_bound(members.begin(), members.end(), transfer.peer);
      const bool is_near = place != members.end() && *place == transfer.peer;
      if (memory != nullptr) transfer.memory = is_near ? memory->near() : memory->far();
      if (is_near) transfer.peer = static_cast<int>(place - members.begin());
      (is_near ? near : far).push_back(transfer);
    }
    return std::make_unique<TwoBatches>(near_->prepare(near), far_->prepare(far), members);
  }

  void block(std::chrono::microseconds span) override { near_->block(std::min(span, longest_sleep)); }

  // Peers may still wait for what this rank has sent far, and some transports deliver while the sender looks.
  void close(Deadline deadline) override {
    node_.while_waiting([this] { static_cast<void>(nothing_far_->test()); });
    named_as_in_launch(node_.members(), [&] { near_->close(deadline); });
    node_.while_waiting({});
    nothing_far_.reset();
    far_->close(deadline);
  }

 private:
  std::unique_ptr<Memory> known_to_far(std::unique_ptr<Memory> near) {
    std::unique_ptr<Memory> far = far_->adopt(near->data(), near->bytes());
    return std::make_unique<SharedMemory>(std::move(near), std::move(far));
  }

  NodeRendezvous& node_;
  std::unique_ptr<Endpoint> far_, near_;
  std::unique_ptr<Batch> nothing_far_;
  Capabilities capabilities_;
};

}  // namespace

std::unique_ptr<Endpoint> with_near(std::unique_ptr<Endpoint> far, std::unique_ptr<Endpoint> near,
                                    NodeRendezvous& node) {
  return std::make_unique<NearEndpoint>(std::move(far), std::move(near), node);
}

}  // namespace podbench
