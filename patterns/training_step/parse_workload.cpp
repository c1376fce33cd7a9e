#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/names.hpp"
#include "patterns/training_step/workload.hpp"

namespace podbench {

namespace {

constexpr std::size_t largest_text_bytes = 1 << 20, most_parts = 1'024;
constexpr std::int64_t most_elements = std::int64_t{1} << 40, most_repeats = 1 << 20;
constexpr double least_scale = 1e-12, most_scale = 1e6;

// Why a pattern cannot be a part of a step, or nothing.
const char* unfit(const Pattern& pattern) {
  if ((pattern.knobs & knob_workload) != 0) return "is a step itself";
  if (!pattern.sized) return "has no size";
  if (pattern.one_sided) return "is one-sided";
  if (pattern.series != nullptr) return "is a series of problems";
  if (pattern.self_timed || pattern.timed != nullptr) return "is timed by some of its ranks only";
  return nullptr;
}

class Reader {
 public:
  explicit Reader(const std::string& file) : file_(file) {}

  void read(const toml::table& root, Workload& workload) const {
    for (const auto& [key, node] : root) {
      if (key == "name")
        workload.name = text_of(node);
      else if (key == "source")
        workload.source = text_of(node);
      else if (key == "scale")
        workload.scale = number_of(node, least_scale, most_scale);
      else if (key == "part")
        read_parts(node, workload.parts);
      else
        refuse(node, unknown_name("key of a workload", key.str(), top_keys()));
    }
    if (workload.parts.empty()) throw RequestError(file_ + ": no [[part]]; a step has at least one");
  }

  [[noreturn]] void refuse(const toml::source_region& at, const std::string& what) const {
    throw RequestError(fmt::format("{}: {}", place(at), what));
  }

 private:
  struct PartKey {
    std::string_view name;
    std::uint32_t knobs;  // any of which means that the part can have it; 0: every part
    void (*set)(const Reader&, WorkloadPart&, const toml::node&);
  };
  static const std::vector<PartKey>& part_keys();

  static std::vector<std::string> top_keys() { return {"name", "source", "scale", "part"}; }

  [[nodiscard]] std::string place(const toml::source_region& at) const {
    return fmt::format("{}:{}:{}", file_, at.begin.line, at.begin.column);
  }
  [[noreturn]] void refuse(const toml::node& node, const std::string& what) const {
    refuse(node.source(), what);
  }

  [[nodiscard]] std::string text_of(const toml::node& node) const {
    if (const auto* text = node.as_string()) return text->get();
    refuse(node, "a text in quotes is wanted here");
  }
  [[nodiscard]] std::int64_t whole_of(const toml::node& node, std::int64_t least, std::int64_t most) const {
    const auto* number = node.as_integer();
    if (number != nullptr && number->get() >= least && number->get() <= most) return number->get();
    refuse(node, fmt::format("a whole number from {} to {} is wanted here", least, most));
  }
  [[nodiscard]] int rank_of(const toml::node& node, int least, int most) const {
    return static_cast<int>(whole_of(node, least, most));
  }
  [[nodiscard]] double number_of(const toml::node& node, double least, double most) const {
    const std::optional<double> number = node.value<double>();
    if (number && node.is_number() && *number >= least && *number <= most) return *number;
    refuse(node, fmt::format("a number from {} to {} is wanted here", least, most));
  }

  void read_parts(const toml::node& node, std::vector<WorkloadPart>& parts) const {
    const toml::array* tables = node.as_array();
    if (tables == nullptr) refuse(node, "write [[part]], with two brackets");
    if (tables->size() > most_parts) refuse(node, fmt::format("more than {} parts", most_parts));
    for (const toml::node& item : *tables) {
      if (!item.is_table()) refuse(item, "write [[part]], with two brackets");
      parts.push_back(part_of(*item.as_table()));
    }
  }

  [[nodiscard]] WorkloadPart part_of(const toml::table& table) const {
    WorkloadPart part;
    part.where = place(table.source());
    part.pattern = &pattern_of(wanted(table, "pattern"));
    part.algorithm = &algorithm_of(*part.pattern, wanted(table, "algorithm"));
    part.elements = static_cast<std::uint64_t>(whole_of(wanted(table, "elements"), 1, most_elements));
    for (const auto& [key, node] : table)
      if (key != "pattern" && key != "algorithm" && key != "elements") set(part, key.str(), node);
    return part;
  }

  [[nodiscard]] const toml::node& wanted(const toml::table& table, std::string_view key) const {
    if (const toml::node* node = table.get(key)) return *node;
    refuse(table, fmt::format("this [[part]] needs {}; it has a pattern, an algorithm and elements", key));
  }

