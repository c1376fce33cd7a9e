#include "bench/rendezvous/channel.hpp"

#include <sodium.h>

#include <algorithm>
#include <string_view>

#include "base/error.hpp"
#include "bench/rendezvous/message.hpp"

namespace podbench {
namespace {

constexpr std::string_view magic = "podbnch1";
constexpr std::size_t nonce_bytes = 32;
using Nonces = std::array<std::byte, 2 * nonce_bytes>;

static_assert(crypto_auth_BYTES == proof_bytes && crypto_auth_KEYBYTES == Secret::size_bytes);
static_assert(crypto_secretbox_KEYBYTES == Secret::size_bytes);

const unsigned char* raw(const std::byte* bytes) {
  return reinterpret_cast<const unsigned char*>(bytes);
}
unsigned char* raw(std::byte* bytes) {
  return reinterpret_cast<unsigned char*>(bytes);
}

// Labels have different lengths or letters, so that no MAC of one purpose serves another.
Blob labelled(std::string_view label, const Nonces& nonces) {
  Blob text = blob_of(label);
  text.insert(text.end(), nonces.begin(), nonces.end());
  return text;
}

Blob mac(const Secret& secret, std::string_view label, const Nonces& nonces) {
  const Blob text = labelled(label, nonces);
  Blob result(crypto_auth_BYTES);
  crypto_auth(raw(result.data()), raw(text.data()), text.size(), secret.bytes.data());
  return result;
}

bool verify(const Secret& secret, std::string_view label, const Nonces& nonces, const std::byte* given) {
  const Blob text = labelled(label, nonces);
  return crypto_auth_verify(raw(given), raw(text.data()), text.size(), secret.bytes.data()) == 0;
}

Secret session_key(const Secret& secret, std::string_view label, const Nonces& nonces) {
  const Blob bytes = mac(secret, label, nonces);
  Secret key;
  std::copy_n(raw(bytes.data()), bytes.size(), key.bytes.begin());
  return key;
}

constexpr std::string_view store_proof = "store", rank_proof = "rank";
constexpr std::string_view to_store = "rank to store", to_rank = "store to rank";

std::array<unsigned char, crypto_secretbox_NONCEBYTES> nonce_of(std::uint64_t count) {
  std::array<unsigned char, crypto_secretbox_NONCEBYTES> nonce{};
  for (std::size_t i = 0; i < 8; ++i) nonce[i] = static_cast<unsigned char>(count >> (8 * i) & 0xff);
  return nonce;
}

}  // namespace

Channel::Channel(const Secret& send_key, const Secret& receive_key, std::size_t most_receive_bytes)
    : send_key_(send_key), receive_key_(receive_key), most_receive_bytes_(most_receive_bytes) {}

void Channel::seal(std::span<const std::byte> plain, Blob& out) {
  const std::size_t length = plain.size() + crypto_secretbox_MACBYTES, start = out.size();
  out.resize(start + 4 + length);
  for (std::size_t i = 0; i < 4; ++i) out[start + i] = static_cast<std::byte>(length >> (8 * i) & 0xff);
  crypto_secretbox_easy(raw(&out[start + 4]), raw(plain.data()), plain.size(), nonce_of(sent_++).data(),
                        send_key_.bytes.data());
}

std::optional<Blob> Channel::open(std::span<const std::byte> in, std::size_t& used) {
  used = 0;
  if (in.size() < 4) return std::nullopt;
  std::size_t length = 0;
  for (std::size_t i = 0; i < 4; ++i) length |= std::to_integer<std::size_t>(in[i]) << (8 * i);
  if (length < crypto_secretbox_MACBYTES || length > most_receive_bytes_)
    throw RunError("a frame of impossible length");
  if (in.size() - 4 < length) return std::nullopt;
  Blob plain(length - crypto_secretbox_MACBYTES);
  if (crypto_secretbox_open_easy(raw(plain.data()), raw(&in[4]), length, nonce_of(received_).data(),
                                 receive_key_.bytes.data()) != 0)
    throw RunError("a frame that does not carry the launch's seal");
  ++received_;
  used = 4 + length;
  return plain;
}

RankHandshake::RankHandshake(const Secret& secret) : secret_(secret) {
  std::copy_n(bytes_of(magic).begin(), magic.size(), hello_.begin());
  randombytes_buf(&hello_[magic.size()], nonce_bytes);
  std::copy_n(&hello_[magic.size()], nonce_bytes, nonces_.begin());
}

std::optional<Blob> RankHandshake::answer(std::span<const std::byte, challenge_bytes> challenge) {
  std::copy_n(challenge.begin(), nonce_bytes, nonces_.begin() + nonce_bytes);
  if (!verify(secret_, store_proof, nonces_, &challenge[nonce_bytes])) return std::nullopt;
  return mac(secret_, rank_proof, nonces_);
}

Channel RankHandshake::channel() const {
  return Channel(session_key(secret_, to_store, nonces_), session_key(secret_, to_rank, nonces_),
                 most_store_frame_bytes);
}

std::optional<Blob> StoreHandshake::answer(std::span<const std::byte, hello_bytes> hello) {
  if (!std::equal(magic.begin(), magic.end(), hello.begin(),
                  [](char c, std::byte b) { return static_cast<std::byte>(c) == b; }))
    return std::nullopt;
  std::copy_n(&hello[magic.size()], nonce_bytes, nonces_.begin());
  randombytes_buf(&nonces_[nonce_bytes], nonce_bytes);
  Blob challenge(nonces_.begin() + nonce_bytes, nonces_.end());
  const Blob proof = mac(secret_, store_proof, nonces_);
  challenge.insert(challenge.end(), proof.begin(), proof.end());
  return challenge;
}

bool StoreHandshake::accept(std::span<const std::byte, proof_bytes> proof) const {
  return verify(secret_, rank_proof, nonces_, proof.data());
}

Channel StoreHandshake::channel() const {
  return Channel(session_key(secret_, to_rank, nonces_), session_key(secret_, to_store, nonces_),
                 most_rank_frame_bytes);
}

}  // namespace podbench
