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

// The first operation of a batch that went wrong. UCX reports it from within a callback, through which
// nothing can be thrown; the next test() throws it.
struct Failure {
  ucs_status_t status = UCS_OK;
  int peer = -1;  // -1: not known
  const char* doing = "";
};
[[noreturn]] void raise(const Failure& failure);

// What the batches of an endpoint share. Outlives them.
struct Engine {
  const Worker& worker;
  // By rank; UCS_OK while its connection holds. A batch is concerned only by the peers that it names: when a
  // rank dies, others soon close their connections too, and they are not to blame.
  std::vector<ucs_status_t> lost;
  bool any_lost = false;

  void lose(int rank, ucs_status_t status) noexcept {
    lost[static_cast<std::size_t>(rank)] = status;
    any_lost = true;
  }
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
  std::optional<Failure> failure;
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
  void raise_if_concerned() const;

  std::unique_ptr<Flight> flight_;
  Graveyard& graveyard_;
  std::size_t operations_;
  bool told_ = true;  // test() has returned true since the last post()
};

}  // namespace podbench::ucx
