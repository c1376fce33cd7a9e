#include "analysis/fit/measured.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <set>

#include "analysis/statistics.hpp"
#include "patterns/pattern.hpp"
#include "results/case_index.hpp"

namespace podbench::fit {
namespace {

struct Role {
  std::string_view pattern;
  Measures measures;
};
constexpr std::array<Role, 5> roles = {{{"pingpong", Measures::message},
                                        {"oneway", Measures::message},
                                        {"pairs", Measures::message},
                                        {"bandwidth", Measures::window},
                                        {"message_rate", Measures::window}}};

const Role* role_of(const CaseRecord& record) {
  const auto found = std::find_if(roles.begin(), roles.end(),
                                  [&](const Role& role) { return role.pattern == record.key.pattern; });
  return found == roles.end() ? nullptr : &*found;
}

bool usable(const CaseRecord& record) {
  const bool measured = record.status == CaseStatus::good || record.status == CaseStatus::not_converged ||
                        record.status == CaseStatus::contended;
  return measured && !record.samples_ns.empty() && record.operations_per_sample > 0 &&
         record.time_divisor > 0 && record.key.ranks >= 2;
}

Point& point_at(Points& points, std::uint64_t bytes) {
  const auto place =
      std::lower_bound(points.begin(), points.end(), bytes,
                       [](const Point& point, std::uint64_t size) { return point.bytes < size; });
  if (place != points.end() && place->bytes == bytes) return *place;
  return *points.insert(place, Point{bytes, {}});
}

void put(Points& points, const CaseRecord& record, double time_ns) {
  if (time_ns > 0 && std::isfinite(time_ns))
    point_at(points, record.key.bytes).launches_ns[record.launch] = time_ns;
}

bool goes_both_ways(const CaseRecord& record) {
  const Pattern* pattern = find_pattern(record.key.pattern);
  return pattern != nullptr && pattern->series != nullptr && pattern->series->opposite;
}

// A time by synchronised clocks means nothing where there were none.
bool needs_clocks(const CaseRecord& record) {
  return goes_both_ways(record) && record.key.sync != "clock";
}

// The pairs of a matrix: of two that answered each other the one who saw the whole of it, which is the later.
void put_pairs(Curve& curve, const CaseRecord& record) {
  const auto ranks = static_cast<std::size_t>(record.key.ranks);
  if (record.matrix.size() != ranks * ranks) return;
  curve.directed = goes_both_ways(record);
  for (std::size_t row = 0; row < ranks; ++row)
    for (std::size_t column = curve.directed ? 0 : row + 1; column < ranks; ++column) {
      double time_ns = record.matrix[row * ranks + column];
      if (!curve.directed) time_ns = std::fmax(time_ns, record.matrix[column * ranks + row]);
      if (!(time_ns > 0)) continue;
      std::pair pair(static_cast<int>(row), static_cast<int>(column));
      // A row is the rank whose time it is: of a message the receiver.
      if (curve.directed) std::swap(pair.first, pair.second);
      put(curve.pairs[pair], record, time_ns);
    }
}

// The own times that a record keeps are those of its last direction, in which the last rank sends.
void put_sender(Curve& curve, const CaseRecord& record) {
  const auto last = static_cast<std::size_t>(record.key.ranks - 1);
  if (!goes_both_ways(record) || record.operations_per_sample != 1) return;
  if (record.exit_ns.size() <= last || record.entry_ns.size() <= last) return;
  if (record.exit_ns[last] <= record.entry_ns[last]) return;
  put(curve.senders, record, static_cast<double>(record.exit_ns[last] - record.entry_ns[last]));
}

int window_of(const CaseKey& key) {
  const auto option = key.options.find("window");
  const int given = option == key.options.end() ? 0 : std::atoi(option->second.c_str());
  return given > 0 ? given : Parameters{}.window;
}

std::string between(const Run& run, const Curve& curve) {
  if (!curve.pairs.empty()) return "";
  const auto last = static_cast<std::size_t>(curve.key.ranks - 1);
  const std::string ranks = fmt::format("ranks 0 and {}", last);
  const std::vector<int> launches = launches_of(curve.points);
  std::set<std::string> names;
  for (const LaunchRecord& launch : run.launches) {
    if (!std::binary_search(launches.begin(), launches.end(), launch.launch)) continue;
    if (launch.hosts.size() <= last || launch.nodes.size() <= last) return ranks;
    if (launch.nodes[0] == launch.nodes[last]) return ranks;
    names.insert(fmt::format("{} and {}", launch.hosts[0], launch.hosts[last]));
  }
  return names.size() == 1 ? *names.begin() : ranks;
}

class Collector {
 public:
  // Contended records are asked for what no other launch of the same case has.
  void add(const Run& run, bool contended) {
    for (const CaseRecord& record : run.cases) {
      const Role* role = role_of(record);
      if (role == nullptr || !usable(record) || (record.status == CaseStatus::contended) != contended)
        continue;
      if (needs_clocks(record)) {
        without_clocks_ = true;
        continue;
      }
      Curve& curve = curve_of(record, *role);
      if (contended && has_clean(curve, record)) {
        ++left_out_;
        continue;
      }
      std::vector<double> times = operation_times_ns(record);
      std::sort(times.begin(), times.end());
      // bandwidth reports the time of the whole window, message_rate a message's share already.
      const double messages = curve.window / (curve.window > 1 ? record.time_divisor : 1);
      put(curve.points, record, quantile(times, 0.5) / messages);
      put_pairs(curve, record);
      put_sender(curve, record);
      if (contended) contended_.insert({&curve - curves_.data(), record.key.bytes});
    }
  }

