// One child of `ab`: `podbench run`, started, waited for, and ended where a person or the deadline says so.
// It has a process group of its own and dies with us, whatever kills us.
// Thread-safety: one thread, which also owns the SignalReader. Errors: RunError where the system refuses.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "bench/launch/child_process.hpp"
#include "bench/launch/signal_reader.hpp"

namespace podbench {

struct ChildResult {
  ChildEnd end;
  int signal = 0;         // by which a person ended us meanwhile, 0 if none
  bool too_late = false;  // it was ended because its time was over
  std::string output;     // standard output, up to a bound
  std::string last_line;  // of standard error

  [[nodiscard]] bool exited_with(int code) const noexcept {
    return signal == 0 && !too_late && end.signal == 0 && end.exit_code == code;
  }
  // Why it did not end well, without the program's name: its own last line where it left one.
  [[nodiscard]] std::string reason() const;
};

// Blocks until no process of the child is left, at most `patience` and a grace of seconds.
[[nodiscard]] ChildResult run_child(const std::vector<std::string>& command,
                                    const std::map<std::string, std::string>& environment,
                                    std::chrono::nanoseconds patience, const SignalReader& signals);

}  // namespace podbench
