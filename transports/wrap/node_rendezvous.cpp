#include "transports/wrap/node_rendezvous.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cstdint>
#include <exception>

#include "transports/opening.hpp"

namespace podbench {
namespace {

// Keys of the launch's own openings are another's.
std::string own_key(std::string_view key) {
  return fmt::format("node/{}", key);
}

// Nodes that share a machine, as those of a lab do, must not take each other's names.
std::string id_of_part(const std::string& launch_id, int first_rank) {
  constexpr std::size_t digits = 8;
  if (launch_id.size() < digits) return launch_id;
  const char* const end = launch_id.data() + launch_id.size();
  std::uint32_t last = 0;
  std::from_chars(end - digits, end, last, 16);
  return fmt::format("{}{:08x}", std::string_view(launch_id).substr(0, launch_id.size() - digits),
                     last ^ (static_cast<std::uint32_t>(first_rank) + 1));
}

}  // namespace

NodeRendezvous::NodeRendezvous(Rendezvous& whole, std::vector<int> members)
    : whole_(whole),
      members_(std::move(members)),
      launch_id_(id_of_part(whole.launch_id(), members_.front())) {
  const auto place = std::lower_bound(members_.begin(), members_.end(), whole.rank());
  assert(place != members_.end() && *place == whole.rank());
  rank_ = static_cast<int>(place - members_.begin());
}

std::vector<int> ranks_of_own_node(const Rendezvous& rendezvous) {
  std::vector<int> ranks;
  for (int rank = 0; rank < rendezvous.size(); ++rank)
    if (rendezvous.node(rank) == rendezvous.node(rendezvous.rank())) ranks.push_back(rank);
  return ranks;
}

void NodeRendezvous::publish(std::string_view key, std::span<const std::byte> value) {
  whole_.publish(own_key(key), value);
}

void NodeRendezvous::fence(Deadline deadline) {
  if (progress_) return fence_progressing(whole_, deadline, progress_);
  whole_.fence(deadline);
}

Blob NodeRendezvous::lookup(int rank, std::string_view key, Deadline deadline) {
  return whole_.lookup(member(rank), own_key(key), deadline);
}

void NodeRendezvous::abort(int blamed_rank, std::string_view reason) noexcept {
  whole_.abort(blamed_rank < 0 ? blamed_rank : member(blamed_rank), reason);
  std::terminate();  // GCC 12 does not see that a virtual function never returns
}

void NodeRendezvous::report_stall(std::span<const int> peers, std::string_view doing) noexcept {
  std::vector<int> whole;
  for (const int peer : peers) whole.push_back(member(peer));
  whole_.report_stall(whole, doing);
  std::terminate();
}

}  // namespace podbench
