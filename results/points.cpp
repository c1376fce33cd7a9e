#include "results/points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <stdexcept>

#include "base/error.hpp"
#include "results/file_reader.hpp"
#include "results/frame_fields.hpp"
#include "results/isolated.hpp"
#include "results/readable.hpp"

namespace podbench {
namespace {

namespace fs = std::filesystem;

// So many files share a child: its start costs as much as reading a few of them.
constexpr std::size_t files_a_child = 24;
constexpr std::uint64_t most_hosts = 1U << 20;

std::vector<std::uint8_t> encode(const RunPoints& points) {
  FieldWriter fields;
  fields.text(points.problem).text(points.run_id).text(points.started_utc);
  fields.text(points.pod).text(points.program_version).text(points.git_revision).number(points.complete);
  fields.number(points.hosts.size());
  for (const std::string& host : points.hosts) fields.text(host);
  fields.array(points.series_id).array(points.p50_ns).array(points.p99_ns);
  return fields.take();
}

RunPoints decode(std::span<const std::uint8_t> frame) {
  FieldReader fields(frame);
  RunPoints points;
  points.problem = fields.text();
  points.run_id = fields.text();
  points.started_utc = fields.text();
  points.pod = fields.text();
  points.program_version = fields.text();
  points.git_revision = fields.text();
  points.complete = fields.number() != 0;
  const std::uint64_t hosts = fields.number();
  if (hosts > most_hosts) throw std::runtime_error("it has too many hosts");
  for (std::uint64_t i = 0; i < hosts; ++i) points.hosts.push_back(fields.text());
  points.series_id = fields.array<std::uint64_t>();
  points.p50_ns = fields.array<double>();
  points.p99_ns = fields.array<double>();
  if (points.p50_ns.size() != points.series_id.size() || points.p99_ns.size() != points.series_id.size())
    throw std::runtime_error("its columns have different lengths");
  return points;
}

RunPoints unusable_points(const fs::path& path, const std::string& why) {
  RunPoints points;
  points.problem = unusable(path, why).what();
  return points;
}

// In a child: a bad file is a frame like a good one.
std::vector<std::uint8_t> points_of(const fs::path& path) {
  if (const auto why = not_readable(path)) {  // a pipe would keep whoever opens it waiting
    RunPoints points;
    points.problem = *why;
    return encode(points);
  }
  try {
    FileReader reader(path);
    return encode(reader.points());
  } catch (const h5::Failure& failure) {
    return encode(unusable_points(path, failure.what()));
  }
}

IsolatedWork begin(std::span<const fs::path> files) {
  unsigned patience = 0;
  for (const fs::path& file : files) patience = std::max(patience, patience_s(file));
  return IsolatedWork(
      [files](const FrameSink& send) {
        for (const fs::path& file : files) send(points_of(file));
      },
      patience);
}

// What a child said of its files; none where it did not come to its end, or any file was bad.
std::optional<std::vector<RunPoints>> all_good(const Isolated& result, std::size_t count) {
  if (result.end != Isolated::End::returned || result.frames.size() != count) return std::nullopt;
  std::vector<RunPoints> all;
  try {
    for (const Frame& frame : result.frames) {
      all.push_back(decode(frame));
      if (!all.back().problem.empty()) return std::nullopt;
    }
  } catch (const std::exception&) {
    return std::nullopt;
  }
  return all;
}

RunPoints read_alone(const fs::path& file) {
  const Isolated result = begin({&file, 1}).finish();
  if (result.end != Isolated::End::returned) return unusable_points(file, trouble(result));
  try {
    if (result.frames.size() != 1) return unusable_points(file, "it tells nothing");
    return decode(result.frames.front());
  } catch (const std::exception& error) {
    return unusable_points(file, error.what());
  }
}

}  // namespace

void read_points(std::span<const fs::path> files, unsigned at_once,
                 const std::function<void(std::size_t, RunPoints&&)>& take) {
  struct Batch {
    std::size_t first, count;
    IsolatedWork work;
  };
  std::deque<Batch> running;
  const auto finish = [&] {
    Batch batch = std::move(running.front());
    running.pop_front();
    auto good = all_good(batch.work.finish(), batch.count);
    for (std::size_t i = 0; i < batch.count; ++i)
      take(batch.first + i, good ? std::move((*good)[i]) : read_alone(files[batch.first + i]));
  };
  for (std::size_t first = 0; first < files.size(); first += files_a_child) {
    const std::size_t count = std::min(files_a_child, files.size() - first);
    if (running.size() >= std::max(1U, at_once)) finish();
    running.push_back({first, count, begin(files.subspan(first, count))});
  }
  while (!running.empty()) finish();
}

}  // namespace podbench
