#include "bench/ab/plan_document.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "analysis/columns.hpp"
#include "analysis/document.hpp"
#include "base/error.hpp"

namespace podbench {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t most_cases = 1'000'000;
constexpr int most_launches_planned = 100'000;
constexpr int most_ranks = 1'000'000;

// The parts of a key that are one text each.
struct TextPart {
  const char* name;
  std::string CaseKey::*part;
};
constexpr TextPart text_parts_of_key[] = {
    {"transport", &CaseKey::transport}, {"pattern", &CaseKey::pattern}, {"algorithm", &CaseKey::algorithm},
    {"datatype", &CaseKey::datatype},   {"op", &CaseKey::op},           {"cadence", &CaseKey::cadence},
    {"sync", &CaseKey::sync},           {"buffers", &CaseKey::buffers}};

ordered_json object_of(const CaseKey& key) {
  ordered_json object = {{"name", key.name()}};
  for (const TextPart& text : text_parts_of_key) object[text.name] = key.*text.part;
  object["bytes"] = key.bytes;
  object["ranks"] = key.ranks;
  object["options"] = key.options;
  return object;
}

CaseKey key_from(const ordered_json& object) {
  CaseKey key;
  for (const TextPart& text : text_parts_of_key) object.at(text.name).get_to(key.*text.part);
  object.at("bytes").get_to(key.bytes);
  object.at("ranks").get_to(key.ranks);
  object.at("options").get_to(key.options);
  if (key.ranks < 1 || key.ranks > most_ranks)
    throw RequestError(fmt::format("{} ranks cannot be", key.ranks));
  return key;
}

}  // namespace

std::string plan_json(const PlannedRun& plan) {
  ordered_json document = {{"launches", plan.launches}, {"expected_ns", plan.expected_ns}};
  document["cases"] = ordered_json::array();
  for (const CaseKey& key : plan.cases) document["cases"].push_back(object_of(key));
  return dump(document);
}

std::string plan_csv(const PlannedRun& plan) {
  std::string text = "name";
  for (const TextPart& part : text_parts_of_key) text += fmt::format(",{}", part.name);
  text += ",bytes,ranks\n";
  for (const CaseKey& key : plan.cases) {
    text += csv_field(key.name());
    for (const TextPart& part : text_parts_of_key) text += "," + csv_field(key.*part.part);
    text += fmt::format(",{},{}\n", key.bytes, key.ranks);
  }
  return text;
}

PlannedRun parse_plan(std::string_view json) {
  try {
    const ordered_json document = ordered_json::parse(json);
    PlannedRun plan;
    document.at("launches").get_to(plan.launches);
    document.at("expected_ns").get_to(plan.expected_ns);
    const ordered_json& cases = document.at("cases");
    if (plan.launches < 1 || plan.launches > most_launches_planned || plan.expected_ns < 0 ||
        cases.size() > most_cases || cases.empty())
      throw RequestError("the plan that it gives cannot be");
    std::set<std::uint64_t> seen;
    for (const ordered_json& object : cases) {
      plan.cases.push_back(key_from(object));
      if (!seen.insert(plan.cases.back().series_id()).second)
        throw RequestError(fmt::format("its plan has {} twice", plan.cases.back().name()));
    }
    return plan;
  } catch (const ordered_json::exception&) {
    throw RequestError(
        "its `run --dry-run --format json` does not give a plan; is it a podbench of this version?");
  }
}

}  // namespace podbench
