#include "bench/suite.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "base/names.hpp"
#include "base/quantity.hpp"
#include "base/text_file.hpp"
#include "bench/parameters.hpp"

namespace podbench {
namespace {

constexpr std::uintmax_t largest_suite_bytes = 4 << 20;

[[noreturn]] void refuse(const std::string& source, const toml::source_region& where,
                         const std::string& what) {
  throw RequestError(fmt::format("{}:{}:{}: {}", source, where.begin.line, where.begin.column, what));
}

// A key's value as a list of texts: a string, a number, or an array of them.
std::vector<std::string> texts_of(const toml::node& node, const std::string& source) {
  if (const auto* text = node.as_string()) return {text->get()};
  if (const auto* number = node.as_integer()) return {fmt::format("{}", number->get())};
  if (const auto* number = node.as_floating_point()) return {fmt::format("{}", number->get())};
  if (const auto* flag = node.as_boolean()) return {flag->get() ? "on" : "off"};
  std::vector<std::string> texts;
  if (const toml::array* array = node.as_array()) {
    for (const toml::node& item : *array) {
      if (item.is_array()) refuse(source, item.source(), "a list inside a list; write one list");
      for (std::string& text : texts_of(item, source)) texts.push_back(std::move(text));
    }
    return texts;
  }
  refuse(source, node.source(),
         "a name or a list of names is wanted here, such as \"shm\" or [\"shm\", \"tcp\"]");
}

std::string text_of(const toml::node& node, const std::string& source) {
  const std::vector<std::string> texts = texts_of(node, source);
  if (texts.size() != 1) refuse(source, node.source(), "exactly one value is wanted here");
  return texts.front();
}

struct RequestKey {
  std::string_view name;
  void (*set)(CaseRequest&, const toml::node&, const std::string& source);
};

constexpr RequestKey request_keys[] = {
    {"transport",
     [](CaseRequest& r, const toml::node& n, const std::string& s) { r.transports = texts_of(n, s); }},
    {"pattern",
     [](CaseRequest& r, const toml::node& n, const std::string& s) { r.patterns = texts_of(n, s); }},
    {"algorithm",
     [](CaseRequest& r, const toml::node& n, const std::string& s) { r.algorithms = texts_of(n, s); }},
    {"dtype",
     [](CaseRequest& r, const toml::node& n, const std::string& s) { r.datatypes = texts_of(n, s); }},
    {"op", [](CaseRequest& r, const toml::node& n, const std::string& s) { r.ops = texts_of(n, s); }},
    {"bytes", [](CaseRequest& r, const toml::node& n, const std::string& s) { r.bytes = texts_of(n, s); }},
    {"count", [](CaseRequest& r, const toml::node& n, const std::string& s) { r.counts = texts_of(n, s); }},
    {"ranks", [](CaseRequest& r, const toml::node& n, const std::string& s) { r.ranks = texts_of(n, s); }},
    {"tuning",
     [](CaseRequest& r, const toml::node& n, const std::string& s) {
       r.tuning = (std::filesystem::path(s).parent_path() / text_of(n, s)).string();
     }},
    {"cadence", [](CaseRequest& r, const toml::node& n, const std::string& s) { r.cadence = text_of(n, s); }},
    {"buffers", [](CaseRequest& r, const toml::node& n, const std::string& s) { r.buffers = text_of(n, s); }},
};

// A parameter's file is looked for beside the suite's.
bool set_parameter(CaseRequest& request, std::string_view key, const toml::node& node,
                   const std::string& source) {
  for (const ParameterOption& option : parameter_options()) {
    if (option.name != key) continue;
    try {
      const auto folder = std::filesystem::path(source).parent_path();
      give(option, text_of(node, source), folder, request.parameters);
    } catch (const RequestError& error) {
      refuse(source, node.source(), error.what());
    }
    return true;
  }
  return false;
}

[[noreturn]] void refuse_key(std::string_view key, const toml::node& node, const std::string& source) {
  std::vector<std::string> names;
  for (const RequestKey& k : request_keys) names.emplace_back(k.name);
  for (const ParameterOption& option : parameter_options()) names.emplace_back(option.name);
  refuse(source, node.source(), unknown_name("key of [[cases]]", key, names));
}

CaseRequest request_of(const toml::table& table, const std::string& source) {
  CaseRequest request;
  for (const auto& [key, node] : table) {
    const auto known = std::find_if(std::begin(request_keys), std::end(request_keys),
                                    [&key = key](const RequestKey& k) { return k.name == key.str(); });
    if (known != std::end(request_keys))
      known->set(request, node, source);
    else if (!set_parameter(request, key.str(), node, source))
      refuse_key(key.str(), node, source);
  }
  if (request.patterns.empty())
    refuse(source, table.source(), "[[cases]] needs a pattern, such as \"allreduce\"");
  return request;
}

Suite suite_of(const toml::table& root, const std::string& text, const std::string& source) {
  Suite suite;
  suite.text = text;
  const std::vector<std::string> known{"name", "summary", "time_per_case", "launches", "cases"};
  for (const auto& [key, node] : root) {
    if (key == "name") {
      suite.name = text_of(node, source);
    } else if (key == "summary") {
      suite.summary = text_of(node, source);
    } else if (key == "time_per_case") {
      suite.time_per_case_ns = parse_duration_ns(text_of(node, source));
    } else if (key == "launches") {
      const std::optional<std::int64_t> launches = node.value<std::int64_t>();
      if (!node.is_integer() || *launches < 1 || *launches > most_launches)
        refuse(source, node.source(),
               fmt::format("a whole number from 1 to {} is wanted here", most_launches));
      suite.launches = static_cast<int>(*launches);
    } else if (key == "cases") {
      const toml::array* cases = node.as_array();
      if (!cases) refuse(source, node.source(), "write [[cases]], with two brackets");
      for (const toml::node& item : *cases) {
        if (!item.is_table()) refuse(source, item.source(), "write [[cases]], with two brackets");
        suite.requests.push_back(request_of(*item.as_table(), source));
      }
    } else {
      refuse(source, node.source(), unknown_name("key of a suite", key.str(), known));
    }
  }
  if (suite.requests.empty()) throw RequestError(source + ": no [[cases]]; a suite has at least one");
  if (suite.name.empty()) suite.name = std::filesystem::path(source).stem().string();
  return suite;
}

std::string read_suite_file(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (error || !std::filesystem::exists(status)) {
    std::vector<std::string> names;
    for (const BuiltInSuite& suite : built_in_suites()) names.emplace_back(suite.name);
    throw RequestError(unknown_name("suite (and no file of that name)", path, names));
  }
  if (!std::filesystem::is_regular_file(status))
    throw RequestError(path + ": not a file; name a suite's TOML file");
  return read_text_file(path, largest_suite_bytes);
}

}  // namespace

Suite parse_suite(const std::string& text, const std::string& source) {
  try {
    return suite_of(toml::parse(text, source), text, source);
  } catch (const toml::parse_error& error) {
    refuse(source, error.source(), std::string(error.description()));
  }
}

Suite load_suite(const std::string& name_or_path) {
  for (const BuiltInSuite& suite : built_in_suites())
    if (suite.name == name_or_path) return parse_suite(std::string(suite.text), std::string(suite.name));
  return parse_suite(read_suite_file(name_or_path), name_or_path);
}

}  // namespace podbench
