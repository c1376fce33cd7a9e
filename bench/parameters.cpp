#include "bench/parameters.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <optional>
#include <sstream>

#include "base/error.hpp"
#include "base/names.hpp"
#include "base/quantity.hpp"
#include "base/random.hpp"
#include "base/text_file.hpp"
#include "patterns/alltoallv/count_matrix.hpp"
#include "patterns/imported/imported_schedule.hpp"
#include "patterns/training_step/workload.hpp"

namespace podbench {
namespace {

constexpr std::uintmax_t largest_file_bytes = std::uintmax_t{64} << 20;
constexpr std::size_t most_axes = 3;

template <typename Number>
std::optional<Number> number_in(std::string_view text, Number least, Number most) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && number >= least && number <= most ? std::optional(number) : std::nullopt;
}

template <typename Number>
Number wanted(const std::string& text, Number least, Number most) {
  if (const auto number = number_in(text, least, most)) return *number;
  throw RequestError(fmt::format("\"{}\" is no number from {} to {}", text, least, most));
}

// Whole elements of every type, and long enough for a message of its own.
std::uint64_t piece_of(const std::string& text) {
  constexpr std::uint64_t least_bytes = 4096;
  const std::uint64_t bytes = parse_bytes(text);
  if (bytes != 0 && (bytes < least_bytes || bytes % 64 != 0))
    throw RequestError(fmt::format("\"{}\" is neither 0 nor a multiple of 64 from 4Ki on", text));
  return bytes;
}

bool on_or_off(const std::string& text) {
  if (text != "on" && text != "off") throw RequestError(fmt::format("\"{}\" is neither on nor off", text));
  return text == "on";
}

std::vector<int> axes_of(const std::string& text) {
  std::vector<int> axes;
  std::istringstream words(text + "x");
  for (std::string word; std::getline(words, word, 'x');) {
    const auto length = number_in(word, 1, 1'000'000);
    if (!length || axes.size() == most_axes)
      throw RequestError(fmt::format("\"{}\" is no grid; write 8x4 or 4x4x2", text));
    axes.push_back(*length);
  }
  return axes;
}

constexpr ParameterOption options[] = {
    {.name = "root",
     .help = "Root of rooted patterns",
     .knobs = knob_root,
     .set = [](Parameters& p, const std::string& text) { p.root = wanted(text, 0, 1'000'000); },
     .show = [](const Parameters& p) { return fmt::format("{}", p.root); }},
    {.name = "window",
     .help = "Messages in flight in bandwidth tests",
     .knobs = knob_window,
     .set = [](Parameters& p, const std::string& text) { p.window = wanted(text, 1, 1 << 16); },
     .show = [](const Parameters& p) { return fmt::format("{}", p.window); }},
    {.name = "radix",
     .help = "Radix of bruck and knomial",
     .knobs = knob_radix,
     .set = [](Parameters& p, const std::string& text) { p.radix = wanted(text, 2, 1 << 16); },
     .show = [](const Parameters& p) { return fmt::format("{}", p.radix); }},
    {.name = "segment",
     .help = "Elements a segment of pipelined algorithms",
     .knobs = knob_segment,
     .set =
         [](Parameters& p, const std::string& text) {
           p.segment_count = wanted(text, std::uint64_t{0}, std::uint64_t{1} << 40);
         },
     .show = [](const Parameters& p) { return fmt::format("{}", p.segment_count); }},
    {.name = "piece",
     .help =
         "Bytes of the pieces in which long messages of reductions travel, each reduced while the next is "
         "under way (default 0: whole)",
     .knobs = knob_piece,
     .set = [](Parameters& p, const std::string& text) { p.piece_bytes = piece_of(text); },
     .show = [](const Parameters& p) { return fmt::format("{}", p.piece_bytes); }},
    {.name = "shift",
     .help = "Distance of shift",
     .knobs = knob_shift,
     .set = [](Parameters& p, const std::string& text) { p.shift = wanted(text, -1'000'000, 1'000'000); },
     .show = [](const Parameters& p) { return fmt::format("{}", p.shift); }},
    {.name = "grid",
     .help = "Ranks an axis of halo: 8x4, 4x4x2 (default: as square as possible)",
     .knobs = knob_grid,
     .set = [](Parameters& p, const std::string& text) { p.grid = axes_of(text); },
     .show = [](const Parameters& p) { return fmt::format("{}", fmt::join(p.grid, "x")); }},
    {.name = "wrap",
     .help = "on (default) or off: whether halo's grid is a torus",
     .knobs = knob_grid,
     .set = [](Parameters& p, const std::string& text) { p.wrap = on_or_off(text); },
     .show = [](const Parameters& p) { return std::string(p.wrap ? "on" : "off"); }},
    {.name = "skew",
     .help = "Zipf exponent of alltoallv (default 0: even)",
     .knobs = knob_skew,
     .set = [](Parameters& p, const std::string& text) { p.skew = wanted(text, 0.0, 16.0); },
     .show = [](const Parameters& p) { return fmt::format("{}", p.skew); }},
    {.name = "draw",
     .help = "Seed of what is drawn: the popular ranks of alltoallv, the ring of random_ring (default 0)",
     .knobs = knob_skew | knob_seed,
     .set = [](Parameters& p,
               const std::string& text) { p.seed = wanted(text, std::uint64_t{0}, ~std::uint64_t{0}); },
     .show = [](const Parameters& p) { return fmt::format("{}", p.seed); }},
    {.name = "matrix",
     .help = "Count matrix of alltoallv and flows: a file with a row a sender, a column a receiver",
     .knobs = knob_skew | knob_matrix,
     .load = [](Parameters& p, SourceText source) { p.matrix = parse_count_matrix(std::move(source)); },
     .source = [](const Parameters& p) { return p.matrix ? &p.matrix->source : nullptr; }},
    {.name = "workload",
     .help = "Workload of training_step: a TOML file, or one of `podbench list workloads`",
     .knobs = knob_workload,
     .load = [](Parameters& p, SourceText source) { p.workload = parse_workload(std::move(source)); },
     .source = [](const Parameters& p) { return p.workload ? &p.workload->text : nullptr; },
     .built_in = built_in_workloads},
    {.name = "scale",
     .help = "Factor on the sizes of a workload (default 1)",
     .knobs = knob_workload,
     .set = [](Parameters& p, const std::string& text) { p.scale = wanted(text, 1e-12, 1e6); },
     .show = [](const Parameters& p) { return fmt::format("{}", p.scale); }},
    {.name = "schedule",
     .help = "Schedule of the algorithm imported: a file in the XML of MSCCL",
     .knobs = knob_schedule,
     .load = [](Parameters& p, SourceText source) { p.schedule = parse_msccl(std::move(source)); },
     .source = [](const Parameters& p) { return p.schedule ? &p.schedule->source : nullptr; }},
};

SourceText read_file(const std::filesystem::path& path) {
  std::string text = read_text_file(path, largest_file_bytes);
  if (text.empty()) throw RequestError(path.string() + ": empty");
  return {path.filename().string(), std::move(text)};
}

// The built-in text of that name, or else the file.
SourceText find_text(const ParameterOption& option, const std::string& typed,
                     const std::filesystem::path& folder) {
  if (option.built_in == nullptr) return read_file(folder / typed);
  std::vector<std::string> names;
  for (const BuiltInText& text : option.built_in()) {
    if (text.name == typed) return {typed, std::string(text.text)};
    names.emplace_back(text.name);
  }
  std::error_code error;
  if (!std::filesystem::exists(folder / typed, error))
    throw RequestError(unknown_name(fmt::format("{} (and no file of that name)", option.name), typed, names));
  return read_file(folder / typed);
}

std::uint32_t hash_of(const std::string& text) {
  std::uint64_t hash = text.size();
  for (const char c : text) hash = mix64(hash ^ static_cast<unsigned char>(c));
  return static_cast<std::uint32_t>(hash);
}

const ParameterOption& option_named(const std::string& name, bool is_file) {
  for (const ParameterOption& option : options)
    if (option.name == name && (option.load != nullptr) == is_file) return option;
  throw RequestError(fmt::format("no parameter \"{}\"", name));
}

}  // namespace

