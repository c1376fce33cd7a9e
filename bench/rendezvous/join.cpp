#include "bench/rendezvous/join.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sodium.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "base/error.hpp"
#include "bench/rendezvous/alone_rendezvous.hpp"
#include "bench/rendezvous/file_descriptor.hpp"
#include "bench/rendezvous/introduced_rendezvous.hpp"
#include "bench/rendezvous/launch_environment.hpp"
#include "bench/rendezvous/pmi_introduction.hpp"
#include "bench/rendezvous/pmix_introduction.hpp"
#include "bench/rendezvous/socket.hpp"
#include "bench/rendezvous/store_rendezvous.hpp"

namespace podbench {
namespace {

// Takes a variable out of the environment, its bytes included: /proc shows them otherwise.
std::string take_variable(const char* name) {
  char* value = std::getenv(name);
  if (value == nullptr) return {};
  std::string text = value;
  sodium_memzero(value, std::strlen(value));
  unsetenv(name);
  return text;
}

// The secret's 64 digits from an inherited pipe or standard input.
Secret read_secret(std::string_view descriptor_text, Deadline deadline) {
  int number = -1;
  const auto [end, error] =
      std::from_chars(descriptor_text.data(), descriptor_text.data() + descriptor_text.size(), number);
  if (error != std::errc() || end != descriptor_text.data() + descriptor_text.size() || number < 0)
    throw RequestError("PODBENCH_SECRET_FD must be the number of a descriptor");
  FileDescriptor pipe(number == STDIN_FILENO ? dup(number) : number);
  std::array<char, 2 * Secret::size_bytes> digits{};
  for (std::size_t got = 0; got < digits.size();) {
    if (!wait_for(pipe, POLLIN, deadline)) throw RunError("the launch's secret does not arrive");
    const ssize_t n = read(pipe.get(), &digits[got], digits.size() - got);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw system_error("cannot read the launch's secret", errno);
    if (n == 0) throw RunError("the launch's secret is cut short");
    got += static_cast<std::size_t>(n);
  }
  const Secret secret = Secret::from_hex({digits.data(), digits.size()});
  sodium_memzero(digits.data(), digits.size());
  return secret;
}

Secret take_secret(Deadline deadline) {
  if (const std::string descriptor = take_variable("PODBENCH_SECRET_FD"); !descriptor.empty())
    return read_secret(descriptor, deadline);
  std::string hex = take_variable("PODBENCH_SECRET");
  const Secret secret = Secret::from_hex(hex);
  sodium_memzero(hex.data(), hex.size());
  return secret;
}

}  // namespace

std::unique_ptr<Rendezvous> join_launch(Deadline deadline) {
  const LaunchEnvironment environment = detect_launch_environment();
  switch (environment.kind) {
    case LaunchKind::store:
      return join_store(std::getenv("PODBENCH_STORE"), take_secret(deadline), environment.rank,
                        environment.size, deadline);
    case LaunchKind::pmix:
      return join_introduced(introduced_by_pmix(), deadline);
    case LaunchKind::pmi:
      return join_introduced(introduced_by_pmi(deadline), deadline);
    case LaunchKind::unsupported:
      throw RequestError(environment.reason);
    case LaunchKind::alone:
      break;
  }
  return join_alone();
}

}  // namespace podbench
