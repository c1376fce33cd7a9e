// A rank's open TCP transport: a link to every peer, an acceptor, and the polling that moves them all.
// Thread-safety, errors, lifetime: as transport.hpp says.
#pragma once

#include <exception>
#include <memory>
#include <span>
#include <vector>

#include "transports/tcp/acceptor.hpp"
#include "transports/tcp/link.hpp"
#include "transports/tcp/poller.hpp"
#include "transports/tcp/self_link.hpp"
#include "transports/transport.hpp"

namespace podbench::tcp {

class TcpEndpoint final : public Endpoint {
 public:
  // Collective over the rendezvous.
  TcpEndpoint(Rendezvous& rendezvous, Deadline deadline);

  [[nodiscard]] int rank() const noexcept override { return rank_; }
  [[nodiscard]] int size() const noexcept override { return static_cast<int>(links_.size()); }
  [[nodiscard]] const Capabilities& capabilities() const noexcept override { return capabilities_; }
  [[nodiscard]] std::unique_ptr<Memory> allocate(std::size_t bytes) override;
  [[nodiscard]] std::unique_ptr<Memory> adopt(std::byte* data, std::size_t bytes) override;
  [[nodiscard]] std::unique_ptr<Batch> prepare(std::span<const Transfer> transfers) override;
  void block(std::chrono::microseconds span) override;
  void close(Deadline deadline) override;

  [[nodiscard]] Link& link(int peer) noexcept { return *links_[static_cast<std::size_t>(peer)]; }
  [[nodiscard]] SelfLink& self() noexcept { return self_; }

  // Moves what can move. `awaited`: the links that the caller waits for.
  void progress(std::span<Link* const> awaited);
  // Runs `action`, a part of the data path; what it throws breaks the endpoint, which from then on throws the
  // same again instead of touching operations that may be gone.
  template <typename Action>
  void guarded(Action&& action) {
    if (broken_) std::rethrow_exception(broken_);
    try {
      action();
    } catch (...) {
      broken_ = std::current_exception();
      throw;
    }
  }
  // A batch is destroyed while its operations are under way.
  void abandon();

 private:
  void serve_all(std::chrono::microseconds span);

  Rendezvous& rendezvous_;
  int rank_;
  Capabilities capabilities_;
  Poller poller_;
  std::vector<Link*> unread_;
  std::vector<Link*> unread_now_;
  Acceptor acceptor_;
  std::vector<Contact> contacts_;
  std::vector<std::unique_ptr<Link>> links_;  // by rank; the own one is never used
  SelfLink self_;
  std::exception_ptr broken_;
  unsigned direct_polls_ = 0;
};

}  // namespace podbench::tcp