  Measured take(const Run& run) {
    for (Curve& curve : curves_) curve.between = between(run, curve);
    std::erase_if(curves_, [](const Curve& curve) { return curve.points.empty(); });
    Measured measured{std::move(curves_), {}};
    if (without_clocks_)
      measured.notes.emplace_back(
          "oneway cases are left out where operations did not start by synchronised clocks");
    if (left_out_ > 0)
      measured.notes.push_back(
          fmt::format("{} contended measurements are left out, as other launches have the same", left_out_));
    return measured;
  }

 private:
  Curve& curve_of(const CaseRecord& record, const Role& role) {
    CaseKey key = record.key;
    key.bytes = 0;
    const std::size_t row = index_.add(key);
    if (row < curves_.size()) return curves_[row];
    Curve curve;
    curve.window = role.measures == Measures::window ? window_of(key) : 1;
    curve.key = std::move(key);
    curve.measures = role.measures;
    return curves_.emplace_back(std::move(curve));
  }

  // Whether an undisturbed launch has this size.
  [[nodiscard]] bool has_clean(Curve& curve, const CaseRecord& record) const {
    const Point& point = point_at(curve.points, record.key.bytes);
    return !point.launches_ns.empty() && !contended_.contains({&curve - curves_.data(), record.key.bytes});
  }

  CaseIndex index_;
  std::vector<Curve> curves_;
  std::set<std::pair<std::ptrdiff_t, std::uint64_t>> contended_;
  std::size_t left_out_ = 0;
  bool without_clocks_ = false;
};

}  // namespace

double Point::median_ns() const {
  std::vector<double> times;
  for (const auto& [launch, time] : launches_ns) times.push_back(time);
  std::sort(times.begin(), times.end());
  return quantile(times, 0.5);
}

std::string Curve::name() const {
  const std::string whole = key.name(), size = "/0B/ranks:";
  const auto at = whole.rfind(size);
  return whole.substr(0, at) + whole.substr(at + 3);
}

Measured measured(const Run& run) {
  Collector collector;
  collector.add(run, false);
  collector.add(run, true);
  return collector.take(run);
}

std::vector<Sample> samples_of(const Points& points) {
  std::vector<Sample> samples;
  for (const Point& point : points)
    if (!point.launches_ns.empty()) samples.push_back({static_cast<double>(point.bytes), point.median_ns()});
  return samples;
}

std::vector<Sample> samples_of(const Points& points, int launch) {
  std::vector<Sample> samples;
  for (const Point& point : points)
    if (const auto found = point.launches_ns.find(launch); found != point.launches_ns.end())
      samples.push_back({static_cast<double>(point.bytes), found->second});
  return samples;
}

std::vector<int> launches_of(const Points& points) {
  std::set<int> launches;
  for (const Point& point : points)
    for (const auto& [launch, time] : point.launches_ns) launches.insert(launch);
  return {launches.begin(), launches.end()};
}

}  // namespace podbench::fit
