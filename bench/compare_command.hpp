// `podbench compare`: which cases differ between two sides of run files. Thread-safety: one thread. Errors:
// RequestError and RunError, as every command.
#pragma once

#include <string>
#include <vector>

#include "analysis/compare/match.hpp"
#include "base/error.hpp"
#include "bench/output_files.hpp"

namespace podbench {

struct CompareCommand {
  std::vector<std::string> base, next;  // run files
  compare::Selection selection;
  std::vector<std::string> metrics;  // empty: all
  std::string tuning;                // a folder for tuning files; empty: none
  OutputFiles files;
  std::string format = "table";
};
// Exit 1 where a case is slower, 3 where nothing is but something is undecided, 0 else.
[[nodiscard]] ExitCode compare_command(const CompareCommand& command);

}  // namespace podbench
