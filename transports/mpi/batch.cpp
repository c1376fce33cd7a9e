#include "transports/mpi/batch.hpp"

#include <cassert>

#include "transports/mpi/session.hpp"

namespace podbench::mpi {

MpiBatch::MpiBatch(MPI_Comm communicator, std::span<const Transfer> transfers) : communicator_(communicator) {
  messages_.reserve(transfers.size());
  for (const TransferKind kind : {TransferKind::receive, TransferKind::send})
    for (const Transfer& transfer : transfers) {
      if (transfer.kind != kind) continue;
      assert(transfer.tag <= largest_tag && transfer.reduce == nullptr);
      Message message{kind == TransferKind::receive, transfer.peer, transfer.tag, transfer.data, {}, {}};
      message.extent = extent_of(transfer.bytes, message.type);
      messages_.push_back(std::move(message));
    }
  assert(messages_.size() == transfers.size() && "put and get are not among the capabilities");
  requests_.assign(messages_.size(), MPI_REQUEST_NULL);
  statuses_.resize(messages_.size());
}

MpiBatch::~MpiBatch() {
  if (!complete_) forgo_finalize();
}

void MpiBatch::post() {
  assert(complete_ && "the previous post has not completed");
  complete_ = messages_.empty();
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    const Message& message = messages_[i];
    if (message.receives)
      check(MPI_Irecv(message.data, message.extent.count, message.extent.type, message.peer, message.tag,
                      communicator_, &requests_[i]),
            "MPI_Irecv");
    else
      check(MPI_Isend(message.data, message.extent.count, message.extent.type, message.peer, message.tag,
                      communicator_, &requests_[i]),
            "MPI_Isend");
  }
}

bool MpiBatch::test() {
  int flag = 0;
  if (messages_.empty()) {
    // MPI_Testall over nothing need not make progress; a probe does.
    check(MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, communicator_, &flag, MPI_STATUS_IGNORE), "MPI_Iprobe");
    return true;
  }
  if (complete_) return true;
  if (requests_.size() == 1)
    check(MPI_Test(requests_.data(), &flag, MPI_STATUS_IGNORE), "MPI_Test");
  else
    test_all(flag);
  complete_ = flag != 0;
  return complete_;
}

void MpiBatch::test_all(int& flag) {
  const int code = MPI_Testall(static_cast<int>(requests_.size()), requests_.data(), &flag, statuses_.data());
  if (code == MPI_SUCCESS) [[likely]]
    return;
  // Which message it was, and why, is in its status.
  if (code == MPI_ERR_IN_STATUS)
    for (const MPI_Status& status : statuses_)
      if (status.MPI_ERROR != MPI_SUCCESS && status.MPI_ERROR != MPI_ERR_PENDING)
        throw_mpi_error(status.MPI_ERROR, "MPI_Testall");
  throw_mpi_error(code, "MPI_Testall");
}

}  // namespace podbench::mpi
