#include "transports/shm/introduction.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstring>

#include "transports/opening.hpp"
#include "transports/shm/sleep.hpp"

namespace podbench::shm {
namespace {

// What a rank tells the others about itself.
struct Card {
  std::uint64_t magic = mailbox_magic;
  Neighbourhood neighbourhood{};
  std::uint64_t mailbox_address = 0;
  std::int32_t process = 0;
  std::int32_t mailbox_file = -1;
  std::uint32_t fences_registered = 0;
  std::uint32_t user = 0;
};

Card read_card(const Blob& blob, int rank) {
  Card card;
  if (blob.size() != sizeof card)
    throw RunError(fmt::format("rank {} runs another version of podbench", rank));
  std::memcpy(&card, blob.data(), sizeof card);
  if (card.magic != mailbox_magic)
    throw RunError(fmt::format("rank {} runs another version of podbench", rank));
  return card;
}

void check_is_here(Rendezvous& rendezvous, const Card& card, const Card& own, int rank) {
  if (rendezvous.node(rank) != rendezvous.node(rendezvous.rank()) ||
      card.neighbourhood.boot != own.neighbourhood.boot)
    throw RunError(fmt::format("shm needs all ranks on one node, but rank {} is on {} and rank {} is on {}",
                               rendezvous.rank(), rendezvous.host(rendezvous.rank()), rank,
                               rendezvous.host(rank)));
  if (card.neighbourhood != own.neighbourhood)
    throw RunError(
        fmt::format("shm needs all ranks in one container, but rank {} runs in another PID namespace "
                    "than rank {}; share it (docker: --pid=container:...)",
                    rank, rendezvous.rank()));
  if (card.user != own.user)
    throw RunError(
        fmt::format("shm needs all ranks to run as one user, but rank {} runs as user {} and rank {} "
                    "as {}",
                    rank, card.user, rendezvous.rank(), own.user));
}

// Reads a word of the peer's memory that is known, through the kernel.
bool can_cross(const Process& process, const Card& card) {
  std::uint64_t magic = 0;
  try {
    process.read(card.mailbox_address, reinterpret_cast<std::byte*>(&magic), sizeof magic);
  } catch (const LostPeer&) {
    throw;
  } catch (const RunError&) {  // not permitted here: long private messages go through the ring
    return false;
  }
  return magic == mailbox_magic;
}

}  // namespace

Introduction introduce(Rendezvous& rendezvous, int file, Mailbox& mailbox, Deadline deadline) {
  Card own;
  own.neighbourhood = own_neighbourhood();
  own.mailbox_address = reinterpret_cast<std::uint64_t>(&mailbox);
  own.process = getpid();
  own.mailbox_file = file;
  own.fences_registered = register_for_fences() ? 1 : 0;
  own.user = geteuid();
  permit_crossing();
  const auto blobs =
      all_gather(rendezvous, opening_key(rendezvous, "shm"), std::as_bytes(std::span(&own, 1)), deadline);

  std::vector<Card> cards;
  for (int rank = 0; rank < rendezvous.size(); ++rank) {
    cards.push_back(read_card(blobs[static_cast<std::size_t>(rank)], rank));
    check_is_here(rendezvous, cards.back(), own, rank);
  }

  Introduction result{{}, true, true};
  for (int rank = 0; rank < rendezvous.size(); ++rank) {
    const Card& card = cards[static_cast<std::size_t>(rank)];
    Process process(rank, card.process);
    Mapping theirs = process.map(card.mailbox_file, mailbox_bytes(rendezvous.size()));
    Mailbox& their_mailbox = *reinterpret_cast<Mailbox*>(theirs.data());
    if (their_mailbox.magic != mailbox_magic) throw RunError(fmt::format("rank {} has no mailbox", rank));
    Ring& to = ring_of(their_mailbox, rendezvous.rank());
    Ring& from = ring_of(mailbox, rank);
    const bool crosses = can_cross(process, card);
    from.crossing_works.store(crosses ? 1 : 0, std::memory_order_relaxed);
    result.all_cross = result.all_cross && crosses;
    result.fences_registered = result.fences_registered && card.fences_registered != 0;
    result.peers.push_back(std::make_unique<Peer>(rank, std::move(process), std::move(theirs), from, to));
    result.peers.back()->is_self = rank == rendezvous.rank();
  }
  rendezvous.fence(deadline);
  for (const auto& peer : result.peers)
    peer->reads_us =
        ring_of(peer->mailbox, rendezvous.rank()).crossing_works.load(std::memory_order_relaxed) != 0;
  return result;
}

}  // namespace podbench::shm
