// Suites: named sets of cases, built in or from a TOML file, and the same thing from the command line.
//
//   name = "nightly"
//   time_per_case = "2s"
//   launches = 4
//   [[cases]]
//   transport = "all"                   # every usable one; or a name, or a list of names
//   pattern = ["allreduce", "alltoall"]
//   algorithm = "ring"                  # left out: every algorithm of the pattern
//   bytes = "8:64M:x4"
//   ranks = "2,4"                       # left out: two, or a core each
//
// Thread-safety: values. Errors: RequestError with file, line and column where a suite file is wrong.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bench/case.hpp"

namespace podbench {

// A product of choices, as a person writes it. Empty lists take their default.
struct CaseRequest {
  std::vector<std::string> transports, patterns, algorithms, datatypes, ops;
  std::vector<std::string> bytes, ranks, counts;  // lists in the grammar of base/quantity.hpp
  std::string cadence = "isolated";
  std::string buffers = "transport";
  std::string tuning;  // the file that the algorithm "best" goes by; empty: the tables of the program
  Parameters parameters;
};

inline constexpr int most_launches = 10'000;

struct Suite {
  std::string name;
  std::string summary;
  std::optional<std::int64_t> time_per_case_ns;
  std::optional<int> launches;
  std::vector<CaseRequest> requests;
  std::string text;  // as given, kept in the run file
};

// A built-in suite by name, or else the file `name_or_path`.
[[nodiscard]] Suite load_suite(const std::string& name_or_path);

// `source` names the text in errors.
[[nodiscard]] Suite parse_suite(const std::string& text, const std::string& source);

struct BuiltInSuite {
  std::string_view name, text;
};
[[nodiscard]] std::span<const BuiltInSuite> built_in_suites();

}  // namespace podbench
