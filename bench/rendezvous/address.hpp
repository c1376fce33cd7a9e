// Names and addresses of this node, and of stores.
// Thread-safety: reads the environment and the system's tables; safe while nobody changes them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace podbench {

// $PODBENCH_NODE, else Slurm's name for this node, else the host's own. RequestError for a PODBENCH_NODE that
// is no host name.
[[nodiscard]] std::string this_node();

// The numeric addresses of this host's interfaces that are up, loopback excluded, IPv4 first.
[[nodiscard]] std::vector<std::string> own_addresses();

// The numeric address by which other nodes reach this one: $PODBENCH_ADDRESS, else the source address of the
// route to `other_node`, else what this node's name resolves to, else the first of own_addresses(); never a
// loopback address. Empty where nothing is known.
[[nodiscard]] std::string reachable_address(const std::string& other_node);

struct HostPort {
  std::string host;  // numeric or a name, without brackets
  std::uint16_t port = 0;
};
// "10.0.0.1:4000,[fe80::1]:4000" -> its parts, at most 32. RequestError for anything else.
[[nodiscard]] std::vector<HostPort> parse_addresses(std::string_view text);

}  // namespace podbench
