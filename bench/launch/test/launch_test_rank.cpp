// What launch_test starts as a rank: joins the launch and then does as its arguments say.
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "base/error.hpp"
#include "bench/rendezvous/join.hpp"
#include "bench/rendezvous/message.hpp"
#include "bench/rendezvous/store_rendezvous.hpp"

namespace {

using namespace podbench;
using namespace std::chrono_literals;

Deadline soon() {
  return Deadline::after(20s);
}

[[noreturn]] void sleep_for_ever() {
  while (true) pause();
}

std::string file_text(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Whether this process's command line or environment shows something that looks like the secret.
bool secret_shows() {
  std::string word;
  for (const char c : file_text("/proc/self/environ") + file_text("/proc/self/cmdline")) {
    word = std::isxdigit(static_cast<unsigned char>(c)) != 0 ? word + c : std::string();
    if (word.size() >= 2 * Secret::size_bytes) return true;
  }
  return false;
}

// All ranks but `hanging` wait for it in vain; it sleeps, or is stopped by `signal`.
void hang(Rendezvous& rendezvous, int hanging, int signal) {
  if (rendezvous.rank() == hanging) {
    raise(signal);
    sleep_for_ever();
  }
  usleep(200'000);
  rendezvous.report_stall(std::vector{hanging}, "running a ring");
}

int act(Rendezvous& rendezvous, const std::string& what, int who, int number) {
  const bool me = rendezvous.rank() == who;
  if (what == "good") return me ? number : 0;
  if (what == "say")
    return all_gather(rendezvous, "x", bytes_of("y"), soon()).at(0) == blob_of("y") ? number : 9;
  if (what == "hidden") return secret_shows() ? 1 : 0;
  if (what == "told") return rendezvous.lookup(director_rank, "plan", soon()) == blob_of("plan") ? 0 : 1;
  if (what == "wait") sleep_for_ever();
  if (what == "hang") hang(rendezvous, who, number);
  if (what == "die" && me) raise(number);
  if (what == "stop" && me) raise(SIGSTOP);
  if (what == "exit" && me) _exit(number);
  if (what == "abort" && me) rendezvous.abort(number, "the link is down");
  if (what == "stubborn") signal(SIGTERM, SIG_IGN);
  if (what == "stubborn" && me) raise(SIGKILL);
  rendezvous.fence(Deadline::after(60s));
  return 0;
}

}  // namespace

// launch_test_rank WHAT [WHO [NUMBER]]
int main(int argc, char** argv) try {
  const std::string what = argc > 1 ? argv[1] : "good";
  const int who = argc > 2 ? std::atoi(argv[2]) : 0;
  const int number = argc > 3 ? std::atoi(argv[3]) : 0;
  if (what == "absent" && std::strcmp(std::getenv("PODBENCH_RANK"), argv[2]) == 0) sleep_for_ever();
  if (what == "refuse") throw RequestError("no such suite");
  const auto rendezvous = join_launch(soon());
  rendezvous->fence(soon());
  return act(*rendezvous, what, who, number);
} catch (const RequestError& error) {
  std::fputs(fmt::format("{}\n", error.what()).c_str(), stderr);
  return static_cast<int>(ExitCode::wrong_request);
} catch (const std::exception& error) {
  std::fputs(fmt::format("{}\n", error.what()).c_str(), stderr);
  return static_cast<int>(ExitCode::not_completed);
}
