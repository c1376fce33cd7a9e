#include "bench/rendezvous/blame.hpp"

#include <fmt/format.h>

namespace podbench {
namespace {

std::string name_in(const std::vector<std::string>& hosts, int rank) {
  const auto index = static_cast<std::size_t>(rank);
  return name_rank(rank, rank >= 0 && index < hosts.size() ? hosts[index] : std::string());
}

std::string describe_stall(const StoreEvent& event, const std::vector<std::string>& hosts) {
  constexpr std::size_t most_named = 4;
  const std::string waited = fmt::format("{} waited in vain{}{}", name_in(hosts, event.rank),
                                         event.text.empty() ? "" : " while ", event.text);
  const auto& blamed = event.blamed_ranks;
  if (blamed.empty()) return fmt::format("all ranks wait for each other: {}", waited);
  std::string names;
  for (std::size_t i = 0; i < blamed.size() && i < most_named; ++i)
    names += fmt::format("{}{}", i == 0 ? "" : ", ", name_in(hosts, blamed[i]));
  if (blamed.size() > most_named) names += fmt::format(" and {} more", blamed.size() - most_named);
  return fmt::format("{} {}: {}", names, blamed.size() == 1 ? "hangs" : "hang", waited);
}

}  // namespace

std::string name_rank(int rank, std::string_view host) {
  return host.empty() ? fmt::format("rank {}", rank) : fmt::format("rank {} on {}", rank, host);
}

std::string describe(const StoreEvent& event, const std::vector<std::string>& hosts) {
  switch (event.kind) {
    case StoreEvent::Kind::lost:
      return fmt::format("{} is lost: {}", name_rank(event.rank, event.host), event.text);
    case StoreEvent::Kind::aborted:
      if (event.blamed >= 0 && event.blamed != event.rank)
        return fmt::format("{} is to blame, says {}: {}", name_in(hosts, event.blamed),
                           name_rank(event.rank, event.host), event.text);
      return fmt::format("{} gave up: {}", name_rank(event.rank, event.host), event.text);
    case StoreEvent::Kind::stalled:
      return describe_stall(event, hosts);
    case StoreEvent::Kind::stalling:
    case StoreEvent::Kind::joined:
    case StoreEvent::Kind::finished:
      break;
  }
  return name_rank(event.rank, event.host);
}

int blamed_rank(const StoreEvent& event) {
  if (event.kind == StoreEvent::Kind::lost) return event.rank;
  if (event.kind == StoreEvent::Kind::aborted) return event.blamed;
  return event.blamed_ranks.size() == 1 ? event.blamed_ranks.front() : -1;
}

}  // namespace podbench
