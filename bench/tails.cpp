#include "bench/tails.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "analysis/statistics.hpp"
#include "base/quantity.hpp"
#include "base/utc.hpp"

namespace podbench {
namespace {

constexpr std::size_t most_named = 3;

}  // namespace

void name_tails(std::span<const std::uint64_t> samples_ns, std::span<const std::int64_t> began_ns,
                std::int64_t clock_ns, CaseRecord& record) {
  std::vector<std::uint64_t> reordered(samples_ns.begin(), samples_ns.end());
  const std::uint64_t limit = tail_factor * upper_median(reordered);
  if (limit == 0) return;
  std::vector<std::size_t> tails;
  for (std::size_t i = 0; i < samples_ns.size(); ++i)
    if (samples_ns[i] >= limit) tails.push_back(i);
  const auto named = tails.begin() + static_cast<std::ptrdiff_t>(std::min(tails.size(), most_named));
  std::partial_sort(tails.begin(), named, tails.end(),
                    [&](std::size_t a, std::size_t b) { return samples_ns[a] > samples_ns[b]; });
  const std::int64_t utc_ahead_ns = utc_now_ns() - clock_ns;
  for (auto tail = tails.begin(); tail != named; ++tail)
    record.remark(fmt::format("{} at {}", format_duration_ns(static_cast<double>(samples_ns[*tail])),
                              format_utc(began_ns[*tail] + utc_ahead_ns)));
}

}  // namespace podbench
