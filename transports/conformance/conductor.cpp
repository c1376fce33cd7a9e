#include "transports/conformance/conductor.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "transports/conformance/board.hpp"

namespace podbench::conformance {
namespace {

using Command = std::vector<std::string>;

Command rank_command(const Launch& launch, const Board& board) {
  Command command = {"/proc/self/exe", "--rank-of", board.file(),
                     "--transport",    launch.spec, "--gtest_filter=" + launch.filter};
  command.insert(command.end(), launch.test_arguments.begin(), launch.test_arguments.end());
  return command;
}

// A launcher runs elsewhere and needs the program's real name.
Command launcher_command(const Launch& launch, const Board& board) {
  Command command = launch.launch_command;
  for (std::string& word : command)
    if (const std::size_t at = word.find("{ranks}"); at != std::string::npos)
      word.replace(at, std::strlen("{ranks}"), std::to_string(launch.ranks));
  const Command rank = rank_command(launch, board);
  command.push_back(std::filesystem::read_symlink("/proc/self/exe"));
  command.insert(command.end(), rank.begin() + 1, rank.end());
  return command;
}

// A process in a group of its own, so that its descendants can be ended with it.
pid_t start(const Command& command) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t conductor = getpid();
  const pid_t child = fork();
  if (child < 0) throw system_error("cannot start a rank", errno);
  if (child > 0) {
    setpgid(child, child);
    return child;
  }
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() == conductor) execvp(arguments[0], arguments.data());
  std::fprintf(stderr, "cannot run %s: %s\n", arguments[0], std::strerror(errno));
  _exit(127);
}

std::vector<pid_t> own_children() {
  std::ifstream in(fmt::format("/proc/self/task/{}/children", getpid()));
  std::vector<pid_t> children;
  for (pid_t child = 0; in >> child;) children.push_back(child);
  return children;
}

// Ends and reaps whatever descends from this process: as a subreaper it inherits what a launcher leaves.
void end_all(const std::map<pid_t, int>& groups) {
  for (const auto& [group, status] : groups) kill(-group, SIGKILL);
  const Deadline deadline = Deadline::after(std::chrono::seconds(10));
  while (!deadline.passed()) {
    for (const pid_t child : own_children()) kill(child, SIGKILL);
    const pid_t reaped = waitpid(-1, nullptr, WNOHANG);
    if (reaped < 0 && errno == ECHILD) return;
    if (reaped == 0) usleep(1'000);
  }
}

std::string describe(int status) {
  if (WIFSIGNALED(status)) return fmt::format("was killed by signal {}", WTERMSIG(status));
  return fmt::format("exited with {}", WEXITSTATUS(status));
}

// Waits for the processes started here; false where the limit passed. A process that ends badly makes its
// launch fail at once, so that the others need not run into their deadlines.
bool wait_for(std::map<pid_t, int>& processes, Board& board, bool a_death_is_planned,
              std::chrono::seconds limit) {
  const Deadline deadline = Deadline::after(limit);
  for (std::size_t left = processes.size(); left > 0;) {
    int status = 0;
    const pid_t ended = waitpid(-1, &status, WNOHANG);
    if (ended > 0) {
      const auto process = processes.find(ended);
      if (process == processes.end()) continue;  // what a launcher left
      process->second = status;
      --left;
      if (status != 0 && !a_death_is_planned) board.mark_failed();
      continue;
    }
    if (deadline.passed()) return false;
    usleep(1'000);
  }
  return true;
}

}  // namespace

bool conduct(const Launch& launch) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  Board board = Board::create(launch.ranks, launch.notices_lost_peer);
  const bool has_launcher = !launch.launch_command.empty();
  const bool a_death_is_planned = launch.filter.find("LostPeer") == 0;

  std::map<pid_t, int> processes;
  for (int i = 0; i < (has_launcher ? 1 : launch.ranks); ++i)
    processes[start(has_launcher ? launcher_command(launch, board) : rank_command(launch, board))] = 0;
  const bool in_time = wait_for(processes, board, a_death_is_planned, launch.limit);
  end_all(processes);

  bool good = in_time;
  if (!in_time) std::fprintf(stderr, "not done after %ld s\n", static_cast<long>(launch.limit.count()));
  int doomed = 0;
  for (int rank = 0; rank < launch.ranks; ++rank) {
    const BoardSlot& slot = board.slot(rank);
    doomed += slot.doomed ? 1 : 0;
    // A launcher may end the others once a rank has died.
    const bool excused =
        slot.doomed || (a_death_is_planned && has_launcher && slot.outcome != Outcome::failed);
    if (slot.outcome == Outcome::passed || excused) continue;
    good = false;
    std::fprintf(stderr, "rank %d %s\n", rank,
                 slot.outcome == Outcome::failed    ? "failed"
                 : slot.outcome == Outcome::running ? "did not come to its end"
                                                    : "never joined");
  }
  const auto bad_ends = std::count_if(processes.begin(), processes.end(),
                                      [](const auto& process) { return process.second != 0; });
  if (bad_ends <= doomed) return good;
  for (const auto& [pid, status] : processes)
    if (status != 0) std::fprintf(stderr, "process %d %s\n", pid, describe(status).c_str());
  return false;
}

}  // namespace podbench::conformance
