// `podbench report`: run files as one self-contained page. Thread-safety: one thread. Errors: RequestError
// and RunError, which main turns into one line and an exit code.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"

namespace podbench {

struct ReportCommand {
  std::vector<std::string> files;
  std::string out;
  std::string samples = "fit";  // or "all"
  std::string charts = "live";  // or "still"
};
// Writes the page, replacing an older one only when the new one is whole, and says on standard error where it
// is.
[[nodiscard]] ExitCode report_command(const ReportCommand& command);

}  // namespace podbench
