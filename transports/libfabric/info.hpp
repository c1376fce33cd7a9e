// What libfabric offers here: the question, the words for the answers, and the choice among them.
//
// A provider's word is its own name. libfabric stacks some under a helper that makes reliable datagrams of
// connections ("tcp;ofi_rxm"); such a stack goes by the name of its bottom ("tcp"), unless that has reliable
// datagrams itself: then the stack is called "net+rxm".
// Thread-safety: pure; libfabric keeps its own locks.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "transports/libfabric/handles.hpp"
#include "transports/rendezvous.hpp"

namespace podbench::libfabric {

// What is asked for beyond reliable, ordered, tagged datagrams.
struct Wish {
  bool one_sided = false;    // put and get, with delivery complete
  bool other_nodes = false;  // peers on other nodes
};

// Every way here to do so, libfabric's best first; null if there is none.
[[nodiscard]] Info query(Wish wish);

// Word and provider ("tcp", "tcp;ofi_rxm") of what a query gave, in its order.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> words_of(const fi_info* offers);

// The numeric source address of an offer; empty where it has none of the Internet's.
[[nodiscard]] std::string source_of(const fi_info& offer);

// The offer through which this launch goes, in a list of its own: of the device's provider, the one whose
// source is the rendezvous's address; on a single node without a known address the loopback. Where the
// provider's addresses are not the Internet's, its first. RequestError for a word that nothing here has,
// RunError where the provider cannot reach the launch's ranks.
[[nodiscard]] Info choose(std::string_view device, const Rendezvous& rendezvous);

}  // namespace podbench::libfabric
