// Tests that assume no distribution: if both sides were the same, which side a launch came from would be an
// arbitrary label, so every relabelling of the launches at hand was as likely as the one seen. They
// cross-check the t tests. Exact where all relabellings can be visited; otherwise drawn from a fixed seed, so
// that the same launches always give the same answer. Thread-safety: pure.
#pragma once

#include <cstddef>
#include <span>

namespace podbench {

// Two-sided p-value of the sign-flip test: under no difference each pair's difference could as well have the
// other sign (Fisher, "The Design of Experiments", 1935, § 21). Statistic: the sum. Exact up to 16 pairs.
[[nodiscard]] double sign_flip_p(std::span<const double> differences);

// Two-sided p-value of the permutation test of independent sides on Welch's t, which stays right where the
// spreads differ (Janssen, Statistics & Probability Letters 36, 1997). Exact up to 20,000 ways to choose a
// side.
[[nodiscard]] double permutation_p(std::span<const double> base, std::span<const double> next);

// The smallest p-values that these can give: with too few launches they cannot speak.
[[nodiscard]] double least_sign_flip_p(std::size_t pairs);
[[nodiscard]] double least_permutation_p(std::size_t base, std::size_t next);

}  // namespace podbench
