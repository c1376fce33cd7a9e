#include "results/reader.hpp"

#include "base/error.hpp"
#include "results/codec.hpp"
#include "results/file_reader.hpp"
#include "results/isolated.hpp"
#include "results/points.hpp"
#include "results/readable.hpp"

namespace podbench {
namespace {

namespace fs = std::filesystem;

// What `read` sends from the opened file, read in a child.
std::vector<Frame> frames_of(const fs::path& path,
                             const std::function<void(FileReader&, const FrameSink&)>& read) {
  if (const auto why = not_readable(path)) throw RequestError(*why);
  Isolated result = run_isolated(
      [&](const FrameSink& send) {
        FileReader reader(path);
        read(reader, send);
      },
      patience_s(path));
  if (result.end != Isolated::End::returned) throw unusable(path, trouble(result));
  return std::move(result.frames);
}

struct Collector {
  Run& run;
  void operator()(RunRecord&& record) const { run.run = std::move(record); }
  void operator()(LaunchRecord&& record) const { run.launches.push_back(std::move(record)); }
  void operator()(NodeRecord&& record) const { run.nodes.push_back(std::move(record)); }
  void operator()(CaseRecord&& record) const { run.cases.push_back(std::move(record)); }
  void operator()(TelemetrySeries&& series) const { run.telemetry.push_back(std::move(series)); }
  void operator()(const TelemetryRecord&) const { throw std::runtime_error("it tells what no file holds"); }
};

void send_run(FileReader& reader, const FrameSink& send) {
  send(encode(reader.run()));
  for (const NodeRecord& node : reader.nodes()) send(encode(node));
  for (const LaunchRecord& launch : reader.launch_records()) send(encode(launch));
  std::vector<CaseRecord> records = reader.records();
  reader.add_samples(records);
  reader.add_rank_times(records);
  reader.add_matrices(records);
  reader.add_wrong_data(records);
  for (const CaseRecord& record : records) send(encode(record));
  for (const TelemetrySeries& series : reader.telemetry()) send(encode(series));
}

void send_environment(FileReader& reader, const FrameSink& send) {
  send(encode(reader.run()));
  for (const NodeRecord& node : reader.nodes()) send(encode(node));
  for (const LaunchRecord& launch : reader.launch_records()) send(encode(launch));
}

void send_summary(FileReader& reader, const FrameSink& send) {
  send(encode(reader.run()));
  for (const CaseSummary& summary : reader.summaries()) send(encode(summary));
}

void send_keys(FileReader& reader, const FrameSink& send) {
  const std::vector<std::uint64_t> ids = reader.series_ids();
  const std::vector<CaseKey>& keys = reader.keys();
  for (std::size_t row = 0; row < keys.size(); ++row) {
    if (keys[row].series_id() != ids[row]) throw h5::Failure("a series_id is not that of its case");
    CaseSummary named;
    named.key = keys[row];
    send(encode(named));
  }
}

// The records that `send` sends from the opened file.
Run collect(const fs::path& path, void (*send)(FileReader&, const FrameSink&)) {
  Run run;
  try {
    for (Frame& frame : frames_of(path, send)) {
      std::visit([&](auto&& record) { Collector{run}(std::move(record)); }, decode(frame));
      frame = Frame();
    }
  } catch (const RequestError&) {
    throw;
  } catch (const std::exception& error) {
    throw unusable(path, error.what());
  }
  return run;
}

}  // namespace

Run read_run(const fs::path& path) {
  return collect(path, send_run);
}

RunEnvironment read_environment(const fs::path& path) {
  Run run = collect(path, send_environment);
  return {path.string(), std::move(run.run), std::move(run.nodes), std::move(run.launches)};
}

RunSummary read_summary(const fs::path& path) {
  RunSummary summary;
  summary.source = path.string();
  try {
    const auto frames = frames_of(path, send_summary);
    if (frames.empty()) throw unusable(path, "it tells nothing");
    summary.run = std::get<RunRecord>(decode(frames.front()));
    for (const Frame& frame : std::span(frames).subspan(1)) summary.cases.push_back(decode_summary(frame));
  } catch (const RequestError&) {
    throw;
  } catch (const std::exception& error) {
    throw unusable(path, error.what());
  }
  return summary;
}

std::vector<CaseKey> read_keys(const fs::path& path) {
  std::vector<CaseKey> keys;
  try {
    for (const Frame& frame : frames_of(path, send_keys)) keys.push_back(decode_summary(frame).key);
  } catch (const RequestError&) {
    throw;
  } catch (const std::exception& error) {
    throw unusable(path, error.what());
  }
  return keys;
}

}  // namespace podbench
