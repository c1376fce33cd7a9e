#include "bench/options/typed_parameters.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "bench/parameters.hpp"

namespace podbench {

void add_parameters(CLI::App& command, TypedParameters& typed, std::uint32_t knobs) {
  for (const ParameterOption& option : parameter_options()) {
    if ((option.knobs & knobs) == 0) continue;
    const std::string name(option.name);
    command.add_option_function<std::string>(
        "--" + name, [&typed, name](const std::string& text) { typed[name] = text; },
        std::string(option.help));
  }
}

Parameters read_parameters(const TypedParameters& typed) {
  Parameters parameters;
  for (const ParameterOption& option : parameter_options())
    if (const auto given = typed.find(std::string(option.name)); given != typed.end()) try {
        give(option, given->second, "", parameters);
      } catch (const RequestError& error) {
        throw RequestError(fmt::format("--{}: {}", option.name, error.what()));
      }
  return parameters;
}

}  // namespace podbench
