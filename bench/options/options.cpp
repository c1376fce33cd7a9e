#include "bench/options/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/names.hpp"
#include "bench/ab/words.hpp"
#include "bench/options/add.hpp"
#include "bench/version.hpp"

namespace podbench {
namespace {

// What the director starts; nobody types it.
constexpr const char* hidden_command = "rank";
constexpr const char* hidden_accept_command = "accept-rank";

// Google Benchmark reads its own flags; everything else is ours.
std::vector<std::string> take_benchmark_flags(std::vector<std::string>& words) {
  std::vector<std::string> taken;
  std::erase_if(words, [&taken](const std::string& word) {
    if (!word.starts_with("--benchmark_")) return false;
    taken.push_back(word);
    return true;
  });
  return taken;
}

// One line out of CLI11's message.
std::string in_one_line(std::string text) {
  for (char& c : text)
    if (c == '\n') c = ' ';
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

// CLI11 would only say that a command is missing.
void check_command(const CLI::App& app, const std::vector<std::string>& words) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands(nullptr))
    if (!command->get_group().empty()) names.push_back(command->get_name());
  if (words.empty())
    throw RequestError(
        fmt::format("which command? one of {}; `podbench --help` says more", fmt::join(names, ", ")));
  const std::string& first = words.front();
  const bool known =
      std::any_of(names.begin(), names.end(), [&first](const std::string& n) { return n == first; });
  if (!known && !first.starts_with('-') && first != hidden_command && first != hidden_accept_command)
    throw RequestError(unknown_name("command", first, names));
}

// What the command does not know, the first of it as it was typed; CLI11 tells all of it, last word first.
std::string unexpected(const CLI::App& app, std::span<const char* const> typed) {
  const CLI::App& command = *app.get_subcommands().front();
  const std::vector<std::string> left = app.remaining(true);
  const auto is_left = [&](std::string_view word) {
    return std::find(left.begin(), left.end(), word) != left.end();
  };
  const auto option = std::find_if(typed.begin(), typed.end(), [&](std::string_view word) {
    return word.starts_with('-') && is_left(word);
  });
  if (option == typed.end())
    return fmt::format("\"{}\" is one word too many; `podbench {} --help` shows what is possible",
                       left.back(), command.get_name());
  std::vector<std::string> known;
  for (const CLI::Option* one : command.get_options())
    for (const std::string& name : one->get_lnames()) known.push_back("--" + name);
  const std::string_view given = *option;
  return unknown_name("option of " + command.get_name(), given.substr(0, given.find('=')), known);
}

std::string command_line_of(int argc, const char* const* argv) {
  std::string line;
  for (int i = 0; i < argc; ++i) line += (i == 0 ? "" : " ") + std::string(argv[i]);
  return line;
}

}  // namespace

void add_format(CLI::App& command, std::string& format) {
  command.add_option("--format", format, "table, json or csv")
      ->check(CLI::IsMember({"table", "json", "csv"}));
}

void add_output_files(CLI::App& command, OutputFiles& files) {
  command.add_option("--html", files.html, "Also a self-contained page, into this file");
  command.add_option("--junit", files.junit, "Also JUnit's XML, for CI");
  command.add_option("--json", files.json, "Also a JSON document");
  command.add_option("--openmetrics", files.openmetrics, "Also OpenMetrics' text, for monitoring");
}

Invocation parse_command_line(int argc, const char* const* argv) {
  Invocation chosen;
  CLI::App app("podbench: the interconnect and collectives benchmark suite for AI and HPC pods", "podbench");
  app.set_version_flag("--version", fmt::format("podbench {} ({})", program_version(), git_revision()));
  app.require_subcommand(1);
  for (const auto add : {add_run, add_list, add_doctor, add_verify, add_show, add_compare, add_ab, add_track,
                         add_accept, add_report, add_fit, add_recover, add_export})
    add(app, chosen);
  app.add_subcommand(hidden_command, "One rank of a launch; started by podbench itself")
      ->group("")
      ->callback([&chosen] { chosen = RankCommand{}; });
  app.add_subcommand(hidden_accept_command, "One rank of an acceptance; started by podbench itself")
      ->group("")
      ->callback([&chosen] { chosen = AcceptRankCommand{}; });
  app.footer(
      "Examples:\n"
      "  podbench list transports\n"
      "  podbench run --suite smoke\n"
      "  podbench show results/runs/NAME.h5 --rows bytes --cols transport\n"
      "Exit codes: 0 good, 1 a check failed, 2 the request is wrong, 3 inconclusive, 4 not completed.");

  std::vector<std::string> words(argv + 1, argv + argc);
  const std::vector<std::string> benchmark_flags = take_benchmark_flags(words);
  check_command(app, words);
  std::reverse(words.begin(), words.end());
  try {
    app.parse(words);
  } catch (const CLI::Success& help) {
    app.exit(help);
    return NothingToDo{};
  } catch (const CLI::ExtrasError&) {
    throw RequestError(unexpected(app, {argv, static_cast<std::size_t>(argc)}));
  } catch (const CLI::ParseError& error) {
    throw RequestError(in_one_line(error.what()) + "; `podbench --help` shows what is possible");
  }

  if (auto* run = std::get_if<RunRequest>(&chosen)) {
    run->benchmark_flags = benchmark_flags;
    run->command_line = command_line_of(argc, argv);
  }
  if (auto* accept = std::get_if<AcceptRequest>(&chosen)) accept->command_line = command_line_of(argc, argv);
  if (auto* ab = std::get_if<AbRequest>(&chosen)) ab->command_line = join_words({argv, argv + argc});
  return chosen;
}

}  // namespace podbench
