// The samples of a page: packed where the reader's browser shows them, quantiles where it cannot.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "analysis/report/pack.hpp"
#include "analysis/report/parts.hpp"
#include "analysis/report/text.hpp"
#include "analysis/statistics.hpp"

namespace podbench::report {
namespace {

using nlohmann::ordered_json;

// [label, number of samples, divisor, packed samples, place and value of each large one that was thinned
// away].
ordered_json launch_array(const LaunchSamples& launch, std::size_t k) {
  const Thinned thinned = thin(launch.times_ns, k);
  ordered_json array = {launch.label, launch.times_ns.size(), short_number(launch.divisor),
                        pack(thinned.kept)};
  for (const auto& [place, value] : thinned.largest) array.insert(array.end(), {place, value});
  return array;
}

std::string document_of(const Samples& samples, std::size_t k) {
  ordered_json document = {{"k", k}, {"c", ordered_json::array()}};
  for (const CaseSamples& one : samples.cases) {
    ordered_json object = {{"l", one.label}, {"r", ordered_json::array()}};
    for (const LaunchSamples& launch : one.launches) object["r"].push_back(launch_array(launch, k));
    document["c"].push_back(std::move(object));
  }
  return script_json(document);
}

// The smallest power of two whose document fits; a launch keeps some samples in any case.
std::size_t choose_k(const Samples& samples) {
  constexpr std::size_t least_kept = 8;
  std::size_t longest = 0, k = 1;
  for (const CaseSamples& one : samples.cases)
    for (const LaunchSamples& launch : one.launches) longest = std::max(longest, launch.times_ns.size());
  if (samples.most_bytes == 0) return k;
  while (longest / k > least_kept && document_of(samples, k).size() > samples.most_bytes) k *= 2;
  return k;
}

std::vector<double> shown_times(const CaseSamples& one) {
  std::vector<double> times;
  for (const LaunchSamples& launch : one.launches)
    for (const std::uint64_t time : launch.times_ns)
      times.push_back(static_cast<double>(time) / launch.divisor);
  std::sort(times.begin(), times.end());
  return times;
}

Cell time_cell(double time_ns) {
  return {.text = format_number(time_ns, Unit::time_ns), .sort = time_ns, .numeric = true};
}

}  // namespace

std::string live_samples(const Samples& samples) {
  const std::size_t k = choose_k(samples);
  std::string note = samples.note;
  if (k > 1)
    note += fmt::format(
        "{}To keep the page small, every {}th sample of a launch is here, and its largest; the run file has "
        "all.",
        note.empty() ? "" : " ", k);
  return fmt::format(
      "<figure class=\"samples\">{}<script type=\"application/json\">{}</script>"
      "<p class=\"unseen\">Samples are shown by a script, which this viewer does not run.</p>{}</figure>\n",
      caption(samples.title), document_of(samples, k), note_below(note));
}

std::string still_samples(const Samples& samples) {
  Table table{.title = samples.title,
              .note = samples.note,
              .headings = {"case", "samples", "smallest", "5%", "25%", "50%", "75%", "95%", "largest"},
              .rows = {}};
  for (const CaseSamples& one : samples.cases) {
    const std::vector<double> times = shown_times(one);
    std::vector<Cell> row = {
        {.text = one.label},
        {.text = std::to_string(times.size()), .sort = static_cast<double>(times.size()), .numeric = true}};
    for (const double q : {0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0})
      row.push_back(time_cell(quantile(times, q)));
    table.rows.push_back(std::move(row));
  }
  return sortable_table(table);
}

}  // namespace podbench::report
