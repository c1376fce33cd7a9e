// How the figures came about: what a reader must know to believe them.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analysis/report/run/parts.hpp"

namespace podbench::report {
namespace {

std::string sync_text(const std::string& sync) {
  if (sync == "clock")
    return "at a moment of synchronised clocks that the lead announces; late rounds are dropped and counted";
  if (sync == "barrier") return "behind a dissemination barrier; each rank's own time counts from there";
  return "one rank leads, the other answers";
}

struct Group {
  std::size_t cases = 0;
  std::uint64_t samples = 0, dropped = 0;
  double clock_error_ns = 0;
};

// What samples were flagged with, and in how many case-launches.
std::map<std::string, std::size_t> flags_of(const std::vector<ShownCase>& cases) {
  std::map<std::string, std::size_t> flags;
  for (const ShownCase& one : cases)
    for (const CaseRecord* record : one.records)
      for (const std::string& flag : record->flags) ++flags[flag];
  return flags;
}

std::string meaning_of(const std::string& flag) {
  static const std::map<std::string, std::string> meanings = {
      {"trend", "later samples are slower or faster than earlier ones"},
      {"autocorrelated", "neighbouring samples are alike: there are fewer independent ones than it seems"},
      {"tail", "a sample is ten times the median; it is kept"},
      {"contended", "other load ran on the same cores"}};
  const auto found = meanings.find(flag);
  return found == meanings.end() ? "" : found->second;
}

}  // namespace

void add_method(Page& page, const std::vector<ShownCase>& cases) {
  page.section("How it was measured",
               "A sample is one timed repetition, in integer nanoseconds; none is deleted but those of "
               "rounds that a rank "
               "began late. A case's median is the median of its launches' medians, a launch being one start "
               "of all ranks "
               "with fresh connections. The interval is distribution-free: between order statistics of the "
               "launches' medians "
               "from six launches on, of the samples below that.");
  std::map<std::string, Group> groups;
  for (const ShownCase& one : cases) {
    Group& group = groups[one.summary->key.sync];
    ++group.cases;
    group.samples += one.summary->n;
    group.dropped += one.summary->invalid;
    group.clock_error_ns = std::max(group.clock_error_ns, one.summary->clock_error_ns);
  }
  Table starts{.title = "How operations start",
               .headings = {"start", "is", "cases", "samples", "dropped", "largest clock error"},
               .rows = {}};
  for (const auto& [sync, group] : groups)
    starts.rows.push_back({text_cell(sync), text_cell(sync_text(sync)),
                           number_cell(static_cast<double>(group.cases), Unit::count),
                           number_cell(static_cast<double>(group.samples), Unit::count),
                           number_cell(static_cast<double>(group.dropped), Unit::count),
                           number_cell(group.clock_error_ns, Unit::time_ns)});
  page.add(std::move(starts));
  Table flags{.title = "Flags",
              .note = "In how many launches of a case; the cases' own are in their notes.",
              .headings = {"flag", "means", "times"},
              .rows = {}};
  for (const auto& [flag, times] : flags_of(cases))
    flags.rows.push_back(
        {text_cell(flag), text_cell(meaning_of(flag)), number_cell(static_cast<double>(times), Unit::count)});
  if (!flags.rows.empty()) page.add(std::move(flags));
}

}  // namespace podbench::report
