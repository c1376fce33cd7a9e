#include "transports/wrap/trace.hpp"

#include <algorithm>
#include <functional>

#include "transports/wrap/forward.hpp"

namespace podbench {
namespace {

using wrap::ForwardingEndpoint;
using wrap::WrappedCollectives;

// What one post of a batch adds to the tally of one peer.
struct Share {
  int peer;
  PeerTally adds;
};

std::vector<Share> shares_of(std::span<const Transfer> transfers) {
  std::vector<Share> shares;
  for (const Transfer& transfer : transfers) {
    auto share =
        std::find_if(shares.begin(), shares.end(), [&](const Share& s) { return s.peer == transfer.peer; });
    if (share == shares.end()) share = shares.insert(share, Share{transfer.peer, {}});
    const bool outgoing = transfer.kind == TransferKind::send || transfer.kind == TransferKind::put;
    (outgoing ? share->adds.sends : share->adds.receives) += 1;
    (outgoing ? share->adds.sent_bytes : share->adds.received_bytes) += transfer.bytes;
  }
  return shares;
}

class TracedBatch final : public Batch {
 public:
  TracedBatch(std::unique_ptr<Batch> inner, std::vector<Share> shares, bool native, Tally& tally)
      : inner_(std::move(inner)), shares_(std::move(shares)), native_(native), tally_(tally) {}
  void post() override {
    ++tally_.posts;
    tally_.native_posts += native_ ? 1 : 0;
    for (const auto& [peer, adds] : shares_) {
      PeerTally& tally = tally_.peers[static_cast<std::size_t>(peer)];
      tally.sends += adds.sends;
      tally.sent_bytes += adds.sent_bytes;
      tally.receives += adds.receives;
      tally.received_bytes += adds.received_bytes;
    }
    waited_ = false;
    inner_->post();
  }
  bool test() override {
    if (inner_->test()) return true;
    ++tally_.idle_tests;
    if (!waited_)
      for (const auto& share : shares_) ++tally_.peers[static_cast<std::size_t>(share.peer)].waits;
    waited_ = true;
    return false;
  }

 private:
  std::unique_ptr<Batch> inner_;
  std::vector<Share> shares_;
  bool native_;
  Tally& tally_;
  bool waited_ = false;
};

class TracingEndpoint final : public ForwardingEndpoint {
 public:
  TracingEndpoint(std::unique_ptr<Endpoint> inner, Tally& tally)
      : ForwardingEndpoint(std::move(inner)), tally_(tally) {
    tally_ = {};
    tally_.peers.resize(static_cast<std::size_t>(size()));
    if (NativeCollectives* native = inner_->native())
      native_ =
          std::make_unique<Collectives>(*native, [this](const NativeCall&, std::unique_ptr<Batch> batch) {
            return std::make_unique<TracedBatch>(std::move(batch), std::vector<Share>{}, true, tally_);
          });
  }
  std::unique_ptr<Batch> prepare(std::span<const Transfer> transfers) override {
    return std::make_unique<TracedBatch>(inner_->prepare(transfers), shares_of(transfers), false, tally_);
  }
  NativeCollectives* native() noexcept override { return native_.get(); }
  void block(std::chrono::microseconds span) override {
    ++tally_.blocks;
    inner_->block(span);
  }

 private:
  using Collectives =
      WrappedCollectives<std::function<std::unique_ptr<Batch>(const NativeCall&, std::unique_ptr<Batch>)>>;
  Tally& tally_;
  std::unique_ptr<Collectives> native_;
};

}  // namespace

std::unique_ptr<Endpoint> wrap_with_trace(std::unique_ptr<Endpoint> endpoint, Tally& tally) {
  return std::make_unique<TracingEndpoint>(std::move(endpoint), tally);
}

}  // namespace podbench
