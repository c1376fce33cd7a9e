// `podbench ab`: two configurations as randomised interleaved pairs of launches, judged as they come in.
// Thread-safety: one thread, once a process.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "bench/output_files.hpp"

namespace podbench {

// The command as a person gave it (docs/ab.md).
struct AbRequest {
  std::string a, b, common;          // words of `podbench run` with leading NAME=value
  std::string a_program, b_program;  // empty: this very program
  int launches = 24;                 // of a side, at most
  int least = 6;                     // before the first look
  std::optional<std::uint64_t> seed;
  std::string out;  // NAME of NAME-a.h5 and NAME-b.h5; empty: a new name under results/runs/
  OutputFiles files;
  std::string format = "table";
  std::string command_line;
  bool dry_run = false;
  bool quiet = false;
};

// Exit 0 where no case is slower and all are decided, 1 where one is slower or had wrong data, 3 where one is
// undecided, 4 where it was ended before; what is finished is then kept and judged all the same.
[[nodiscard]] ExitCode ab_command(const AbRequest& request);

}  // namespace podbench
