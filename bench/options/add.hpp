// One function a command: its flags, its help, and what is left in `chosen` once the command line is known to
// be whole. Only this folder includes it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "bench/options/options.hpp"
#include "bench/output_files.hpp"

namespace podbench {

void add_run(CLI::App& app, Invocation& chosen);
void add_ab(CLI::App& app, Invocation& chosen);
void add_list(CLI::App& app, Invocation& chosen);
void add_doctor(CLI::App& app, Invocation& chosen);
void add_verify(CLI::App& app, Invocation& chosen);
void add_show(CLI::App& app, Invocation& chosen);
void add_fit(CLI::App& app, Invocation& chosen);
void add_recover(CLI::App& app, Invocation& chosen);
void add_export(CLI::App& app, Invocation& chosen);
void add_compare(CLI::App& app, Invocation& chosen);
void add_accept(CLI::App& app, Invocation& chosen);
void add_report(CLI::App& app, Invocation& chosen);
void add_track(CLI::App& app, Invocation& chosen);

// --format table|json|csv.
void add_format(CLI::App& command, std::string& format);

// --html, --junit, --json, --openmetrics.
void add_output_files(CLI::App& command, OutputFiles& files);

// A command's own request, which lives as long as the app that fills it, and goes to `chosen` at the end;
// `finish` reads what needs a grammar of its own.
template <typename Request, typename Finish>
Request& request_of(CLI::App& command, Invocation& chosen, Finish finish) {
  auto request = std::make_shared<Request>();
  command.callback([request, &chosen, finish] {
    finish(*request);
    chosen = *request;
  });
  return *request;
}
template <typename Request>
Request& request_of(CLI::App& command, Invocation& chosen) {
  return request_of<Request>(command, chosen, [](Request&) {});
}

}  // namespace podbench
