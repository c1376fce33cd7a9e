// LogGP's parameters from ping-pong, windows of messages and one-way messages of the same ranks.
//
//   L + 2o  the time of one byte, from the first piece of a message's curve (Culler et al. 1993)
//   G       a byte of a long message (Alexandrov et al. 1995)
//   g       gap between messages: a window of W costs (W - 1) gaps beside one message there and one
//           acknowledgement back. That is PRTT(n, 0, s) - PRTT(1, 0, s) of T. Hoefler, A. Lichei, W. Rehm,
//           "Low-overhead LogGP parameter assessment for modern interconnection networks", PMEO-PDS'07, with
//           the small acknowledgement of our patterns in place of their long one. Where o is above g the
//           sender sets the pace and it is o that shows.
//   o       how long a send keeps its sender, timed directly (T. Kielmann, H. Bal, K. Verstoep, "Fast
//           measurement of LogP parameters for message passing platforms", IPDPS workshops 2000). The
//           receiver's own share cannot be told from its waiting; it is taken to be the same, as LogP has one
//           o for both, and L is what is left.
// What the file does not tell stays unknown, and a remark says what would tell it.
// Thread-safety: pure. Units: in the names.
#pragma once

#include <span>

#include "analysis/fit/model.hpp"

namespace podbench::fit {

// Of curves between the same ranks; nothing where none is of a message's time.
[[nodiscard]] std::optional<LogGp> fit_loggp(std::span<const FittedCurve> curves, const Options& options);

// Gaps by size and launch, from what windows and single messages took; sizes whose gap does not come out
// above 0 are left out.
[[nodiscard]] Points gaps_of(const Curve& window, const FittedCurve& message);

}  // namespace podbench::fit
