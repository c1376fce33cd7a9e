// Store events in words, for the one line that says why a launch ended.
// Thread-safety: pure.
#pragma once

#include <string>
#include <string_view>

#include "bench/rendezvous/store_server.hpp"

namespace podbench {

// "rank 3 on node07".
[[nodiscard]] std::string name_rank(int rank, std::string_view host);

// Why `event` (lost, aborted or stalled) ends the launch: "rank 3 on node07 hangs: rank 0 waited for it in
// vain while running allreduce/ring". `hosts` by rank, empty where unknown.
[[nodiscard]] std::string describe(const StoreEvent& event, const std::vector<std::string>& hosts);

// Which rank it blames, -1 where none or several.
[[nodiscard]] int blamed_rank(const StoreEvent& event);

}  // namespace podbench
