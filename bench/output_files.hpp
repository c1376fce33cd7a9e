// The files that a judging command leaves beside what it prints: --html, --junit, --json, --openmetrics.
// Thread-safety: one thread. Errors: RequestError for a name that cannot be written to, RunError where the
// disk fails.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "analysis/findings.hpp"

namespace podbench {

struct OutputFiles {
  std::string html, junit, json, openmetrics;  // empty: not asked for
};

// Before any work: every file's folder is there and lets us write, and no name is given twice.
void check_output_files(const OutputFiles& files);

// What a judging command has to say, each form made only where it is wanted.
struct Judged {
  const Findings& findings;
  std::function<std::string()> terminal;  // the text for people
  std::function<nlohmann::ordered_json()> json;
  std::function<std::string()> html;
};

// Writes the files asked for, replacing older ones only when the new one is whole, then prints `format`
// (table, json or csv) to standard output. The exit code is that of the findings.
[[nodiscard]] ExitCode give_out(const Judged& judged, const OutputFiles& files, const std::string& format);

// A whole file in place of an older one: temporary, synced, renamed.
void replace_file(const std::string& path, const std::string& text);

}  // namespace podbench
