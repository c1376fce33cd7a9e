#include "bench/ab/side.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <string_view>

#include "base/error.hpp"
#include "bench/ab/words.hpp"
#include "bench/machine/record.hpp"

namespace podbench {
namespace {

namespace fs = std::filesystem;

// Flags of `podbench run` that ab gives each launch itself.
constexpr std::array<std::string_view, 7> own_flags = {"--launches", "--seed",  "--out",    "--format",
                                                       "--dry-run",  "--quiet", "--verbose"};

// "NAME=value" with a name that a shell would take.
bool is_assignment(std::string_view word) {
  const std::string_view name = word.substr(0, word.find('='));
  if (name.size() == word.size() || name.empty() || std::isdigit(static_cast<unsigned char>(name[0])) != 0)
    return false;
  return std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

void check_argument(const std::string& word) {
  const std::string flag = word.substr(0, word.find('='));
  if (std::find(own_flags.begin(), own_flags.end(), flag) != own_flags.end())
    throw RequestError(fmt::format("{} is not a side's: ab itself says it to each launch", flag));
}

void add_words(const std::string& text, Side& side) {
  bool environment = true;
  for (const std::string& word : split_words(text)) {
    environment = environment && is_assignment(word);
    if (environment) {
      side.environment[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
      continue;
    }
    check_argument(word);
    side.arguments.push_back(word);
  }
}

std::string this_program() {
  std::error_code error;
  fs::path path = fs::read_symlink("/proc/self/exe", error);
  if (error) throw system_error("cannot find this program's own file", error.value());
  return path.string();
}

bool is_program(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

// The file that a program's name means.
std::string find_program(const std::string& name) {
  if (name.empty()) return this_program();
  if (name.find('/') != std::string::npos) {
    if (is_program(name)) return fs::absolute(name).string();
    throw RequestError(fmt::format("{} is no program that may be executed; name a podbench", name));
  }
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "/usr/bin:/bin" : path;
  while (!rest.empty()) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    if (const fs::path candidate = fs::path(folder) / name; is_program(candidate)) return candidate.string();
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
  }
  throw RequestError(fmt::format("{} is not in $PATH; write ./{} for a file that lies here", name, name));
}

std::vector<std::string> command_of(const Side& side, std::vector<std::string> own) {
  std::vector<std::string> command = {side.program, "run"};
  command.insert(command.end(), side.arguments.begin(), side.arguments.end());
  command.insert(command.end(), own.begin(), own.end());
  return command;
}

}  // namespace

std::vector<std::string> Side::words() const {
  std::vector<std::string> words;
  for (const auto& [name, value] : environment)
    words.push_back(name + "=" + (looks_secret(name, value) ? "(masked)" : value));
  words.insert(words.end(), arguments.begin(), arguments.end());
  return words;
}

Side make_side(char letter, const std::string& common, const std::string& own, const std::string& program) {
  Side side;
  side.letter = letter;
  const char* option = "--common";
  try {
    add_words(common, side);
    option = letter == 'a' ? "--a" : "--b";
    add_words(own, side);
    option = letter == 'a' ? "--a-program" : "--b-program";
    side.program = find_program(program);
  } catch (const RequestError& error) {
    throw RequestError(fmt::format("{}: {}", option, error.what()));
  }
  return side;
}

std::vector<std::string> plan_command(const Side& side) {
  return command_of(side, {"--launches", "1", "--dry-run", "--format", "json"});
}

std::vector<std::string> launch_command(const Side& side, std::uint64_t case_seed, const fs::path& out) {
  return command_of(
      side, {"--launches", "1", "--seed", std::to_string(case_seed), "--quiet", "--out", out.string()});
}

}  // namespace podbench
