// The conductor: starts the ranks of one conformance launch, waits for them with a deadline, ends what does
// not end by itself and reaps everything. Thread-safety: one thread of a process without other children.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace podbench::conformance {

struct Launch {
  std::string spec;                         // the transport, as the registry knows it
  std::vector<std::string> launch_command;  // Device::launch_command
  int ranks = 1;
  bool notices_lost_peer = false;
  std::string filter;                       // of GoogleTest
  std::vector<std::string> test_arguments;  // --gtest_... of the caller
  std::chrono::seconds limit{300};
};

// Whether every rank passed (a rank that was told to die need not). What went wrong is on stderr.
[[nodiscard]] bool conduct(const Launch& launch);

}  // namespace podbench::conformance
