// A libfabric endpoint with all that belongs to it, open and bound.
// Thread-safety: one thread. Errors: RunError with libfabric's code. Lifetime: outlives all that is made from
// it.
#pragma once

#include <chrono>
#include <string>

#include "transports/libfabric/handles.hpp"
#include "transports/rendezvous.hpp"

namespace podbench::libfabric {

class Port {
 public:
  // `name` is this rank's name for the opening, for providers whose endpoints are named files.
  Port(std::string_view device, const Rendezvous& rendezvous, const std::string& name, bool crowded);
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  [[nodiscard]] const fi_info& info() const noexcept { return *info_; }
  [[nodiscard]] fid_domain* domain() const noexcept { return domain_.get(); }
  [[nodiscard]] fid_ep* endpoint() const noexcept { return endpoint_.get(); }
  [[nodiscard]] fid_cq* completions() const noexcept { return completions_.get(); }

  [[nodiscard]] bool has_memory_mode(int mode) const noexcept {
    return (info_->domain_attr->mr_mode & mode) != 0;
  }
  [[nodiscard]] bool one_sided() const noexcept { return (info_->caps & FI_RMA) != 0; }

  // How other ranks reach this endpoint, and what stands for another's here.
  [[nodiscard]] Blob address() const;
  [[nodiscard]] fi_addr_t insert(int rank, const Blob& address);

  // Whether block() can sleep on a descriptor. Providers pay for one with every completion, so it is asked
  // for only where more ranks than cores share the node.
  [[nodiscard]] bool can_block() const noexcept { return descriptor_ >= 0; }
  void block(std::chrono::microseconds span);

 private:
  void open_completions(bool with_descriptor);

  Info info_;
  Handle<fid_fabric> fabric_;
  Handle<fid_domain> domain_;
  Handle<fid_av> addresses_;
  Handle<fid_cq> completions_;
  Handle<fid_ep> endpoint_;
  int descriptor_ = -1;
};

}  // namespace podbench::libfabric
