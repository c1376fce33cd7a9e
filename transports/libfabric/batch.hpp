// A batch as libfabric operations: everything is resolved when it is made, so that post() only hands
// operations over and test() only reads completions.
// Thread-safety: one thread. Lifetime: see Flight.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "transports/libfabric/port.hpp"
#include "transports/transport.hpp"

namespace podbench::libfabric {

struct Flight;

enum class Kind : std::uint8_t { receive, send, inject, put, get };

struct Operation {
  fi_context2 context{};  // first: the provider's while in flight, and the way from a completion back to here
  Flight* flight = nullptr;
  void* data = nullptr;
  std::size_t bytes = 0;
  void* descriptor = nullptr;
  fi_addr_t address = FI_ADDR_UNSPEC;
  std::uint64_t tag = 0;
  std::uint64_t remote_address = 0, key = 0;
  int peer = -1;
  Kind kind = Kind::receive;
};

// Reads completions for all flights of a port. Outlives them.
class Engine {
 public:
  explicit Engine(Port& port) : port_(port) {}

  // Takes the completions that are there. RunError where the queue itself is broken.
  void progress();

  // Hands an operation over: 0, or libfabric's negative code.
  [[nodiscard]] long start(Operation& operation) noexcept;

  // Flights with an operation that the provider would not take yet; while there are any, nothing may come to
  // wake a sleeper.
  int waiting = 0;

 private:
  void take_error();

  Port& port_;
};

// What went wrong with a flight; the next test() throws it.
struct Failure {
  long code = 0;
  int peer = -1;
  Kind kind = Kind::receive;
  std::string detail;  // the provider's own words
};

// The part of a batch that the provider may still use after the batch is gone: a broken launch leaves
// operations behind, and they must stay until the port is closed.
struct Flight {
  explicit Flight(Engine& shared) : engine(shared) {}

  // Hands over what the provider takes; the rest stays in order for the next time.
  void start();
  void fail(const Operation& operation, long code, std::string detail);

  Engine& engine;
  std::vector<Operation> operations;  // receives first
  std::size_t next = 0;               // operations before it have been handed over
  bool waiting = false;               // the provider would not take the next one
  std::size_t pending = 0;
  std::optional<Failure> failure;
};

class FabricBatch final : public Batch {
 public:
  // Where a flight goes that is destroyed before it has landed.
  using Graveyard = std::vector<std::unique_ptr<Flight>>;

  FabricBatch(std::unique_ptr<Flight> flight, Port& port, Graveyard& graveyard);
  ~FabricBatch() override;
  FabricBatch(const FabricBatch&) = delete;
  FabricBatch& operator=(const FabricBatch&) = delete;

  void post() override;
  [[nodiscard]] bool test() override;

 private:
  std::unique_ptr<Flight> flight_;
  Port& port_;
  Graveyard& graveyard_;
  bool told_ = true;  // test() has returned true since the last post()
};

}  // namespace podbench::libfabric
