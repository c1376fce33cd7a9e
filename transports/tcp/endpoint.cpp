#include "transports/tcp/endpoint.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "transports/host_memory.hpp"
#include "transports/tcp/batch.hpp"

namespace podbench::tcp {
namespace {

// Reading a socket costs about as much as asking epoll, and saves the second call where something is there:
// so few awaited links are read straight away, and epoll only looks after the others now and then.
constexpr std::size_t most_links_read_directly = 2;
constexpr unsigned direct_polls_a_round = 64;

}  // namespace

TcpEndpoint::TcpEndpoint(Rendezvous& rendezvous, Deadline deadline)
    : rendezvous_(rendezvous),
      rank_(rendezvous.rank()),
      acceptor_(listening_address(rendezvous), rendezvous.size(), poller_,
                [this](int rank, Descriptor socket) {
                  return rank < size() && link(rank).adopt(std::move(socket));
                }) {
  raise_descriptor_limit(static_cast<std::size_t>(rendezvous.size()));
  contacts_ = gather_contacts(rendezvous, acceptor_.contact(), deadline);
  const auto peer_name = [this](int peer) {
    return fmt::format("rank {} on {}", peer, rendezvous_.host(peer));
  };
  for (std::size_t peer = 0; peer < contacts_.size(); ++peer)
    links_.push_back(
        std::make_unique<Link>(static_cast<int>(peer), rank_, contacts_[peer], poller_, unread_, peer_name));
  acceptor_.start();
}

std::unique_ptr<Memory> TcpEndpoint::allocate(std::size_t bytes) {
  return allocate_host_memory(bytes);
}

std::unique_ptr<Memory> TcpEndpoint::adopt(std::byte* data, std::size_t bytes) {
  return adopt_host_memory(data, bytes);
}

std::unique_ptr<Batch> TcpEndpoint::prepare(std::span<const Transfer> transfers) {
  return std::make_unique<TcpBatch>(*this, transfers);
}

void TcpEndpoint::progress(std::span<Link* const> awaited) {
  guarded([&] {
    const auto direct = [](Link* link) {
      return link->connection().established() && !link->connection().has_unwritten();
    };
    if (!awaited.empty() && awaited.size() <= most_links_read_directly &&
        ++direct_polls_ % direct_polls_a_round != 0 && std::ranges::all_of(awaited, direct)) {
      for (Link* link : awaited) link->serve();
      return;
    }
    serve_all(std::chrono::microseconds(0));
  });
}

void TcpEndpoint::serve_all(std::chrono::microseconds span) {
  poller_.dispatch(unread_.empty() ? span : std::chrono::microseconds(0));
  unread_now_.swap(unread_);
  for (Link* link : unread_now_) link->serve(true);
  unread_now_.clear();
  acceptor_.tidy();
}

void TcpEndpoint::block(std::chrono::microseconds span) {
  guarded([&] { serve_all(span); });
}

void TcpEndpoint::abandon() {
  if (!broken_)
    broken_ = std::make_exception_ptr(RunError("tcp: a batch was destroyed while it was under way"));
}

void TcpEndpoint::close(Deadline deadline) {
  // All batches are complete, so the kernel has every byte and delivers it; what remains is to keep the
  // sockets until every peer has read what it wants.
  rendezvous_.fence(deadline);
}

}  // namespace podbench::tcp
