// A batch as UCX operations: everything is resolved when it is made, so that post() only hands operations
// over and test() only looks at a counter and lets UCX move.
// Thread-safety: one thread. Lifetime: see Flight.
#pragma once

#include <ucp/api/ucp.h>

#include <cstdlib>
#include <memory>
#include <optional>
#include <vector>

#include "transports/transport.hpp"
#include "transports/ucx/worker.hpp"

namespace podbench::ucx {

// The first thing that went wrong on an endpoint. UCX reports from within callbacks, through which nothing
// can be thrown; the next test() throws it.
struct Failure {
  ucs_status_t status = UCS_OK;
  int peer = -1;  // -1: not known
  const char* doing = "";
};

// What the batches of an endpoint share. Outlives them.
struct Engine {
  const Worker& worker;
  std::optional<Failure> failure;

  void fail(const Failure& first) noexcept {
    if (!failure) failure = first;
  }
  [[noreturn]] void raise() const;
};

// One UCX operation; the fields that its kind does not use stay empty.
struct Operation {
  ucp_ep_h endpoint = nullptr;
  void* data = nullptr;
  std::size_t bytes = 0;
  ucp_tag_t tag = 0;
  std::uint64_t remote_address = 0;
  ucp_rkey_h key = nullptr;
  int peer = -1;
  ucp_request_param_t param{};
};

// The part of a batch that UCX may still use after the batch is gone: a broken launch leaves operations
// behind, and their requests must stay until the worker is destroyed.
struct Flight {
  explicit Flight(Engine& shared) : engine(shared) {}

  Engine& engine;
  std::size_t pending = 0;
  std::vector<Operation> receives, sends, puts, gets, flushes;
  // Each operation's request; UCX takes the address behind it for its handle.
  std::unique_ptr<std::byte, decltype(&std::free)> requests{nullptr, std::free};
};

class UcxBatch final : public Batch {
 public:
  // Where a flight goes that is destroyed before it has landed.
  using Graveyard = std::vector<std::unique_ptr<Flight>>;

  // `flight` has its operations with endpoint, data, tag, key; the rest is filled in here.
  UcxBatch(std::unique_ptr<Flight> flight, Graveyard& graveyard);
  ~UcxBatch() override;
  UcxBatch(const UcxBatch&) = delete;
  UcxBatch& operator=(const UcxBatch&) = delete;

  void post() override;
  [[nodiscard]] bool test() override;

 private:
  std::unique_ptr<Flight> flight_;
  Graveyard& graveyard_;
  std::size_t operations_;
  bool told_ = true;  // test() has returned true since the last post()
};

}  // namespace podbench::ucx
