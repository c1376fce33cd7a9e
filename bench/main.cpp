#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "bench/options/options.hpp"
#include "bench/session.hpp"

namespace podbench {
namespace {

template <typename... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};

ExitCode execute(Invocation invocation) {
  return std::visit(Overloaded{[](const NothingToDo&) { return ExitCode::good; },
                               [](RunRequest& request) { return run_command(std::move(request)); },
                               [](const AbRequest& request) { return ab_command(request); },
                               [](const RankCommand&) { return run_rank(); },
                               [](const ListRequest& request) { return list_command(request); },
                               [](const DoctorRequest& request) { return doctor_command(request); },
                               [](const VerifyRequest& request) { return verify_command(request); },
                               [](ShowCommand& command) { return show_command(std::move(command)); },
                               [](const FitCommand& command) { return fit_command(command); },
                               [](const RecoverCommand& command) { return recover_command(command); },
                               [](const ExportCommand& command) { return export_command(command); },
                               [](const CompareCommand& command) { return compare_command(command); },
                               [](const ReportCommand& command) { return report_command(command); },
                               [](const AcceptRequest& request) { return accept_command(request); },
                               [](const AcceptRankCommand&) { return accept_rank_command(); },
                               [](const TrackRequest& request) { return track_command(request); }},
                    invocation);
}

ExitCode complain(const std::exception& error, ExitCode code) {
  fmt::print(stderr, "podbench: {}\n", error.what());
  return code;
}

ExitCode run_main(int argc, const char* const* argv) {
  try {
    return execute(parse_command_line(argc, argv));
  } catch (const RequestError& error) {
    return complain(error, ExitCode::wrong_request);
  } catch (const std::exception& error) {
    return complain(error, ExitCode::not_completed);
  }
}

}  // namespace
}  // namespace podbench

int main(int argc, char** argv) {
  return static_cast<int>(podbench::run_main(argc, argv));
}
