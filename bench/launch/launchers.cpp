#include "bench/launch/launchers.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "base/error.hpp"
#include "base/names.hpp"
#include "bench/rendezvous/message.hpp"

namespace podbench {
namespace {

constexpr int secret_descriptor = 3;

std::string program_of(const LaunchRequest& request) {
  if (!request.program.empty()) return request.program;
  std::array<char, 4096> path{};
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size() - 1);
  if (length <= 0) throw system_error("cannot find this program's own file", errno);
  return {path.data(), static_cast<std::size_t>(length)};
}

// What every rank is told, but for its number and the secret.
std::map<std::string, std::string> environment_of(const LaunchRequest& request, const StoreServer& store) {
  auto environment = request.environment;
  environment["PODBENCH_STORE"] = store.address();
  environment["PODBENCH_RANKS"] = std::to_string(request.ranks);
  return environment;
}

void append(std::vector<std::string>& command, const std::vector<std::string>& more) {
  command.insert(command.end(), more.begin(), more.end());
}

void append_rank_command(std::vector<std::string>& command, const LaunchRequest& request) {
  command.push_back(program_of(request));
  append(command, request.rank_arguments);
}

std::string joined(const std::vector<std::string>& words, std::string_view separator) {
  return fmt::format("{}", fmt::join(words, separator));
}

// Ranks are dealt out in blocks; of more hosts than ranks the last go without.
const std::string& host_of(const LaunchRequest& request, int rank) {
  const auto hosts = std::min(static_cast<std::int64_t>(request.hosts.size()), std::int64_t{request.ranks});
  return request.hosts[static_cast<std::size_t>(rank * hosts / request.ranks)];
}

// "node1:2,node2:1": MPI launchers take a name alone for one rank.
std::string hosts_with_slots(const LaunchRequest& request) {
  std::vector<std::string> hosts;
  for (int first = 0, next = 0; first < request.ranks; first = next) {
    const std::string& host = host_of(request, first);
    while (next < request.ranks && &host_of(request, next) == &host) ++next;
    hosts.push_back(fmt::format("{}:{}", host, next - first));
  }
  return joined(hosts, ",");
}

std::vector<Starter> local(const LaunchRequest& request, const StoreServer& store) {
  std::vector<Starter> starters;
  for (int rank = 0; rank < request.ranks; ++rank) {
    Starter starter{.first_rank = rank};
    append_rank_command(starter.child.command, request);
    starter.child.environment = environment_of(request, store);
    starter.child.environment["PODBENCH_RANK"] = std::to_string(rank);
    starter.child.environment["PODBENCH_SECRET_FD"] = std::to_string(secret_descriptor);
    starter.child.told_descriptor = secret_descriptor;
    starter.child.told = store.secret().hex();
    starters.push_back(std::move(starter));
  }
  return starters;
}

// One launcher for all ranks. The secret travels in its environment, as nothing else does.
Starter through(std::string name, std::vector<std::string> command, const LaunchRequest& request,
                const StoreServer& store) {
  append_rank_command(command, request);
  Starter starter{.name = std::move(name), .ranks = request.ranks};
  starter.child.command = std::move(command);
  starter.child.environment = environment_of(request, store);
  starter.child.environment["PODBENCH_SECRET"] = store.secret().hex();
  starter.child.keep_output = true;
  starter.child.dies_with_us_by = SIGTERM;  // so that it takes its ranks along
  return starter;
}

std::vector<std::string> mpirun_command(const LaunchRequest& request) {
  if (!request.launch_command.empty()) return request.launch_command;
  return {"mpirun", "-n", "{ranks}"};
}

std::vector<Starter> mpirun(const LaunchRequest& request, const StoreServer& store) {
  std::vector<std::string> command = mpirun_command(request);
  for (std::string& word : command)
    if (const std::size_t at = word.find("{ranks}"); at != std::string::npos)
      word.replace(at, 7, std::to_string(request.ranks));
  if (!request.hosts.empty()) append(command, {"--host", hosts_with_slots(request)});
  std::string launcher = command.front();
  Starter starter = through(std::move(launcher), std::move(command), request, store);
  // Open MPI takes only these to other nodes; it is given the names, so the values stay off command lines.
  std::vector<std::string> names{"PODBENCH_SECRET"};
  for (const auto& [name, value] : environment_of(request, store)) names.push_back(name);
  starter.child.environment["OMPI_MCA_mca_base_env_list"] = joined(names, ";");
  std::vector<Starter> starters;
  starters.push_back(std::move(starter));
  return starters;
}

std::vector<Starter> srun(const LaunchRequest& request, const StoreServer& store) {
  std::vector<std::string> command{"srun", "--mpi=none", "--export=ALL", "--kill-on-bad-exit=1",
                                   fmt::format("--ntasks={}", request.ranks)};
  if (!request.hosts.empty()) command.push_back("--nodelist=" + joined(request.hosts, ","));
  std::vector<Starter> starters;
  starters.push_back(through("srun", std::move(command), request, store));
  return starters;
}

// For a remote shell: in single quotes, with each quote written '\''.
std::string quoted(std::string_view word) {
  std::string result = "'";
  for (const char c : word) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::string remote_command(const LaunchRequest& request, const StoreServer& store, int rank,
                           const std::string& host) {
  auto environment = environment_of(request, store);
  environment["PODBENCH_RANK"] = std::to_string(rank);
  environment["PODBENCH_NODE"] = host.substr(host.find('@') + 1);
  environment["PODBENCH_SECRET_FD"] = "0";
  std::string command = "exec env";
  for (const auto& [name, value] : environment) command += " " + quoted(name + "=" + value);
  std::vector<std::string> words;
  append_rank_command(words, request);
  for (const std::string& word : words) command += " " + quoted(word);
  return command;
}

std::string ssh_client() {
  const char* other = std::getenv("PODBENCH_SSH");
  return other != nullptr && *other != '\0' ? other : "ssh";
}

std::vector<Starter> ssh(const LaunchRequest& request, const StoreServer& store) {
  const std::string client = ssh_client();
  std::vector<Starter> starters;
  for (int rank = 0; rank < request.ranks; ++rank) {
    const std::string& host = host_of(request, rank);
    Starter starter{.name = "ssh to " + host, .first_rank = rank};
    starter.child.command = {client,          "-T", "-o",
                             "BatchMode=yes", host, remote_command(request, store, rank, host)};
    starter.child.told_descriptor = STDIN_FILENO;
    starter.child.told = store.secret().hex();
    starter.child.keep_output = true;
    starters.push_back(std::move(starter));
  }
  return starters;
}

struct Launcher {
  std::string_view name;
  std::vector<Starter> (*starters)(const LaunchRequest&, const StoreServer&);
  std::string (*program)(const LaunchRequest&);  // what must be on $PATH; empty: nothing
};
constexpr std::array launchers{
    Launcher{"local", local, [](const LaunchRequest&) { return std::string(); }},
    Launcher{"mpirun", mpirun, [](const LaunchRequest& request) { return mpirun_command(request).front(); }},
    Launcher{"srun", srun, [](const LaunchRequest&) { return std::string("srun"); }},
    Launcher{"ssh", ssh, [](const LaunchRequest&) { return ssh_client(); }}};

const Launcher& find_launcher(const std::string& name) {
  for (const Launcher& launcher : launchers)
    if (launcher.name == name) return launcher;
  std::vector<std::string> known;
  for (const Launcher& launcher : launchers) known.emplace_back(launcher.name);
  throw RequestError(unknown_name("launcher", name, known));
}

void check_host(const std::string& host) {
  const bool good = !host.empty() && host.size() <= most_host_bytes && host.front() != '-' &&
                    std::all_of(host.begin(), host.end(), [](char c) {
                      return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                             std::string_view(".-_:@[]").find(c) != std::string_view::npos;
                    });
  if (!good)
    throw RequestError(fmt::format("\"{}\" is no host; write --hosts node1,node2 or user@node1", host));
}

void check_program_exists(const std::string& name) {
  if (name.find('/') != std::string::npos) {
    if (access(name.c_str(), X_OK) == 0) return;
  } else {
    const char* path = std::getenv("PATH");
    std::string_view rest = path == nullptr ? "/usr/bin:/bin" : path;
    while (!rest.empty()) {
      const std::string folder(rest.substr(0, rest.find(':')));
      if (access((folder + "/" + name).c_str(), X_OK) == 0) return;
      rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
    }
  }
  throw RequestError(
      fmt::format("the launcher needs `{}`, which is not here; install it or use another --launcher", name));
}

}  // namespace

void check_launch(const LaunchRequest& request) {
  const Launcher& launcher = find_launcher(request.launcher);
  if (request.ranks < 1 || request.ranks > most_ranks)
    throw RequestError(fmt::format("a launch needs 1 to {} ranks, not {}", most_ranks, request.ranks));
  for (const std::string& host : request.hosts) check_host(host);
  if (request.launcher == "ssh" && request.hosts.empty())
    throw RequestError("the ssh launcher needs hosts: --hosts node1,node2");
  if (request.launcher == "local" && !request.hosts.empty())
    throw RequestError(
        "the local launcher starts ranks on this host only; leave --hosts away, or --launcher");
  for (const auto& [key, value] : request.published)
    if (key.size() > most_key_bytes || value.size() > most_value_bytes)
      throw RequestError(fmt::format("\"{}\" is too large to be told to the ranks", key));
  if (const std::string program = launcher.program(request); !program.empty()) check_program_exists(program);
}

bool reaches_other_hosts(const LaunchRequest& request) {
  return request.launcher != "local";
}

std::vector<Starter> starters_of(const LaunchRequest& request, const StoreServer& store) {
  return find_launcher(request.launcher).starters(request, store);
}

}  // namespace podbench
