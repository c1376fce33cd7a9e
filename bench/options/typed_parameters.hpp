// The parameters of patterns as options of a command (bench/parameters.hpp).
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <map>
#include <string>

#include "patterns/pattern.hpp"

namespace podbench {

// What was typed, by name; read once the command line is known to be whole.
using TypedParameters = std::map<std::string, std::string>;

// Adds those that a command has a use for.
void add_parameters(CLI::App& command, TypedParameters& typed, std::uint32_t knobs = ~0U);
[[nodiscard]] Parameters read_parameters(const TypedParameters& typed);

}  // namespace podbench
