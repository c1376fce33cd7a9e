#include "transports/tcp/address_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "transports/opening.hpp"

namespace podbench::tcp {
namespace {

constexpr std::size_t longest_address = 64;  // an IPv6 address with its scope has at most 62 characters
constexpr std::size_t fixed_bytes = sizeof(std::uint16_t) + sizeof(Token);

}  // namespace

Blob encode(const Contact& contact) {
  Blob blob(fixed_bytes + contact.address.size());
  std::memcpy(blob.data(), &contact.port, sizeof contact.port);
  std::memcpy(blob.data() + sizeof contact.port, contact.token.data(), contact.token.size());
  std::memcpy(blob.data() + fixed_bytes, contact.address.data(), contact.address.size());
  return blob;
}

Contact decode_contact(int rank, const Blob& blob) {
  if (blob.size() <= fixed_bytes || blob.size() > fixed_bytes + longest_address)
    throw RunError(fmt::format("rank {} published a TCP contact of {} bytes", rank, blob.size()));
  Contact contact;
  std::memcpy(&contact.port, blob.data(), sizeof contact.port);
  std::memcpy(contact.token.data(), blob.data() + sizeof contact.port, contact.token.size());
  contact.address.assign(reinterpret_cast<const char*>(blob.data() + fixed_bytes), blob.size() - fixed_bytes);
  return contact;
}

std::string listening_address(const Rendezvous& rendezvous) {
  bool one_node = true;
  for (int rank = 1; rank < rendezvous.size() && one_node; ++rank)
    one_node = rendezvous.node(rank) == rendezvous.node(0);
  if (one_node) return "127.0.0.1";
  if (rendezvous.address().empty())
    throw RunError("tcp: the launch spans nodes, but nothing says by which address others reach this one");
  return rendezvous.address();
}

std::vector<Contact> gather_contacts(Rendezvous& rendezvous, const Contact& own, Deadline deadline) {
  const std::vector<Blob> blobs =
      all_gather(rendezvous, opening_key(rendezvous, "tcp"), encode(own), deadline);
  std::vector<Contact> contacts;
  contacts.reserve(blobs.size());
  for (std::size_t rank = 0; rank < blobs.size(); ++rank)
    contacts.push_back(decode_contact(static_cast<int>(rank), blobs[rank]));
  return contacts;
}

}  // namespace podbench::tcp
