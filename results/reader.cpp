#include "results/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>

#include "base/error.hpp"
#include "results/file_reader.hpp"

namespace podbench {
namespace {

namespace fs = std::filesystem;

// One line for a person: what the library says may have several.
std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

// Runs `read` on the opened file, and puts the file's name before whatever is wrong with it.
template <typename Read>
auto with_file(const fs::path& path, const Read& read) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) {
    throw RequestError(fmt::format("no file {}", path.string()));
  }
  if (status.type() != fs::file_type::regular) {
    throw RequestError(fmt::format("{} is not a regular file", path.string()));
  }
  try {
    FileReader reader(path);
    return read(reader);
  } catch (const h5::Failure& failure) {
    throw RequestError(one_line(fmt::format("cannot use {}: {}", path.string(), failure.what())));
  } catch (const std::bad_alloc&) {
    throw RequestError(fmt::format("cannot use {}: it needs more memory than there is", path.string()));
  }
}

}  // namespace

Run read_run(const fs::path& path) {
  return with_file(path, [](FileReader& reader) {
    Run run;
    run.run = reader.run();
    run.nodes = reader.nodes();
    run.launches = reader.launch_records();
    run.cases = reader.records();
    reader.add_samples(run.cases);
    reader.add_rank_times(run.cases);
    reader.add_matrices(run.cases);
    reader.add_wrong_data(run.cases);
    return run;
  });
}

RunSummary read_summary(const fs::path& path) {
  return with_file(path, [&](FileReader& reader) {
    return RunSummary{path.string(), reader.run(), reader.summaries()};
  });
}

}  // namespace podbench
