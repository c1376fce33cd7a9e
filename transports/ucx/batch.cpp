#include "transports/ucx/batch.hpp"

#include <fmt/format.h>

#include <cassert>
#include <new>

#include "transports/ucx/status.hpp"
#include "transports/ucx/tag.hpp"

namespace podbench::ucx {
namespace {

constexpr std::size_t cache_line_bytes = 64;

constexpr std::size_t round_up(std::size_t bytes, std::size_t step) {
  return (bytes + step - 1) / step * step;
}

// Common to both callbacks: one operation less in flight.
void land(Flight& flight, ucs_status_t status, int peer, const char* doing) noexcept {
  --flight.pending;
  if (status != UCS_OK && !flight.failure) [[unlikely]]
    flight.failure = Failure{status, peer, doing};
}

// Whom a request that went wrong was meant for.
int peer_of(const Flight& flight, const void* request) noexcept {
  for (const auto* operations : {&flight.sends, &flight.puts, &flight.gets, &flight.flushes})
    for (const Operation& operation : *operations)
      if (operation.param.request == request) return operation.peer;
  return -1;
}

void sent(void* request, ucs_status_t status, void* user_data) {
  Flight& flight = *static_cast<Flight*>(user_data);
  land(flight, status, status == UCS_OK ? -1 : peer_of(flight, request), "send");
}

void received(void*, ucs_status_t status, const ucp_tag_recv_info_t* info, void* user_data) {
  land(*static_cast<Flight*>(user_data), status, sender_of(info->sender_tag), "receive");
}

// An operation that UCX finished or refused on the spot has no callback.
inline void started(Flight& flight, ucs_status_ptr_t request, int peer, const char* doing) {
  if (!UCS_PTR_IS_PTR(request)) land(flight, UCS_PTR_RAW_STATUS(request), peer, doing);
}

// Gives each operation its request, callback and hints.
class Preparer {
 public:
  explicit Preparer(Flight& flight) : flight_(flight) {
    const std::size_t count = flight.receives.size() + flight.sends.size() + flight.puts.size() +
                              flight.gets.size() + flight.flushes.size();
    stride_ = round_up(flight.engine.worker.request_bytes(), cache_line_bytes);
    if (count == 0) return;
    flight.requests.reset(static_cast<std::byte*>(std::aligned_alloc(cache_line_bytes, count * stride_)));
    if (flight.requests == nullptr) throw std::bad_alloc();
    next_ = flight.requests.get();
  }

  void prepare(std::vector<Operation>& operations, bool receives) {
    const bool several = operations.size() > 1;
    for (Operation& operation : operations) {
      ucp_request_param_t& param = operation.param;
      param.op_attr_mask = UCP_OP_ATTR_FIELD_CALLBACK | UCP_OP_ATTR_FIELD_USER_DATA |
                           UCP_OP_ATTR_FIELD_REQUEST | UCP_OP_ATTR_FIELD_MEMORY_TYPE;
      if (several) param.op_attr_mask |= UCP_OP_ATTR_FLAG_MULTI_SEND;
      if (receives)
        param.cb.recv = received;
      else
        param.cb.send = sent;
      param.user_data = &flight_;
      param.memory_type = UCS_MEMORY_TYPE_HOST;
      param.request = next_ + stride_;
      next_ += stride_;
    }
  }

 private:
  Flight& flight_;
  std::byte* next_ = nullptr;
  std::size_t stride_ = 0;
};

}  // namespace

void raise(const Failure& failure) {
  const std::string doing =
      failure.peer < 0 ? failure.doing : fmt::format("{} (rank {})", failure.doing, failure.peer);
  const RunError error = error_of(failure.status, doing);
  if (failure.peer >= 0 && means_lost_peer(failure.status))
    throw LostPeer(failure.peer, error.what(), error.native_code());
  throw error;
}

UcxBatch::UcxBatch(std::unique_ptr<Flight> flight, Graveyard& graveyard)
    : flight_(std::move(flight)), graveyard_(graveyard) {
  Preparer preparer(*flight_);
  preparer.prepare(flight_->receives, true);
  preparer.prepare(flight_->sends, false);
  preparer.prepare(flight_->puts, false);
  preparer.prepare(flight_->gets, false);
  preparer.prepare(flight_->flushes, false);
  operations_ = flight_->receives.size() + flight_->sends.size() + flight_->puts.size() +
                flight_->gets.size() + flight_->flushes.size();
}

UcxBatch::~UcxBatch() {
  if (flight_->pending == 0) return;
  // Nothing may arrive in memory that its owner is about to give back.
  for (Operation& receive : flight_->receives)
    ucp_request_cancel(flight_->engine.worker.handle(), receive.param.request);
  graveyard_.push_back(std::move(flight_));
}

void UcxBatch::post() {
  Flight& flight = *flight_;
  assert(flight.pending == 0 && !flight.failure);
  flight.pending = operations_;
  told_ = false;
  const ucp_worker_h worker = flight.engine.worker.handle();
  for (const Operation& o : flight.receives)
    started(flight, ucp_tag_recv_nbx(worker, o.data, o.bytes, o.tag, whole_tag, &o.param), o.peer, "receive");
  for (const Operation& o : flight.sends)
    started(flight, ucp_tag_send_nbx(o.endpoint, o.data, o.bytes, o.tag, &o.param), o.peer, "send");
  for (const Operation& o : flight.puts)
    started(flight, ucp_put_nbx(o.endpoint, o.data, o.bytes, o.remote_address, o.key, &o.param), o.peer,
            "put");
  for (const Operation& o : flight.gets)
    started(flight, ucp_get_nbx(o.endpoint, o.data, o.bytes, o.remote_address, o.key, &o.param), o.peer,
            "get");
  // A put's own completion says only that its source is free; the flush behind it, that the bytes are there.
  for (const Operation& o : flight.flushes)
    started(flight, ucp_ep_flush_nbx(o.endpoint, &o.param), o.peer, "flush puts");
}

void UcxBatch::raise_if_concerned() const {
  const Flight& flight = *flight_;
  if (flight.failure) raise(*flight.failure);
  if (flight.pending == 0) return;
  for (const auto* operations : {&flight.receives, &flight.sends, &flight.puts, &flight.gets})
    for (const Operation& operation : *operations)
      if (const ucs_status_t status = flight.engine.lost[static_cast<std::size_t>(operation.peer)];
          status != UCS_OK)
        raise({status, operation.peer, "connection lost"});
}

// What UCX finished while it was posted is told without another look at the network. Asked again, a batch
// that has landed moves the rest of the endpoint.
bool UcxBatch::test() {
  Flight& flight = *flight_;
  if (flight.pending != 0 || told_) flight.engine.worker.progress();
  if (flight.failure || flight.engine.any_lost) [[unlikely]]
    raise_if_concerned();
  told_ = flight.pending == 0;
  return told_;
}

}  // namespace podbench::ucx
