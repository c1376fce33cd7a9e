// What is found out about a pod once all of its links are there.
// Thread-safety: pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "analysis/pod/pod.hpp"

namespace podbench {

// Gives every switch without a tier its distance from the nearest port, in links.
void find_tiers(Pod& pod);

struct Unjoined {
  std::size_t node;
  std::string what;
};

// The first node that has a port without a link, or whose port on some rail cannot reach the other nodes'.
[[nodiscard]] std::optional<Unjoined> find_unjoined(const Pod& pod);

}  // namespace podbench
