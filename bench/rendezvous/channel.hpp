// A connection's cryptography, apart from its socket: each side proves that it knows the launch's secret, and
// everything after that is encrypted, authenticated and in order.
//
//   rank  -> store   hello      8 bytes of magic, 32 random bytes a
//   store -> rank    challenge  32 random bytes b, MAC(secret, "store", a, b)
//   rank  -> store   proof      MAC(secret, "rank", a, b)
//   both             frames     32-bit length, then the box of one message; keys from MAC(secret, ..., a, b),
//                               one a direction; the nonce counts the frames
//
// MAC is HMAC-SHA-512-256 and the box XSalsa20-Poly1305 (libsodium); comparison takes constant time.
// Thread-safety: sending and receiving may be done by one thread each; nothing else is safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "bench/rendezvous/secret.hpp"
#include "transports/rendezvous.hpp"

namespace podbench {

inline constexpr std::size_t hello_bytes = 40;
inline constexpr std::size_t challenge_bytes = 64;
inline constexpr std::size_t proof_bytes = 32;

// What the store takes in one frame, and what a rank does (the roster of many nodes is long).
inline constexpr std::size_t most_rank_frame_bytes = 65'536 + 2'048;
inline constexpr std::size_t most_store_frame_bytes = std::size_t{1} << 25;

class Channel {
 public:
  Channel(const Secret& send_key, const Secret& receive_key, std::size_t most_receive_bytes);

  // Appends the frame of `plain` to `out`.
  void seal(std::span<const std::byte> plain, Blob& out);

  // Takes the frame at the front of `in`. `used` is how many bytes of `in` it took, 0 while it is incomplete;
  // nothing and `used` > 0 cannot be. RunError for a frame that is too long or forged.
  [[nodiscard]] std::optional<Blob> open(std::span<const std::byte> in, std::size_t& used);

 private:
  Secret send_key_, receive_key_;
  std::size_t most_receive_bytes_;
  std::uint64_t sent_ = 0, received_ = 0;
};

// The rank's side of the handshake.
class RankHandshake {
 public:
  explicit RankHandshake(const Secret& secret);
  [[nodiscard]] const std::array<std::byte, hello_bytes>& hello() const noexcept { return hello_; }
  // The proof to send, or nothing where the store does not know the secret.
  [[nodiscard]] std::optional<Blob> answer(std::span<const std::byte, challenge_bytes> challenge);
  [[nodiscard]] Channel channel() const;

 private:
  Secret secret_;
  std::array<std::byte, hello_bytes> hello_;
  std::array<std::byte, 64> nonces_{};
};

// The store's side.
class StoreHandshake {
 public:
  explicit StoreHandshake(const Secret& secret) : secret_(secret) {}
  // The challenge to send, or nothing where this is not a rank's hello.
  [[nodiscard]] std::optional<Blob> answer(std::span<const std::byte, hello_bytes> hello);
  [[nodiscard]] bool accept(std::span<const std::byte, proof_bytes> proof) const;
  [[nodiscard]] Channel channel() const;

 private:
  Secret secret_;
  std::array<std::byte, 64> nonces_{};
};

}  // namespace podbench
