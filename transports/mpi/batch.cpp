#include "transports/mpi/batch.hpp"

#include <algorithm>
#include <cassert>

#include "transports/mpi/memory.hpp"
#include "transports/mpi/session.hpp"

namespace podbench::mpi {
namespace {

MPI_Aint target_of(const Transfer& transfer) {
  const auto* remote = static_cast<const PeerMemory*>(transfer.remote);
  assert(remote != nullptr && transfer.remote_offset <= remote->bytes() &&
         transfer.bytes <= remote->bytes() - transfer.remote_offset);
  return remote->address_at(transfer.remote_offset);
}

}  // namespace

MpiBatch::MpiBatch(MPI_Comm communicator, MPI_Win window, std::span<const Transfer> transfers)
    : communicator_(communicator), window_(window) {
  messages_.reserve(transfers.size());
  for (const TransferKind kind :
       {TransferKind::receive, TransferKind::send, TransferKind::put, TransferKind::get})
    for (const Transfer& transfer : transfers)
      if (transfer.kind == kind) add(transfer);
  requests_.assign(messages_.size(), MPI_REQUEST_NULL);
}

void MpiBatch::add(const Transfer& transfer) {
  assert(transfer.tag <= largest_tag && transfer.reduce == nullptr);
  const bool one_sided = transfer.kind == TransferKind::put || transfer.kind == TransferKind::get;
  assert((!one_sided || window_ != MPI_WIN_NULL) && "put and get are not among the capabilities");
  if (one_sided && transfer.bytes == 0) return;
  Message message{transfer.kind, transfer.peer, transfer.tag, transfer.data, 0, {}, {}};
  message.extent = extent_of(transfer.bytes, message.type);
  if (one_sided) message.target = target_of(transfer);
  if (transfer.kind == TransferKind::put && std::ranges::count(put_peers_, transfer.peer) == 0)
    put_peers_.push_back(transfer.peer);
  messages_.push_back(std::move(message));
}

MpiBatch::~MpiBatch() {
  if (!complete_) forgo_finalize();
}

void MpiBatch::post() {
  assert(complete_ && "the previous post has not completed");
  landed_ = 0;
  complete_ = messages_.empty();
  for (std::size_t i = 0; i < messages_.size(); ++i) start(messages_[i], requests_[i]);
}

void MpiBatch::start(const Message& m, MPI_Request& request) const {
  const auto& [type, count] = m.extent;
  switch (m.kind) {
    case TransferKind::receive:
      return check(MPI_Irecv(m.data, count, type, m.peer, m.tag, communicator_, &request), "MPI_Irecv");
    case TransferKind::send:
      return check(MPI_Isend(m.data, count, type, m.peer, m.tag, communicator_, &request), "MPI_Isend");
    case TransferKind::put:
      return check(MPI_Rput(m.data, count, type, m.peer, m.target, count, type, window_, &request),
                   "MPI_Rput");
    case TransferKind::get:
      return check(MPI_Rget(m.data, count, type, m.peer, m.target, count, type, window_, &request),
                   "MPI_Rget");
  }
}

// The first request that has not completed is asked each time, as a loop of waits would: each call moves all.
//
// A put's request says only that its source is free, and MPI has no call that asks, without waiting, whether
// the bytes have arrived. MPI_Win_flush waits for that. By then they have left this rank, and the peer
// answers as soon as it makes progress; a peer that never does is found by whoever supervises the launch.
bool MpiBatch::test() {
  int flag = 0;
  if (messages_.empty()) {
    // There is nothing to test; a probe makes progress, too.
    check(MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, communicator_, &flag, MPI_STATUS_IGNORE), "MPI_Iprobe");
    return true;
  }
  if (complete_) return true;
  for (; landed_ < requests_.size(); ++landed_) {
    check(MPI_Test(&requests_[landed_], &flag, MPI_STATUS_IGNORE), "MPI_Test");
    if (flag == 0) return false;
  }
  for (const int peer : put_peers_) check(MPI_Win_flush(peer, window_), "MPI_Win_flush");
  complete_ = true;
  return true;
}

}  // namespace podbench::mpi
