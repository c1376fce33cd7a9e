// The commands beside `run` (run_command.hpp), one function each; what they need is in a struct that
// options.cpp fills. Thread-safety: one thread. Errors: RequestError and RunError, which main turns into one
// line and an exit code.
#pragma once

#include <string>
#include <vector>

#include "analysis/table.hpp"
#include "base/error.hpp"
#include "bench/output_files.hpp"
#include "patterns/pattern.hpp"

namespace podbench {

struct ListRequest {
  std::string what;  // transports, patterns or suites
  std::string format = "table";
};
[[nodiscard]] ExitCode list_command(const ListRequest& request);

struct DoctorRequest {
  std::string format = "table";
};
// Exit 0 where nothing was found that spoils numbers, 1 where something was.
[[nodiscard]] ExitCode doctor_command(const DoctorRequest& request);

struct VerifyRequest {
  std::vector<std::string> patterns, algorithms;  // empty: all
  std::string ranks;                              // empty: 1:64, or those of the schedule
  Parameters parameters;                          // a schedule from a file and its root; nothing else counts
  std::string format = "table";
};
// Exit 0 where everything was proved, 1 with the first fault of each algorithm otherwise. A schedule from a
// file is proved alone, for its own number of ranks and several counts.
[[nodiscard]] ExitCode verify_command(const VerifyRequest& request);

struct ShowCommand {
  std::vector<std::string> files;
  ShowRequest show;
  std::string format = "table";
  OutputFiles outputs;
};
// Exit 0 whatever the cases are: a viewer; what it thinks of them is in the documents.
[[nodiscard]] ExitCode show_command(ShowCommand command);

struct FitCommand {
  std::vector<std::string> files;
  std::size_t most_lines = 8;
  int hold_out = 0;  // every so manieth size is predicted instead of fitted; 0: none
  std::string format = "table";
  OutputFiles outputs;
};
// Exit 3 where a curve is not explained by its model, or has too few sizes to know.
[[nodiscard]] ExitCode fit_command(const FitCommand& command);

struct RecoverCommand {
  std::string spool;
  std::string out;  // empty: beside the spool
};
[[nodiscard]] ExitCode recover_command(const RecoverCommand& command);

struct ExportCommand {
  std::string file;
  std::string as;
  std::string out;  // empty: standard output
};
[[nodiscard]] ExitCode export_command(const ExportCommand& command);

}  // namespace podbench
