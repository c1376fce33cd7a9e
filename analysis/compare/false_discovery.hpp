// Many questions at once: of all cases that are called different, at most the stated share may be called so
// wrongly. Thread-safety: pure.
#pragma once

#include <span>
#include <vector>

namespace podbench {

// p-values adjusted for their family (Benjamini & Hochberg, J. Royal Statistical Society B 57, 1995): those
// at or below a level are the discoveries of which at most that share is false on average. It holds for cases
// that are independent or go up and down together (Benjamini & Yekutieli, Annals of Statistics 29, 2001), as
// cases of the same launches do. In the order given; each from 0 to 1.
[[nodiscard]] std::vector<double> false_discovery_q(std::span<const double> p_values);

}  // namespace podbench
