// libfabric's objects with owners. Thread-safety: values.
#pragma once

#include <rdma/fabric.h>
#include <rdma/fi_domain.h>
#include <rdma/fi_endpoint.h>

#include <memory>

namespace podbench::libfabric {

struct InfoDeleter {
  void operator()(fi_info* info) const noexcept { fi_freeinfo(info); }
};
using Info = std::unique_ptr<fi_info, InfoDeleter>;  // with all that follow it in the list

struct FidDeleter {
  template <typename T>
  void operator()(T* object) const noexcept {
    fi_close(&object->fid);  // an object that cannot be closed cannot be mended either
  }
};
template <typename T>
using Handle = std::unique_ptr<T, FidDeleter>;

}  // namespace podbench::libfabric
