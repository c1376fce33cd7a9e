// UCX logs to standard output, where a document may be printed. Its errors are kept for the exception that is
// thrown next instead, and its warnings go to standard error. Thread-safety: safe, UCX may log from a thread
// of its own.
#pragma once

#include <string>

namespace podbench::ucx {

// Takes UCX's warnings and errors over, once a process. Does nothing where the user set UCX_LOG_LEVEL or
// UCX_LOG_FILE: then the log is wanted as UCX writes it.
void take_over_log();

// The last error that UCX logged on this thread or another since the last call, empty if none.
[[nodiscard]] std::string take_last_message();

}  // namespace podbench::ucx
