#include "transports/tcp/link.hpp"

#include <sys/epoll.h>

#include <cerrno>

namespace podbench::tcp {
namespace {

// A peer drops a connection that has proved nothing for handshake_patience, even if it was this rank that was
// busy elsewhere. Then it is worth another try; a peer that refuses for good does so every time.
constexpr int most_attempts = 3;

}  // namespace

Link::Link(int peer, int own_rank, const Contact& contact, Poller& poller, std::vector<Link*>& unread,
           std::function<std::string(int)> peer_name)
    : own_rank_(own_rank),
      contact_(contact),
      poller_(poller),
      unread_(unread),
      connection_(peer, std::move(peer_name)) {}

void Link::want() {
  const bool connects = own_rank_ < connection_.peer();
  if (connects && !handshake_ && !connection_.established()) start_connecting();
}

void Link::start_connecting() {
  ++attempts_;
  handshake_.emplace(Handshake::connector(
      tcp::start_connecting(parse_address(contact_.address, contact_.port)), contact_.token, own_rank_));
  poller_.add(handshake_->socket(), *this);
}

bool Link::adopt(Descriptor socket) {
  if (own_rank_ <= connection_.peer() || connection_.established()) return false;
  establish(std::move(socket));
  return true;
}

void Link::establish(Descriptor socket) {
  connection_.establish(std::move(socket));
  poller_.hand_over(connection_.socket(), *this);
  connection_.flush();
}

void Link::on_events(std::uint32_t events) {
  if (!handshake_) return serve((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0);
  const Handshake::State state = handshake_->advance();
  if (state == Handshake::State::ready) {
    Descriptor socket = handshake_->take_socket();
    handshake_.reset();
    establish(std::move(socket));
  } else if (state == Handshake::State::failed) {
    if (handshake_->error() != ECONNRESET || attempts_ == most_attempts)
      connection_.lose(handshake_->reason(), handshake_->error());
    start_connecting();
  }
}

void Link::serve(bool ending) {
  if (!connection_.read(ending)) unread_.push_back(this);
  if (connection_.has_unwritten()) connection_.flush();
}

}  // namespace podbench::tcp
