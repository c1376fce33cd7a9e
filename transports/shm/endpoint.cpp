#include "transports/shm/endpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <thread>

#include "transports/shm/introduction.hpp"

namespace podbench::shm {
namespace {

Mailbox& start_mailbox(const Mapping& mapping) {
  // A new file is zero, which is the first state of every atomic in it.
  auto& mailbox = *reinterpret_cast<Mailbox*>(mapping.data());
  mailbox.magic = mailbox_magic;
  return mailbox;
}

class ShmBatch final : public Batch {
 public:
  ShmBatch(Engine& engine, std::span<const Transfer> transfers)
      : engine_(engine), operations_(transfers.size()) {
    std::transform(transfers.begin(), transfers.end(), operations_.begin(), [&](const Transfer& transfer) {
      Operation operation;
      operation.transfer = transfer;
      operation.peer = &engine.peer(transfer.peer);
      operation.remaining = &remaining_;
      if (transfer.kind == TransferKind::send) operation.plan = engine.plan(transfer, *operation.peer);
      return operation;
    });
    // Peers wait for what we send; what we receive waits for us.
    std::stable_partition(operations_.begin(), operations_.end(), [](const Operation& operation) {
      return operation.transfer.kind == TransferKind::send;
    });
  }
  ~ShmBatch() override {
    if (remaining_ > 0) engine_.forget(operations_);
  }
  ShmBatch(const ShmBatch&) = delete;
  ShmBatch& operator=(const ShmBatch&) = delete;

  void post() override {
    assert(remaining_ == 0);
    remaining_ = operations_.size();
    for (Operation& operation : operations_) engine_.post(operation);
  }
  bool test() override {
    engine_.progress();
    return remaining_ == 0;
  }

 private:
  Engine& engine_;
  std::vector<Operation> operations_;
  std::size_t remaining_ = 0;
};

}  // namespace

ShmEndpoint::ShmEndpoint(Rendezvous& rendezvous, Deadline deadline)
    : rendezvous_(rendezvous),
      file_(create_file("podbench-mailbox", mailbox_bytes(rendezvous.size()))),
      mapping_(file_.number(), mailbox_bytes(rendezvous.size())),
      book_(start_mailbox(mapping_)) {
  auto& mailbox = *reinterpret_cast<Mailbox*>(mapping_.data());
  Introduction introduction = introduce(rendezvous, file_.number(), mailbox, deadline);
  capabilities_.direct = capabilities_.mapped = true;
  capabilities_.put = capabilities_.get = introduction.all_cross;
  capabilities_.largest_inject = inline_bytes;
  engine_ = std::make_unique<Engine>(mailbox, std::move(introduction.peers), introduction.fences_registered);
}

std::unique_ptr<Memory> ShmEndpoint::allocate(std::size_t bytes) {
  engine_->let_go_of_memories();  // so that what peers have freed makes room
  return std::make_unique<HostMemory>(book_, bytes);
}

std::unique_ptr<Memory> ShmEndpoint::adopt(std::byte* data, std::size_t bytes) {
  return std::make_unique<HostMemory>(book_, data, bytes);
}

Blob ShmEndpoint::expose(const Memory& memory) {
  const auto& host = static_cast<const HostMemory&>(memory);
  Exposed exposed{host.bytes(), reinterpret_cast<std::uint64_t>(host.data()), 0, 0};
  if (host.shared()) {
    exposed.index = host.index();
    exposed.identity = host.identity();
  }
  const auto bytes = std::as_bytes(std::span(&exposed, 1));
  return {bytes.begin(), bytes.end()};
}

std::unique_ptr<RemoteMemory> ShmEndpoint::attach(int rank, std::span<const std::byte> blob) {
  Exposed exposed;
  if (blob.size() != sizeof exposed)
    throw RunError(fmt::format("what rank {} exposed is not a memory of shm", rank));
  std::memcpy(&exposed, blob.data(), sizeof exposed);
  const Peer& peer = engine_->peer(rank);
  Mapping mapping;
  if (exposed.identity != 0) mapping = peer.memories.map(exposed.index, exposed.identity, exposed.bytes);
  return std::make_unique<PeerWindow>(peer.is_self ? nullptr : &peer.process, std::move(mapping), exposed);
}

std::unique_ptr<Batch> ShmEndpoint::prepare(std::span<const Transfer> transfers) {
  return std::make_unique<ShmBatch>(*engine_, transfers);
}

// Everything that was sent is in the receivers' mailboxes, or has been read, before any rank goes.
void ShmEndpoint::close(Deadline deadline) {
  while (!engine_->all_sent()) {
    if (deadline.passed()) throw RunError("messages are still to be sent, but nobody receives them");
    engine_->progress();
    std::this_thread::yield();
  }
  rendezvous_.fence(deadline);
}

}  // namespace podbench::shm
