#include "transports/wrap/subset.hpp"

#include <algorithm>
#include <cassert>

#include "transports/wrap/forward.hpp"

namespace podbench {
namespace {

class SubsetEndpoint final : public wrap::ForwardingEndpoint {
 public:
  SubsetEndpoint(std::unique_ptr<Endpoint> inner, std::vector<int> members)
      : ForwardingEndpoint(std::move(inner)), members_(std::move(members)) {
    const auto place = std::lower_bound(members_.begin(), members_.end(), inner_->rank());
    assert(place != members_.end() && *place == inner_->rank());
    rank_ = static_cast<int>(place - members_.begin());
  }

  int rank() const noexcept override { return rank_; }
  int size() const noexcept override { return static_cast<int>(members_.size()); }
  std::unique_ptr<RemoteMemory> attach(int peer, std::span<const std::byte> exposed) override {
    return inner_->attach(member(peer), exposed);
  }
  std::unique_ptr<Batch> prepare(std::span<const Transfer> transfers) override {
    std::vector<Transfer> theirs(transfers.begin(), transfers.end());
    for (Transfer& transfer : theirs) transfer.peer = member(transfer.peer);
    return inner_->prepare(theirs);
  }
  NativeCollectives* native() noexcept override { return nullptr; }

 private:
  [[nodiscard]] int member(int rank) const { return members_[static_cast<std::size_t>(rank)]; }

  std::vector<int> members_;
  int rank_ = 0;
};

}  // namespace

std::unique_ptr<Endpoint> subset_of(std::unique_ptr<Endpoint> endpoint, std::vector<int> members) {
  return std::make_unique<SubsetEndpoint>(std::move(endpoint), std::move(members));
}

}  // namespace podbench
