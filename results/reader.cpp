#include "results/reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "results/codec.hpp"
#include "results/file_reader.hpp"
#include "results/isolated.hpp"

namespace podbench {
namespace {

namespace fs = std::filesystem;

// One line for a person: what the library says may have several.
std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return text;
}

RequestError unusable(const fs::path& path, const std::string& why) {
  return RequestError(one_line(fmt::format("cannot use {}: {}", path.string(), why)));
}

// Far more than an honest file of this size takes.
unsigned patience_s(const fs::path& path) {
  std::error_code ignored;
  return 60 +
         static_cast<unsigned>(std::min<std::uintmax_t>(fs::file_size(path, ignored) / 10'000'000, 3'600));
}

std::string trouble(const Isolated& result) {
  switch (result.end) {
    case Isolated::End::returned:
      return "";
    case Isolated::End::threw:
      return result.thrown;
    case Isolated::End::endless:
      return "it is damaged: reading it does not come to an end";
    case Isolated::End::broke:
      break;
  }
  return "it is damaged in a way that breaks the HDF5 library";
}

// What `read` sends from the opened file, read in a child.
std::vector<Frame> frames_of(const fs::path& path,
                             const std::function<void(FileReader&, const FrameSink&)>& read) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) throw RequestError(fmt::format("no file {}", path.string()));
  if (status.type() != fs::file_type::regular) {
    throw RequestError(fmt::format("{} is not a regular file", path.string()));
  }
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

}  // namespace podbench
