// A batch over TCP: its operations, resolved to links and tag counters. Posting walks an array.
// Thread-safety, errors, lifetime: as transport.hpp says.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "transports/tcp/link.hpp"
#include "transports/tcp/operation.hpp"
#include "transports/transport.hpp"

namespace podbench::tcp {

class TcpEndpoint;

class TcpBatch final : public Batch {
 public:
  TcpBatch(TcpEndpoint& endpoint, std::span<const Transfer> transfers);
  ~TcpBatch() override;
  TcpBatch(const TcpBatch&) = delete;
  TcpBatch& operator=(const TcpBatch&) = delete;

  void post() override;
  [[nodiscard]] bool test() override;

 private:
  void add(const Transfer& transfer);

  TcpEndpoint& endpoint_;
  std::vector<Operation> operations_;  // receives first, so that no message of a peer is met unprepared
  std::vector<Link*> links_;           // each once
  std::size_t outstanding_ = 0;
};

}  // namespace podbench::tcp
