#include "base/uuid.hpp"

#include <errno.h>
#include <fmt/format.h>
#include <sys/random.h>

#include "base/error.hpp"

namespace podbench {

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  // Up to 256 bytes come whole or not at all; only a signal before the pool is ready interrupts.
  while (getrandom(&seed, sizeof seed, 0) != static_cast<ssize_t>(sizeof seed))
    if (errno != EINTR) throw system_error("asking the system for random bytes", errno);
  return seed;
}

std::string new_uuid() {
  const std::uint64_t high = (random_seed() & ~std::uint64_t{0xf000}) | 0x4000;                 // version 4
  const std::uint64_t low = (random_seed() & 0x3fff'ffff'ffff'ffffu) | 0x8000'0000'0000'0000u;  // RFC variant
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, high >> 16 & 0xffff, high & 0xffff,
                     low >> 48, low & 0xffff'ffff'ffffu);
}

}  // namespace podbench