std::span<const ParameterOption> parameter_options() {
  return options;
}

void give(const ParameterOption& option, const std::string& typed, const std::filesystem::path& folder,
          Parameters& parameters) {
  if (option.load != nullptr)
    option.load(parameters, find_text(option, typed, folder));
  else
    option.set(parameters, typed);
}

std::string identity(const ParameterOption& option, const Parameters& parameters) {
  if (option.source != nullptr) {
    const SourceText* source = option.source(parameters);
    return source == nullptr ? "" : fmt::format("{}#{:08x}", source->name, hash_of(source->text));
  }
  std::string shown = option.show(parameters);
  return shown == option.show({}) ? "" : shown;
}

ParameterTexts texts_of(const Parameters& parameters) {
  ParameterTexts texts;
  for (const ParameterOption& option : options) {
    if (option.source == nullptr) {
      if (identity(option, parameters).empty()) continue;
      texts.values[std::string(option.name)] = option.show(parameters);
    } else if (const SourceText* source = option.source(parameters)) {
      texts.files[std::string(option.name)] = {source->name, source->text};
    }
  }
  return texts;
}

Parameters parameters_from(const ParameterTexts& texts) {
  Parameters parameters;
  for (const auto& [name, text] : texts.values) option_named(name, false).set(parameters, text);
  for (const auto& [name, file] : texts.files)
    option_named(name, true).load(parameters, {file.first, file.second});
  return parameters;
}

}  // namespace podbench
