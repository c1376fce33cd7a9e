// FileReader's part for histories: what is one figure a case, without the cases' keys.
#include <algorithm>
#include <cmath>
#include <limits>

#include "results/file_reader.hpp"

namespace podbench {
namespace {

using h5::Failure;
using h5::Id;

// The codes of a string column whose cases have a time worth comparing.
std::vector<bool> good_codes(const std::vector<std::string>& labels) {
  std::vector<bool> good;
  for (const std::string& label : labels) {
    good.push_back(label != name_of(CaseStatus::wrong_data) && label != name_of(CaseStatus::skipped) &&
                   label != name_of(CaseStatus::failed));
  }
  return good;
}

// The middle of the numbers that are any, of [begin, end), which it reorders.
double median_of_finite(double* begin, double* end) {
  end = std::remove_if(begin, end, [](double value) { return !std::isfinite(value); });
  const auto count = end - begin;
  if (count == 0) return std::numeric_limits<double>::quiet_NaN();
  double* const middle = begin + count / 2;
  std::nth_element(begin, middle, end);
  return count % 2 == 1 ? *middle : (*middle + *std::max_element(begin, middle)) / 2;
}

}  // namespace

std::vector<std::uint64_t> FileReader::series_ids() const {
  return h5::read_array<std::uint64_t>(h5::open_group(file_, "cases"), "series_id", {cases_});
}

RunPoints FileReader::points() const {
  RunPoints points;
  points.run_id = h5::text_attribute(file_, "run_id");
  points.started_utc = h5::text_attribute(file_, "started_utc");
  points.pod = h5::text_attribute(file_, "pod");
  points.program_version = h5::text_attribute(file_, "program_version");
  points.git_revision = h5::text_attribute(file_, "git_revision");
  points.complete = h5::number_attribute(file_, "complete") != 0;
  points.series_id = series_ids();

  const Id summary = h5::open_group(file_, "summary"), launches = h5::open_group(file_, "launches");
  points.p50_ns = h5::read_array<double>(summary, "p50", {cases_});
  std::vector<double> p99 = h5::read_array<double>(launches, "p99", {cases_, launches_.size()});
  const std::vector<bool> good = good_codes(h5::read_texts(summary, "status_labels"));
  const auto status = h5::read_array<std::uint32_t>(summary, "status", {cases_});
  points.p99_ns.resize(cases_);
  for (std::size_t row = 0; row < cases_; ++row) {
    if (status[row] >= good.size()) throw Failure("status has a code without a label");
    double* const begin = p99.data() + row * launches_.size();
    points.p99_ns[row] = median_of_finite(begin, begin + launches_.size());
    if (!good[status[row]])
      points.p50_ns[row] = points.p99_ns[row] = std::numeric_limits<double>::quiet_NaN();
  }

  points.hosts = h5::read_texts(launches, "host_labels");
  std::sort(points.hosts.begin(), points.hosts.end());
  points.hosts.erase(std::unique(points.hosts.begin(), points.hosts.end()), points.hosts.end());
  std::erase(points.hosts, "");
  return points;
}

}  // namespace podbench
