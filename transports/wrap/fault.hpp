// Faults on purpose: an endpoint that behaves badly in a way that is asked for, to prove that the rest of the
// program notices.
//
// A specification is text: faults separated by `;`, each `kind:key=value,...`:
//   flip:rank=1,after=3              one bit of the fourth message that rank 1 receives is turned over
//   delay:rank=2,ns=50000            every post of rank 2 comes that much later
//   lag:rank=2,ns=50000              the same, and the program's own messages are late too
//   pause:rank=1,after=10,ms=1000    rank 1 stands still once, at its eleventh post
//   kill:rank=1,after=5              rank 1 kills itself at its sixth post
//   hang:rank=0,after=5              rank 0 never comes back from its sixth post
//   slow:rank=0,bytes_per_second=1000000   rank 0's transfers take at least that long
//   stretch:rank=0,percent=5         every post of rank 0 takes that much longer than it took
//   clock:rank=1,ppb=20000           rank 1's clock is a minute ahead and runs 20 us a second too fast
// `rank=all` means every rank; `after` is 0 where it is left out. Transfers with a tag from first_control_tag
// up, and barriers, are the program's own business: but for lag they are neither counted nor disturbed.
// Thread-safety: as an endpoint's. Errors: RequestError for a specification that means nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "transports/transport.hpp"

namespace podbench {

inline constexpr std::uint16_t first_control_tag = 16'000;

enum class FaultKind : std::uint8_t { flip, delay, lag, pause, kill, hang, slow, stretch, clock };

struct Fault {
  static constexpr int all_ranks = -1;
  FaultKind kind = FaultKind::flip;
  int rank = all_ranks;
  std::uint64_t after = 0;
  std::int64_t span_ns = 0;            // delay, lag, pause
  std::uint64_t bytes_per_second = 0;  // slow
  double stretch = 0;                  // stretch, of what a post took
  double drift = 0;                    // clock, ns a ns
};

using FaultSpec = std::vector<Fault>;

[[nodiscard]] FaultSpec parse_faults(std::string_view text);

// The endpoint itself where none of the faults is its rank's, or only its clock is wrong: that is for whoever
// reads the clock.
[[nodiscard]] std::unique_ptr<Endpoint> wrap_with_faults(std::unique_ptr<Endpoint> endpoint,
                                                         FaultSpec faults);

}  // namespace podbench
