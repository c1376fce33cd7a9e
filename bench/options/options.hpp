// The command line, read into the structs of the commands. CLI11 stays in this folder.
// Thread-safety: once a process. Errors: RequestError, one line.
#pragma once

#include <variant>

#include "bench/ab_command.hpp"
#include "bench/accept_command.hpp"
#include "bench/commands.hpp"
#include "bench/compare_command.hpp"
#include "bench/report_command.hpp"
#include "bench/run_command.hpp"
#include "bench/track_command.hpp"

namespace podbench {

struct RankCommand {};
// Help or version, already printed.
struct NothingToDo {};

using Invocation =
    std::variant<NothingToDo, RankCommand, RunRequest, ListRequest, DoctorRequest, VerifyRequest, ShowCommand,
                 RecoverCommand, ExportCommand, CompareCommand, AbRequest, TrackRequest, FitCommand,
                 ReportCommand, AcceptRequest, AcceptRankCommand>;

[[nodiscard]] Invocation parse_command_line(int argc, const char* const* argv);

}  // namespace podbench
