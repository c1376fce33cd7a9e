// A small run with something of everything, for the tests of this folder.
#pragma once

#include <filesystem>
#include <vector>

#include "results/record.hpp"
#include "results/summary.hpp"

namespace podbench::test {

// `cases` cases in `launches` launches; records, nodes, matrices, wrong data and odd names included.
[[nodiscard]] Run sample_run(int cases = 3, int launches = 2, int samples = 5);
// Summaries with recognisable values (the store does not compute them).
[[nodiscard]] std::vector<CaseSummary> sample_summaries(const Run& run);

// A folder that is removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace podbench::test
