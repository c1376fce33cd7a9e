#include "analysis/report/run_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "analysis/report/run/parts.hpp"

namespace podbench::report {
namespace {

std::string title_of(const RunPageRequest& request) {
  const RunRecord& newest = request.runs.back().run.run;
  const std::string what = newest.pod.empty() ? std::string("run") : newest.pod;
  return request.history.size() > 1 ? fmt::format("podbench: {} runs of {}", request.history.size(), what)
                                    : fmt::format("podbench: {}", what);
}

std::string subtitle_of(const RunPageRequest& request) {
  const RunSummary &first = request.history.front(), &last = request.history.back();
  const std::string file = std::filesystem::path(last.source).filename().string();
  if (request.history.size() == 1) return fmt::format("{}, started {}", file, last.run.started_utc);
  return fmt::format("{} to {}; newest file {}", first.run.started_utc, last.run.started_utc, file);
}

}  // namespace

std::string run_page(const RunPageRequest& request) {
  const std::vector<ShownCase> cases = shown_cases(request.runs);
  const auto whole = [&](std::size_t most_sample_bytes, bool matrices) {
    Page page(title_of(request), subtitle_of(request), request.drawing);
    add_runs(page, request);
    add_curves(page, cases);
    if (most_sample_bytes > 0 || request.all_samples)
      add_samples(page, cases, request.all_samples ? 0 : most_sample_bytes);
    add_case_table(page, cases);
    if (matrices) add_matrices(page, cases);
    add_lateness(page, cases);
    add_telemetry(page, request.runs, cases);
    add_history(page, request.nights);
    add_environment(page, request.runs);
    add_method(page, cases);
    return page.html();
  };
  if (request.all_samples) return whole(0, true);
  // What else the page holds says how much of the samples fits; a picture of all cases needs a little in any
  // case.
  constexpr std::size_t least_sample_bytes = 10'000;
  const std::size_t rest = whole(0, false).size();
  const std::size_t room = rest < most_page_bytes ? most_page_bytes - rest : 0;
  return whole(std::max(room, least_sample_bytes), true);
}

}  // namespace podbench::report
