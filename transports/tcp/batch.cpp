#include "transports/tcp/batch.hpp"

#include <algorithm>
#include <cassert>

#include "transports/tcp/endpoint.hpp"

namespace podbench::tcp {

TcpBatch::TcpBatch(TcpEndpoint& endpoint, std::span<const Transfer> transfers) : endpoint_(endpoint) {
  operations_.reserve(transfers.size());
  for (const TransferKind kind : {TransferKind::receive, TransferKind::send})
    for (const Transfer& transfer : transfers)
      if (transfer.kind == kind) add(transfer);
  assert(operations_.size() == transfers.size() && "put and get are not among the capabilities");
  for (Link* link : links_) link->want();
}

TcpBatch::~TcpBatch() {
  if (outstanding_ > 0) endpoint_.abandon();
}

void TcpBatch::add(const Transfer& transfer) {
  assert(transfer.peer >= 0 && transfer.peer < endpoint_.size() && transfer.tag <= largest_tag);
  assert(transfer.reduce == nullptr && "direct is not among the capabilities");
  Operation operation;
  operation.data = transfer.data;
  operation.bytes = transfer.bytes;
  operation.tag = transfer.tag;
  operation.receives = transfer.kind == TransferKind::receive;
  operation.outstanding = &outstanding_;
  if (transfer.peer == endpoint_.rank()) {
    operation.counter = &endpoint_.self().counter(transfer.tag);
  } else {
    Link& link = endpoint_.link(transfer.peer);
    operation.connection = &link.connection();
    operation.counter = &link.connection().counter(transfer.tag);
    if (std::ranges::find(links_, &link) == links_.end()) links_.push_back(&link);
  }
  operations_.push_back(operation);
}

void TcpBatch::post() {
  assert(outstanding_ == 0 && "the previous post has not completed");
  endpoint_.guarded([this] {
    outstanding_ = operations_.size();
    for (Operation& operation : operations_) {
      if (operation.connection == nullptr)
        endpoint_.self().post(operation);
      else if (operation.receives)
        operation.connection->post_receive(operation);
      else
        operation.connection->post_send(operation);
    }
    for (Link* link : links_) link->connection().flush();
  });
}

bool TcpBatch::test() {
  if (outstanding_ == 0 && !operations_.empty()) return true;
  endpoint_.progress(links_);
  return outstanding_ == 0;
}

}  // namespace podbench::tcp
