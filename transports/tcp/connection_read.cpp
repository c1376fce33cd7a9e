// The reading half of a connection: frames from the stream, payloads into their place.

#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "transports/tcp/connection.hpp"

namespace podbench::tcp {
namespace {

// Calls of recvmsg before the caller's other work gets its turn.
constexpr int most_reads_a_turn = 16;

// Room for the frame that follows a payload: its header and, if short, all of it, without copying much of
// a long one.
constexpr std::size_t bytes_past_payload = 512;

}  // namespace

bool Connection::read(bool ending) {
  for (int reads = 0; reads < most_reads_a_turn; ++reads) {
    const std::size_t spare = payload_left_ > 0 ? bytes_past_payload : staging_.size() - staged_;
    const std::array<iovec, 2> parts{iovec{payload_at_, payload_left_},
                                     iovec{staging_.data() + staged_, spare}};
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(payload_left_ > 0 ? &parts[0] : &parts[1]);
    message.msg_iovlen = payload_left_ > 0 ? 2 : 1;
    const std::size_t wanted = payload_left_ + spare;
    const ssize_t received = recvmsg(socket_.get(), &message, MSG_DONTWAIT);
    if (received == 0) lose("it closed the connection", 0);
    if (received < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN || errno == EWOULDBLOCK) return true;
      lose("receiving failed", errno);
    }
    take_in(static_cast<std::size_t>(received));
    if (static_cast<std::size_t>(received) < wanted && !ending) return true;
  }
  return false;
}

void Connection::take_in(std::size_t received) {
  const std::size_t direct = std::min(received, payload_left_);
  if (direct > 0) {
    payload_at_ += direct;
    payload_left_ -= direct;
    if (payload_left_ == 0) finish_message();
  }
  staged_ += received - direct;
  parse_staged();
}

void Connection::parse_staged() {
  std::size_t at = 0;
  while (staged_ - at >= sizeof(Header)) {
    Header header;
    std::memcpy(&header, staging_.data() + at, sizeof header);
    at += sizeof header;
    handle(header);
    const std::size_t here = std::min(staged_ - at, payload_left_);
    if (here == 0) continue;
    std::memcpy(payload_at_, staging_.data() + at, here);
    at += here;
    payload_at_ += here;
    payload_left_ -= here;
    if (payload_left_ == 0) finish_message();
  }
  staged_ -= at;
  if (staged_ > 0 && at > 0) std::memmove(staging_.data(), staging_.data() + at, staged_);
}

void Connection::handle(const Header& header) {
  switch (header.kind) {
    case FrameKind::eager:
      if (header.bytes > eager_limit) lose("it sent an eager message above the limit", 0);
      return begin_message(header, posted_.find(header.tag, header.sequence));
    case FrameKind::granted: {
      Operation* receive = posted_.find(header.tag, header.sequence);
      if (receive == nullptr || !receive->granted) lose("it sent a message that was not granted", 0);
      return begin_message(header, receive);
    }
    case FrameKind::offer:
      return on_offer(header);
    case FrameKind::grant:
      return on_grant(header);
    case FrameKind::credit:
      if (header.bytes > credit_window - credit_) lose("it returned more credit than it had", 0);
      credit_ += header.bytes;
      return;
  }
  lose("it sent a frame of no known kind", 0);
}

void Connection::begin_message(const Header& header, Operation* receive) {
  arriving_ = receive;
  arriving_header_ = header;
  payload_left_ = static_cast<std::size_t>(header.bytes);
  if (header.kind == FrameKind::eager) {
    credit_used_ += header.bytes + message_overhead;
    if (credit_used_ > credit_window) lose("it sent more than its credit", 0);
  }
  if (receive != nullptr) {
    check_fits(*receive, header.bytes);
    posted_.remove(*receive);
    payload_at_ = receive->data;
  } else {
    arriving_parked_ = &parking_.park(header.tag, header.sequence, payload_left_);
    payload_at_ = arriving_parked_->bytes.data();
  }
  if (payload_left_ == 0) finish_message();
}

void Connection::finish_message() {
  if (arriving_ != nullptr) {
    if (arriving_header_.kind == FrameKind::eager) return_credit(arriving_header_.bytes);
    arriving_->complete();
    return;
  }
  arriving_parked_->whole = true;
  if (arriving_parked_->receive != nullptr) unpark(*arriving_parked_, *arriving_parked_->receive);
}

void Connection::on_offer(const Header& header) {
  if (Operation* receive = posted_.find(header.tag, header.sequence); receive != nullptr) {
    check_fits(*receive, header.bytes);
    if (!receive->granted) grant(*receive);
    return;
  }
  if (parked_offers_.size() == most_unanswered) lose("it offers more messages than can be meant", 0);
  parked_offers_.push_back(header);
}

void Connection::on_grant(const Header& header) {
  if (Operation* send = ungranted_.find(header.tag, header.sequence); send != nullptr) {
    if (header.bytes < send->bytes) return;  // the receiver complains when it reads the offer
    ungranted_.remove(*send);
    queue_payload(FrameKind::granted, *send);
    return;
  }
  if (early_grants_.size() == most_unanswered) lose("it grants more messages than can be meant", 0);
  early_grants_.push_back(header);
}

}  // namespace podbench::tcp
