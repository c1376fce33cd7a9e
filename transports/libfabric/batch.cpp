#include "transports/libfabric/batch.hpp"

#include <fmt/format.h>
#include <rdma/fi_errno.h>
#include <rdma/fi_rma.h>
#include <rdma/fi_tagged.h>

#include <array>
#include <cassert>
#include <cstddef>
#include <type_traits>

#include "transports/libfabric/error.hpp"

namespace podbench::libfabric {
namespace {

static_assert(std::is_standard_layout_v<Operation> && offsetof(Operation, context) == 0);

const char* name_of(Kind kind) {
  switch (kind) {
    case Kind::receive:
      return "receive";
    case Kind::send:
    case Kind::inject:
      return "send";
    case Kind::put:
      return "put";
    case Kind::get:
      return "get";
  }
  return "";
}

[[noreturn]] void raise(const Failure& failure) {
  std::string doing = fmt::format("{} (rank {})", name_of(failure.kind), failure.peer);
  if (!failure.detail.empty()) doing += fmt::format(": {}", failure.detail);
  const RunError error = error_of(failure.code, doing);
  if (means_lost_peer(failure.code)) throw LostPeer(failure.peer, error.what(), error.native_code());
  throw error;
}

// A write whose completion says that the bytes are in the peer's memory.
long put(fid_ep* endpoint, Operation& operation) noexcept {
  iovec local{operation.data, operation.bytes};
  fi_rma_iov remote{operation.remote_address, operation.bytes, operation.key};
  fi_msg_rma message{};
  message.msg_iov = &local;
  message.desc = &operation.descriptor;
  message.iov_count = 1;
  message.addr = operation.address;
  message.rma_iov = &remote;
  message.rma_iov_count = 1;
  message.context = &operation.context;
  return fi_writemsg(endpoint, &message, FI_DELIVERY_COMPLETE | FI_COMPLETION);
}

}  // namespace

long Engine::start(Operation& o) noexcept {
  fid_ep* endpoint = port_.endpoint();
  switch (o.kind) {
    case Kind::receive:
      return fi_trecv(endpoint, o.data, o.bytes, o.descriptor, FI_ADDR_UNSPEC, o.tag, 0, &o.context);
    case Kind::send:
      return fi_tsend(endpoint, o.data, o.bytes, o.descriptor, o.address, o.tag, &o.context);
    case Kind::inject: {
      const long result = fi_tinject(endpoint, o.data, o.bytes, o.address, o.tag);
      if (result == 0) --o.flight->pending;  // an injected send has no completion
      return result;
    }
    case Kind::put:
      return put(endpoint, o);
    case Kind::get:
      return fi_read(endpoint, o.data, o.bytes, o.descriptor, o.address, o.remote_address, o.key, &o.context);
  }
  return -FI_EINVAL;
}

void Engine::progress() {
  std::array<fi_cq_entry, 16> entries;
  const long count = fi_cq_read(port_.completions(), entries.data(), entries.size());
  if (count > 0) {
    for (long i = 0; i < count; ++i)
      --static_cast<Operation*>(entries[static_cast<std::size_t>(i)].op_context)->flight->pending;
  } else if (count != -FI_EAGAIN) [[unlikely]] {
    if (count != -FI_EAVAIL) throw error_of(count, "read completions");
    take_error();
  }
}

void Engine::take_error() {
  fi_cq_err_entry entry{};
  const long result = fi_cq_readerr(port_.completions(), &entry, 0);
  if (result == -FI_EAGAIN) return;
  check(result, "read a failed completion");
  std::array<char, 256> text{};
  const char* said =
      fi_cq_strerror(port_.completions(), entry.prov_errno, entry.err_data, text.data(), text.size());
  const std::string detail = said == nullptr ? "" : said;
  if (entry.op_context == nullptr) throw error_of(entry.err, fmt::format("make progress: {}", detail));
  Operation& operation = *static_cast<Operation*>(entry.op_context);
  --operation.flight->pending;
  if (entry.err != FI_ECANCELED) operation.flight->fail(operation, entry.err, detail);
}

void Flight::fail(const Operation& operation, long code, std::string detail) {
  if (!failure) failure = Failure{code, operation.peer, operation.kind, std::move(detail)};
}

void Flight::start() {
  for (; next < operations.size(); ++next) {
    const long result = engine.start(operations[next]);
    if (result == 0) continue;
    if (result == -FI_EAGAIN) break;
    fail(operations[next], -result, "");
    next = operations.size();
    break;
  }
  if (const bool waits = next < operations.size(); waits != waiting) {
    waiting = waits;
    engine.waiting += waits ? 1 : -1;
  }
}

FabricBatch::FabricBatch(std::unique_ptr<Flight> flight, Port& port, Graveyard& graveyard)
    : flight_(std::move(flight)), port_(port), graveyard_(graveyard) {
  for (Operation& operation : flight_->operations) operation.flight = flight_.get();
  flight_->next = flight_->operations.size();
}

FabricBatch::~FabricBatch() {
  if (flight_->waiting) --flight_->engine.waiting;
  if (flight_->pending == 0) return;
  // Nothing may arrive in memory that its owner is about to give back.
  for (Operation& operation : flight_->operations)
    if (operation.kind == Kind::receive) fi_cancel(&port_.endpoint()->fid, &operation.context);
  graveyard_.push_back(std::move(flight_));
}

void FabricBatch::post() {
  Flight& flight = *flight_;
  assert(flight.pending == 0 && !flight.failure);
  flight.pending = flight.operations.size();
  flight.next = 0;
  told_ = false;
  flight.start();
}

// What was injected is told without a look at the network. Asked again, a batch that has landed moves the
// rest of the endpoint.
bool FabricBatch::test() {
  Flight& flight = *flight_;
  if (flight.pending != 0 || told_) flight.engine.progress();
  if (flight.next < flight.operations.size()) flight.start();
  if (flight.failure) [[unlikely]]
    raise(*flight.failure);
  told_ = flight.pending == 0;
  return told_;
}

}  // namespace podbench::libfabric
