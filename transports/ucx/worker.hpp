// A UCX context with its one worker, opened for a device of a launch.
// Thread-safety: one thread. Errors: RunError with UCX's code. Lifetime: outlives all that is made from it.
#pragma once

#include <ucp/api/ucp.h>

#include <chrono>
#include <string_view>

#include "transports/rendezvous.hpp"

namespace podbench::ucx {

class Worker {
 public:
  Worker(std::string_view device, const Rendezvous& rendezvous, bool crowded);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  [[nodiscard]] ucp_context_h context() const noexcept { return context_; }
  [[nodiscard]] ucp_worker_h handle() const noexcept { return worker_; }
  void progress() const noexcept { ucp_worker_progress(worker_); }

  // Bytes that UCX wants in front of a request's handle.
  [[nodiscard]] std::size_t request_bytes() const noexcept { return request_bytes_; }

  // How other ranks reach this worker.
  [[nodiscard]] Blob address() const;

  // Whether block() can sleep on UCX's descriptor. UCX pays for that on each message, so it is asked for only
  // where more ranks than cores share the node.
  [[nodiscard]] bool can_block() const noexcept { return event_descriptor_ >= 0; }
  void block(std::chrono::microseconds span) const;

 private:
  void open_context(std::string_view device, const Rendezvous& rendezvous, bool wakeup);
  void open_worker(bool wakeup);

  ucp_context_h context_ = nullptr;
  ucp_worker_h worker_ = nullptr;
  std::size_t request_bytes_ = 0;
  int event_descriptor_ = -1;
};

}  // namespace podbench::ucx
