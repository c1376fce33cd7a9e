#include "bench/ab/matching.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.hpp"

namespace podbench {
namespace {

// A key as named parts. Parts that a key does not have read as empty.
using Parts = std::map<std::string, std::string>;

constexpr const char* option_prefix = "option ";

Parts parts_of(const CaseKey& key) {
  Parts parts = {{"transport", key.transport},
                 {"pattern", key.pattern},
                 {"algorithm", key.algorithm},
                 {"datatype", key.datatype},
                 {"op", key.op},
                 {"bytes", std::to_string(key.bytes)},
                 {"ranks", std::to_string(key.ranks)},
                 {"nodes", std::to_string(key.nodes)},
                 {"cadence", key.cadence},
                 {"sync", key.sync},
                 {"buffers", key.buffers}};
  for (const auto& [name, value] : key.options) parts[option_prefix + name] = value;
  return parts;
}

std::string value_of(const Parts& parts, const std::string& name) {
  const auto found = parts.find(name);
  return found == parts.end() ? "" : found->second;
}

bool says_what(const std::string& part) {
  return part == "pattern" || part == "bytes" || part == "ranks";
}

std::set<std::string> values_of(const std::vector<Parts>& side, const std::string& part) {
  std::set<std::string> values;
  for (const Parts& parts : side) values.insert(value_of(parts, part));
  return values;
}

bool have_one_in_common(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& value) { return b.contains(value); });
}

// The names of the parts that the sides have no value of in common.
std::vector<std::string> unlike_parts(const std::vector<Parts>& a, const std::vector<Parts>& b) {
  std::set<std::string> names;
  for (const auto* side : {&a, &b})
    for (const Parts& parts : *side)
      for (const auto& [name, value] : parts) names.insert(name);
  std::erase_if(names, [&](const std::string& name) {
    return have_one_in_common(values_of(a, name), values_of(b, name));
  });
  return {names.begin(), names.end()};
}

std::string without_prefix(const std::string& part) {
  const std::string_view prefix = option_prefix;
  return part.starts_with(prefix) ? part.substr(prefix.size()) : part;
}

std::string joined(const std::vector<std::string>& parts) {
  std::vector<std::string> names;
  for (const std::string& part : parts) names.push_back(without_prefix(part));
  return fmt::format("{}", fmt::join(names, ", "));
}

// What is left of the parts when the unlike ones are taken away.
Parts rest_of(Parts parts, const std::vector<std::string>& unlike) {
  for (const std::string& part : unlike) parts.erase(part);
  std::erase_if(parts, [](const auto& part) { return part.second.empty(); });
  return parts;
}

std::string both(const std::string& a, const std::string& b) {
  const auto text = [](const std::string& value) { return value.empty() ? "default" : value; };
  return a == b ? a : text(a) + "->" + text(b);
}

std::string common_name(const CaseKey& a, const CaseKey& b) {
  CaseKey key = a;
  key.transport = both(a.transport, b.transport);
  key.algorithm = both(a.algorithm, b.algorithm);
  key.datatype = both(a.datatype, b.datatype);
  key.op = both(a.op, b.op);
  key.cadence = both(a.cadence, b.cadence);
  key.buffers = both(a.buffers, b.buffers);
  for (const auto& [name, value] : b.options) key.options.try_emplace(name, "");
  for (auto& [name, value] : key.options) {
    const auto other = b.options.find(name);
    value = both(value, other == b.options.end() ? "" : other->second);
  }
  return key.name();
}

[[noreturn]] void ambiguous(const std::string& first, const std::string& second,
                            const std::vector<std::string>& unlike) {
  throw RequestError(fmt::format(
      "the sides differ in {}, and without that {} and {} of one side are the same case; give each side one",
      joined(unlike), first, second));
}

// Keys of a side by what is left of their parts.
std::map<Parts, std::size_t> index_of(std::span<const CaseKey> keys, const std::vector<Parts>& side,
                                      const std::vector<std::string>& unlike) {
  std::map<Parts, std::size_t> index;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto [place, is_new] = index.try_emplace(rest_of(side[i], unlike), i);
    if (!is_new) ambiguous(keys[place->second].name(), keys[i].name(), unlike);
  }
  return index;
}

void check_same_question(const std::vector<Parts>& a, const std::vector<Parts>& b,
                         const std::vector<std::string>& unlike) {
  for (const std::string& part : unlike)
    if (says_what(part))
      throw RequestError(
          fmt::format("the sides have no case in common: {} {} of a, {} of b; give both the same {}", part,
                      fmt::join(values_of(a, part), ", "), fmt::join(values_of(b, part), ", "), part));
}

}  // namespace

Matching match_cases(std::span<const CaseKey> a, std::span<const CaseKey> b) {
  std::vector<Parts> parts_a, parts_b;
  for (const CaseKey& key : a) parts_a.push_back(parts_of(key));
  for (const CaseKey& key : b) parts_b.push_back(parts_of(key));
  Matching matching;
  matching.differing = unlike_parts(parts_a, parts_b);
  check_same_question(parts_a, parts_b, matching.differing);
  (void)index_of(a, parts_a, matching.differing);  // each case of a stands alone, too
  const auto index_b = index_of(b, parts_b, matching.differing);
  std::vector<bool> answered(b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto found = index_b.find(rest_of(parts_a[i], matching.differing));
    if (found == index_b.end()) {
      matching.only_a.push_back(a[i].name());
      continue;
    }
    answered[found->second] = true;
    matching.matches.push_back({i, found->second, common_name(a[i], b[found->second])});
  }
  for (std::size_t i = 0; i < b.size(); ++i)
    if (!answered[i]) matching.only_b.push_back(b[i].name());
  if (matching.matches.empty())
    throw RequestError(
        fmt::format("no case of a has its like in b: a has {}, b has {}; --dry-run lists them all",
                    a.empty() ? "none" : a.front().name(), b.empty() ? "none" : b.front().name()));
  for (std::string& part : matching.differing) part = without_prefix(part);
  return matching;
}

}  // namespace podbench
