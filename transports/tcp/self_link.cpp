#include "transports/tcp/self_link.hpp"

#include <fmt/format.h>

#include <cstring>

#include "base/error.hpp"

namespace podbench::tcp {

TagCounter& SelfLink::counter(std::uint16_t tag) {
  for (TagCounter& counter : counters_)
    if (counter.tag == tag) return counter;
  return counters_.emplace_back(TagCounter{tag});
}

void SelfLink::post(Operation& operation) {
  operation.sequence = operation.receives ? operation.counter->received++ : operation.counter->sent++;
  OperationList& others = operation.receives ? sends_ : receives_;
  Operation* match = others.find(operation.tag, operation.sequence);
  if (match == nullptr) return (operation.receives ? receives_ : sends_).push_back(operation);
  others.remove(*match);
  const Operation& send = operation.receives ? *match : operation;
  const Operation& receive = operation.receives ? operation : *match;
  if (send.bytes > receive.bytes)
    throw RunError(fmt::format("this rank sent itself {} bytes under tag {} where it receives {}", send.bytes,
                               send.tag, receive.bytes));
  if (send.bytes > 0) std::memcpy(receive.data, send.data, send.bytes);
  match->complete();
  operation.complete();
}

}  // namespace podbench::tcp
