// All samples of all cases, for the reader to choose one.
#include <fmt/format.h>

#include "analysis/report/run/parts.hpp"

namespace podbench::report {

void add_samples(Page& page, const std::vector<ShownCase>& cases, std::size_t most_bytes) {
  Samples samples{.title = "", .note = "Times are of one operation.", .cases = {}, .most_bytes = most_bytes};
  const std::vector<const KeyColumn*> keys = differing_keys(cases);
  for (const ShownCase& one : cases) {
    CaseSamples shown{.label = label_of(one, keys), .launches = {}};
    if (shown.label.empty()) shown.label = one.summary->key.name();
    for (const CaseRecord* record : one.records) {
      if (record->samples_ns.empty()) continue;
      shown.launches.push_back({.label = fmt::format("launch {}", record->launch),
                                .times_ns = record->samples_ns,
                                .divisor = record->operations_per_sample * record->time_divisor});
    }
    if (!shown.launches.empty()) samples.cases.push_back(std::move(shown));
  }
  if (samples.cases.empty()) return;
  page.section(
      "Samples",
      "Choose a case to see its distribution, launch by launch, and its samples in the order taken.");
  page.add(samples);
}

}  // namespace podbench::report
