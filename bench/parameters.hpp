// What a person can set on patterns and algorithms, in one table: the command line, suite files, the orders
// to the ranks and the names of cases all read it. A new parameter is one line in parameters.cpp.
// Thread-safety: pure, but that files are read.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "patterns/pattern.hpp"

namespace podbench {

// A file that comes with the program and is known by its name.
struct BuiltInText {
  std::string_view name, text;
};
[[nodiscard]] std::span<const BuiltInText> built_in_workloads();  // the files of workloads/

struct ParameterOption {
  std::string_view name;  // "root": --root on the command line, a key of [[cases]], part of a case's name
  std::string_view help;
  std::uint32_t knobs;  // any of which means that it makes a difference
  // A value: from text (RequestError says what would be right) and back.
  void (*set)(Parameters&, const std::string& text) = nullptr;
  std::string (*show)(const Parameters&) = nullptr;
  // Or a file: from its text, and back; null where none was given.
  void (*load)(Parameters&, SourceText) = nullptr;
  const SourceText* (*source)(const Parameters&) = nullptr;
  std::span<const BuiltInText> (*built_in)() = nullptr;  // may be null
};

[[nodiscard]] std::span<const ParameterOption> parameter_options();

// Sets a parameter from what a person typed: a value, or the name of a built-in text, or of a file, relative
// to `folder`.
void give(const ParameterOption& option, const std::string& typed, const std::filesystem::path& folder,
          Parameters& parameters);

// What tells cases apart: the value, or the file's name and a hash of its text; empty for the default.
[[nodiscard]] std::string identity(const ParameterOption& option, const Parameters& parameters);

// Everything, for another rank: name to value, or to the file's name and text. RequestError where `texts` are
// none of these.
struct ParameterTexts {
  std::map<std::string, std::string> values;
  std::map<std::string, std::pair<std::string, std::string>> files;
};
[[nodiscard]] ParameterTexts texts_of(const Parameters& parameters);
[[nodiscard]] Parameters parameters_from(const ParameterTexts& texts);

}  // namespace podbench
