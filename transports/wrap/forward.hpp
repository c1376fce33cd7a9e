// An endpoint that hands everything to another one: what wrappers are made from.
#pragma once

#include <memory>

#include "transports/transport.hpp"

namespace podbench::wrap {

class ForwardingEndpoint : public Endpoint {
 public:
  explicit ForwardingEndpoint(std::unique_ptr<Endpoint> inner) noexcept : inner_(std::move(inner)) {}
  [[nodiscard]] int rank() const noexcept override { return inner_->rank(); }
  [[nodiscard]] int size() const noexcept override { return inner_->size(); }
  [[nodiscard]] const Capabilities& capabilities() const noexcept override { return inner_->capabilities(); }
  [[nodiscard]] std::unique_ptr<Memory> allocate(std::size_t bytes) override {
    return inner_->allocate(bytes);
  }
  [[nodiscard]] std::unique_ptr<Memory> adopt(std::byte* data, std::size_t bytes) override {
    return inner_->adopt(data, bytes);
  }
  [[nodiscard]] Blob expose(const Memory& memory) override { return inner_->expose(memory); }
  [[nodiscard]] std::unique_ptr<RemoteMemory> attach(int peer, std::span<const std::byte> exposed) override {
    return inner_->attach(peer, exposed);
  }
  [[nodiscard]] std::unique_ptr<Batch> prepare(std::span<const Transfer> transfers) override {
    return inner_->prepare(transfers);
  }
  [[nodiscard]] NativeCollectives* native() noexcept override { return inner_->native(); }
  void block(std::chrono::microseconds span) override { inner_->block(span); }
  void close(Deadline deadline) override { inner_->close(deadline); }

 protected:
  std::unique_ptr<Endpoint> inner_;
};

// Native collectives whose batches go through `wrap(call, batch)`.
template <typename Wrap>
class WrappedCollectives final : public NativeCollectives {
 public:
  WrappedCollectives(NativeCollectives& inner, Wrap wrap) : inner_(inner), wrap_(std::move(wrap)) {}
  [[nodiscard]] bool supports(Collective collective, DataType type, Op op) const noexcept override {
    return inner_.supports(collective, type, op);
  }
  [[nodiscard]] std::unique_ptr<Batch> prepare(const NativeCall& call) override {
    return wrap_(call, inner_.prepare(call));
  }

 private:
  NativeCollectives& inner_;
  Wrap wrap_;
};

}  // namespace podbench::wrap
