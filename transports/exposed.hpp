// How memory for one-sided access is told to a peer: a plain struct that begins with `address` and `bytes`,
// byte for byte; ranks of a launch run the same program on the same kind of machine.
// Thread-safety: pure. Errors: RunError for what no memory can be.
#pragma once

#include <fmt/format.h>

#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

#include "base/error.hpp"
#include "transports/rendezvous.hpp"

namespace podbench {

template <typename Exposed>
[[nodiscard]] Blob blob_of(const Exposed& exposed) {
  static_assert(std::is_trivially_copyable_v<Exposed>);
  Blob blob(sizeof exposed);
  std::memcpy(blob.data(), &exposed, sizeof exposed);
  return blob;
}

// `transport` is named in the error.
template <typename Exposed>
[[nodiscard]] Exposed exposed_from(std::string_view transport, std::span<const std::byte> blob) {
  static_assert(std::is_trivially_copyable_v<Exposed>);
  Exposed exposed{};
  if (blob.size() != sizeof exposed)
    throw RunError(fmt::format("{}: a peer exposed memory in {} bytes instead of {}", transport, blob.size(),
                               sizeof exposed));
  std::memcpy(&exposed, blob.data(), sizeof exposed);
  if (exposed.address + exposed.bytes < exposed.address)
    throw RunError(fmt::format("{}: a peer exposed memory beyond the end of its address space", transport));
  return exposed;
}

}  // namespace podbench