  [[nodiscard]] const Pattern& pattern_of(const toml::node& node) const {
    const std::string name = text_of(node);
    std::vector<std::string> fit;
    for (const Pattern* pattern : all_patterns())
      if (unfit(*pattern) == nullptr) fit.emplace_back(pattern->name);
    const Pattern* pattern = find_pattern(name);
    if (pattern == nullptr) refuse(node, unknown_name("pattern", name, fit));
    if (const char* reason = unfit(*pattern))
      refuse(node,
             fmt::format("{} {} and cannot be a part; these can: {}", name, reason, fmt::join(fit, ", ")));
    return *pattern;
  }

  // A schedule from a file is for the ranks and chunks of its own, not for a step's.
  [[nodiscard]] static bool fits(const Algorithm& algorithm) {
    return algorithm.generate != nullptr && (algorithm.knobs & knob_schedule) == 0;
  }

  [[nodiscard]] const Algorithm& algorithm_of(const Pattern& pattern, const toml::node& node) const {
    const std::string name = text_of(node);
    std::vector<std::string> planned;
    for (const Algorithm* algorithm : algorithms_of(pattern.name))
      if (fits(*algorithm)) planned.emplace_back(algorithm->name);
    const Algorithm* algorithm = find_algorithm(pattern.name, name);
    if (algorithm == nullptr)
      refuse(node, unknown_name(fmt::format("algorithm of {}", pattern.name), name, planned));
    if (!fits(*algorithm))
      refuse(node,
             fmt::format("{} has no schedule of its own, and a step is made of schedules; these have: {}",
                         name, fmt::join(planned, ", ")));
    return *algorithm;
  }

  void set(WorkloadPart& part, std::string_view name, const toml::node& node) const {
    const std::uint32_t knobs = part.pattern->knobs | part.algorithm->knobs;
    std::vector<std::string> known{"pattern", "algorithm", "elements"};
    for (const PartKey& key : part_keys()) {
      if (key.knobs != 0 && (key.knobs & knobs) == 0) continue;
      if (key.name == name) return key.set(*this, part, node);
      known.emplace_back(key.name);
    }
    refuse(node, unknown_name(fmt::format("key of a part {}/{}", part.pattern->name, part.algorithm->name),
                              name, known));
  }

  const std::string& file_;
};

const std::vector<Reader::PartKey>& Reader::part_keys() {
  using Node = const toml::node&;
  constexpr int most_ranks = 1'000'000, most_messages = 1 << 16;
  static const std::vector<PartKey> keys{
      {"repeat", 0,
       [](const Reader& r, WorkloadPart& part, Node n) {
         part.repeat = static_cast<std::uint64_t>(r.whole_of(n, 1, most_repeats));
       }},
      {"root", knob_root,
       [](const Reader& r, WorkloadPart& part, Node n) {
         part.parameters.root = r.rank_of(n, 0, most_ranks);
       }},
      {"window", knob_window,
       [](const Reader& r, WorkloadPart& part, Node n) {
         part.parameters.window = r.rank_of(n, 1, most_messages);
       }},
      {"radix", knob_radix,
       [](const Reader& r, WorkloadPart& part, Node n) {
         part.parameters.radix = r.rank_of(n, 2, most_messages);
       }},
      {"segment", knob_segment,
       [](const Reader& r, WorkloadPart& part, Node n) {
         part.parameters.segment_count = static_cast<std::uint64_t>(r.whole_of(n, 0, most_elements));
       }},
      {"shift", knob_shift,
       [](const Reader& r, WorkloadPart& part, Node n) {
         part.parameters.shift = r.rank_of(n, -most_ranks, most_ranks);
       }},
      {"skew", knob_skew,
       [](const Reader& r, WorkloadPart& part, Node n) { part.parameters.skew = r.number_of(n, 0, 16); }},
      {"draw", knob_skew | knob_seed,
       [](const Reader& r, WorkloadPart& part, Node n) {
         part.parameters.seed =
             static_cast<std::uint64_t>(r.whole_of(n, 0, std::numeric_limits<std::int64_t>::max()));
       }},
  };
  return keys;
}

}  // namespace

std::shared_ptr<const Workload> parse_workload(SourceText text) {
  Workload workload;
  workload.text = std::move(text);
  const std::string& file = workload.text.name;
  if (workload.text.text.size() > largest_text_bytes)
    throw RequestError(file + ": too large for a workload; at most 1 MiB");
  workload.name = file;
  const Reader reader(file);
  try {
    reader.read(toml::parse(workload.text.text, file), workload);
  } catch (const toml::parse_error& error) {
    reader.refuse(error.source(), std::string(error.description()));
  }
  return std::make_shared<const Workload>(std::move(workload));
}

}  // namespace podbench
