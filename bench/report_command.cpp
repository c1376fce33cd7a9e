#include "bench/report_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "analysis/report/run_page.hpp"
#include "analysis/track/load.hpp"
#include "bench/output_files.hpp"
#include "results/reader.hpp"

namespace podbench {
namespace {

bool older(const RunSummary& a, const RunSummary& b) {
  return a.run.started_utc < b.run.started_utc;
}

report::RunPageRequest read(const ReportCommand& command) {
  report::RunPageRequest request;
  for (const std::string& file : command.files) request.history.push_back(read_summary(file));
  std::stable_sort(request.history.begin(), request.history.end(), older);
  const std::size_t whole = std::min(request.history.size(), report::most_whole_runs);
  for (std::size_t i = request.history.size() - whole; i < request.history.size(); ++i)
    request.runs.push_back({request.history[i], read_run(request.history[i].source)});
  if (request.history.size() >= report::least_history) request.nights = track::load_history(command.files);
  request.drawing = command.charts == "still" ? report::Drawing::still : report::Drawing::live;
  request.all_samples = command.samples == "all";
  return request;
}

}  // namespace

ExitCode report_command(const ReportCommand& command) {
  check_output_files({.html = command.out, .junit = {}, .json = {}, .openmetrics = {}});
  const std::string page = report::run_page(read(command));
  replace_file(command.out, page);
  fmt::print(stderr, "page: {} ({} KB)\n", command.out, (page.size() + 999) / 1000);
  return ExitCode::good;
}

}  // namespace podbench
