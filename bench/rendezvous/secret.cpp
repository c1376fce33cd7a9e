#include "bench/rendezvous/secret.hpp"

#include <sodium.h>

#include "base/error.hpp"

namespace podbench {
namespace {

void start_sodium() {
  if (sodium_init() < 0) throw RunError("libsodium cannot be initialised (no source of random bytes)");
}

std::string to_hex(const unsigned char* bytes, std::size_t count) {
  std::string hex(2 * count + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), bytes, count);
  hex.pop_back();
  return hex;
}

}  // namespace

Secret::~Secret() {
  sodium_memzero(bytes.data(), bytes.size());
}

Secret Secret::random() {
  start_sodium();
  Secret secret;
  randombytes_buf(secret.bytes.data(), secret.bytes.size());
  return secret;
}

Secret Secret::from_hex(std::string_view hex) {
  start_sodium();
  Secret secret;
  std::size_t length = 0;
  const char* end = nullptr;
  if (hex.size() != 2 * size_bytes ||
      sodium_hex2bin(secret.bytes.data(), size_bytes, hex.data(), hex.size(), nullptr, &length, &end) != 0 ||
      length != size_bytes || end != hex.data() + hex.size())
    throw RequestError("the launch's secret must be 64 hexadecimal digits");
  return secret;
}

std::string Secret::hex() const {
  return to_hex(bytes.data(), bytes.size());
}

std::string new_launch_id() {
  start_sodium();
  std::array<unsigned char, 16> id;
  randombytes_buf(id.data(), id.size());
  return to_hex(id.data(), id.size());
}

}  // namespace podbench
