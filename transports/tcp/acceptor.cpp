#include "transports/tcp/acceptor.hpp"

namespace podbench::tcp {
namespace {

// Connections that have proved nothing yet, beyond one for each rank. Where more come, the oldest goes.
constexpr std::size_t most_strangers = 64;

}  // namespace

Acceptor::Acceptor(const std::string& address, int ranks, Poller& poller, Welcome welcome)
    : contact_{address, 0, random_token()},
      listener_(listen_on(address, contact_.port)),
      poller_(poller),
      welcome_(std::move(welcome)),
      most_guests_(static_cast<std::size_t>(ranks) + most_strangers) {}

void Acceptor::start() {
  poller_.add(listener_.get(), *this);
}

void Acceptor::on_events(std::uint32_t) {
  for (Descriptor accepted = accept_waiting(listener_.get()); accepted.get() >= 0;
       accepted = accept_waiting(listener_.get())) {
    Guest& guest = guests_.emplace_back(Handshake::acceptor(std::move(accepted), contact_.token), welcome_);
    poller_.add(guest.socket(), guest);
  }
}

void Acceptor::tidy() {
  guests_.remove_if([](const Guest& guest) { return guest.gone(); });
  while (guests_.size() > most_guests_) guests_.pop_front();
}

void Acceptor::Guest::on_events(std::uint32_t) {
  if (done_) return;
  const Handshake::State state = handshake_.advance();
  if (state == Handshake::State::ready) welcome_(handshake_.rank(), handshake_.take_socket());
  done_ = state == Handshake::State::ready || state == Handshake::State::failed;
}

bool Acceptor::Guest::gone() const {
  return done_ || handshake_.deadline().passed();
}

}  // namespace podbench::tcp
