#include "transports/tcp/connection.hpp"

#include <fmt/format.h>

#include <cassert>
#include <cstring>

#include "base/error.hpp"

namespace podbench::tcp {
namespace {

// Takes the header of this tag and sequence out of an unordered list; false where there is none.
bool take(std::vector<Header>& headers, std::uint16_t tag, std::uint32_t sequence, Header& taken) {
  for (Header& header : headers) {
    if (header.sequence != sequence || header.tag != tag) continue;
    taken = header;
    header = headers.back();
    headers.pop_back();
    return true;
  }
  return false;
}

}  // namespace

Connection::Connection(int peer, std::function<std::string(int)> peer_name)
    : peer_(peer), peer_name_(std::move(peer_name)) {}

void Connection::establish(Descriptor socket) {
  assert(!established());
  socket_ = std::move(socket);
}

TagCounter& Connection::counter(std::uint16_t tag) {
  for (TagCounter& counter : counters_)
    if (counter.tag == tag) return counter;
  return counters_.emplace_back(TagCounter{tag});
}

void Connection::post_receive(Operation& operation) {
  operation.sequence = operation.counter->received++;
  operation.granted = false;
  if (Parking::Message* parked = parking_.find(operation.tag, operation.sequence); parked != nullptr) {
    check_fits(operation, parked->bytes.size());
    if (!parked->whole) {
      parked->receive = &operation;
      return;
    }
    return unpark(*parked, operation);
  }
  posted_.push_back(operation);
  Header offer;
  const bool offered =
      !parked_offers_.empty() && take(parked_offers_, operation.tag, operation.sequence, offer);
  if (offered) check_fits(operation, offer.bytes);
  if (offered || operation.bytes > eager_limit) grant(operation);
}

void Connection::post_send(Operation& operation) {
  operation.sequence = operation.counter->sent++;
  const std::uint64_t cost = operation.bytes + message_overhead;
  if (operation.bytes <= eager_limit && credit_ >= cost) {
    credit_ -= cost;
    return queue_payload(FrameKind::eager, operation);
  }
  Header early;
  // A grant that is too small is left to the receiver: it learns the length from the offer and complains.
  if (!early_grants_.empty() && take(early_grants_, operation.tag, operation.sequence, early) &&
      early.bytes >= operation.bytes)
    return queue_payload(FrameKind::granted, operation);
  ungranted_.push_back(operation);
  queue(FrameKind::offer, operation.tag, operation.sequence, operation.bytes);
}

void Connection::queue(FrameKind kind, std::uint16_t tag, std::uint32_t sequence, std::uint64_t bytes,
                       Operation* payload) {
  outgoing_.push_back({Header{kind, tag, sequence, bytes}, payload});
}

void Connection::queue_payload(FrameKind kind, Operation& operation) {
  queue(kind, operation.tag, operation.sequence, operation.bytes, &operation);
}

void Connection::grant(Operation& receive) {
  receive.granted = true;
  queue(FrameKind::grant, receive.tag, receive.sequence, receive.bytes);
}

void Connection::return_credit(std::uint64_t bytes) {
  credit_to_return_ += bytes + message_overhead;
  if (credit_to_return_ < credit_window / 2) return;
  queue(FrameKind::credit, 0, 0, credit_to_return_);
  credit_used_ -= credit_to_return_;
  credit_to_return_ = 0;
}

void Connection::unpark(const Parking::Message& message, Operation& receive) {
  if (!message.bytes.empty()) std::memcpy(receive.data, message.bytes.data(), message.bytes.size());
  return_credit(message.bytes.size());
  parking_.leave(message);
  receive.complete();
}

void Connection::check_fits(const Operation& receive, std::uint64_t bytes) const {
  if (bytes <= receive.bytes) return;
  throw RunError(fmt::format("{} sent {} bytes under tag {} where this rank receives {}", peer_name_(peer_),
                             bytes, receive.tag, receive.bytes));
}

void Connection::lose(std::string_view how, int error) const {
  const std::string what = fmt::format("lost {} (tcp): {}", peer_name_(peer_), how);
  throw LostPeer(peer_, error == 0 ? what : fmt::format("{}: {}", what, std::strerror(error)), error);
}

}  // namespace podbench::tcp
