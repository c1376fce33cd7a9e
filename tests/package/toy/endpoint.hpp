// The toy's endpoint: cuts messages into parcels, puts them together again at the other side and hands each
// to its receive. Every message is copied twice on the way; a transport in earnest would not.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "mailbox.hpp"
#include "transports/transport.hpp"

namespace toy {

class ToyBatch;

class ToyEndpoint final : public podbench::Endpoint {
 public:
  ToyEndpoint(podbench::Rendezvous& rendezvous, podbench::Deadline deadline);

  [[nodiscard]] int rank() const noexcept override { return rendezvous_.rank(); }
  [[nodiscard]] int size() const noexcept override { return rendezvous_.size(); }
  [[nodiscard]] const podbench::Capabilities& capabilities() const noexcept override { return capabilities_; }
  [[nodiscard]] std::unique_ptr<podbench::Memory> allocate(std::size_t bytes) override;
  [[nodiscard]] std::unique_ptr<podbench::Memory> adopt(std::byte* data, std::size_t bytes) override;
  [[nodiscard]] std::unique_ptr<podbench::Batch> prepare(
      std::span<const podbench::Transfer> transfers) override;
  void block(std::chrono::microseconds span) override;
  void close(podbench::Deadline deadline) override;

  // For the batches: start a transfer; move what can be moved now.
  void start(const podbench::Transfer& transfer, ToyBatch& batch);
  void progress();
  // The batch goes before its transfers are complete, as when a peer is lost.
  void forget(const ToyBatch& batch);

 private:
  // A transfer under way, and the batch that counts it.
  struct Pending {
    const podbench::Transfer* transfer;
    ToyBatch* batch;
    std::size_t sent_bytes = 0;
  };
  using Message = std::vector<std::byte>;
  // What goes to and comes from one peer. Of a tag's two queues at most one has something in it.
  struct Peer {
    std::deque<Pending> sends;
    bool cut_short = false;  // a message was given up in its middle
    Message arriving;
    std::map<std::uint16_t, std::deque<Pending>> receives;
    std::map<std::uint16_t, std::deque<Message>> arrived;
  };

  [[nodiscard]] bool sending() const;
  void send_parcels(int peer);
  void take(const Mailbox::Parcel& parcel);
  static void finish(const Pending& receive, const Message& message);

  podbench::Rendezvous& rendezvous_;
  podbench::Capabilities capabilities_;
  Mailbox mailbox_;
  std::vector<Peer> peers_;
};

}  // namespace toy
