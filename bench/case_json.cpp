// LaunchOrder as JSON: how a director tells the lead, and the lead its followers.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/error.hpp"
#include "bench/case.hpp"
#include "bench/parameters.hpp"

namespace podbench {

using Json = nlohmann::json;

namespace {

Json to_json(const Parameters& parameters) {
  const ParameterTexts texts = texts_of(parameters);
  return {{"values", texts.values}, {"files", texts.files}};
}

Parameters parameters_from(const Json& json) {
  ParameterTexts texts;
  json.at("values").get_to(texts.values);
  json.at("files").get_to(texts.files);
  return parameters_from(texts);
}

// The parameters of all cases, each different one once: a file's text may be long, and many cases share it.
class ParameterTable {
 public:
  std::size_t index_of(const Parameters& parameters) {
    const auto index = static_cast<std::size_t>(std::ranges::find(table_, parameters) - table_.begin());
    if (index == table_.size()) table_.push_back(parameters);
    return index;
  }
  [[nodiscard]] Json json() const {
    Json all = Json::array();
    for (const Parameters& parameters : table_) all.push_back(to_json(parameters));
    return all;
  }

 private:
  std::vector<Parameters> table_;
};

Json to_json(const PlannedCase& c, ParameterTable& parameters) {
  return {{"transport", c.transport},
          {"pattern", c.pattern},
          {"algorithm", c.algorithm},
          {"type", c.type},
          {"op", c.op},
          {"bytes", c.bytes},
          {"ranks", c.ranks},
          {"cadence", c.cadence},
          {"buffers", c.buffers},
          {"parameters", parameters.index_of(c.parameters)},
          {"labels", c.labels}};
}

PlannedCase case_from(const Json& json, const std::vector<Parameters>& parameters) {
  PlannedCase c;
  c.transport = json.at("transport");
  c.pattern = json.at("pattern");
  c.algorithm = json.at("algorithm");
  c.type = json.at("type");
  c.op = json.at("op");
  c.bytes = json.at("bytes");
  c.ranks = json.at("ranks");
  c.cadence = json.at("cadence");
  c.buffers = json.at("buffers");
  c.parameters = parameters.at(json.at("parameters").get<std::size_t>());
  json.at("labels").get_to(c.labels);
  return c;
}

Json to_json(const PlannedLaunch& launch, ParameterTable& parameters) {
  Json cases = Json::array();
  for (const PlannedCase& c : launch.cases) cases.push_back(to_json(c, parameters));
  return {{"launch", launch.launch},  {"replicate", launch.replicate}, {"transport", launch.transport},
          {"ranks", launch.ranks},    {"members", launch.members},     {"within_nodes", launch.within_nodes},
          {"cases", std::move(cases)}};
}

PlannedLaunch launch_from(const Json& json, const std::vector<Parameters>& parameters) {
  PlannedLaunch launch;
  launch.launch = json.at("launch");
  launch.replicate = json.at("replicate");
  launch.transport = json.at("transport");
  launch.ranks = json.at("ranks");
  launch.members = json.at("members").get<std::vector<int>>();
  launch.within_nodes = json.at("within_nodes");
  for (const Json& c : json.at("cases")) launch.cases.push_back(case_from(c, parameters));
  return launch;
}

Json to_json(const MeasureSettings& s) {
  return {{"time_per_case_ns", s.time_per_case_ns},
          {"least_samples", s.least_samples},
          {"warm_up_samples", s.warm_up_samples},
          {"relative_interval", s.relative_interval},
          {"check", s.check},
          {"try_again", s.try_again},
          {"seed", s.seed},
          {"patience_ns", s.patience_ns},
          {"faults", s.faults},
          {"binding", s.binding},
          {"sync", s.sync},
          {"telemetry", s.telemetry.on},
          {"telemetry_period_ns", s.telemetry.period_ns}};
}

MeasureSettings settings_from(const Json& json) {
  MeasureSettings s;
  s.time_per_case_ns = json.at("time_per_case_ns");
  s.least_samples = json.at("least_samples");
  s.warm_up_samples = json.at("warm_up_samples");
  s.relative_interval = json.at("relative_interval");
  s.check = json.at("check");
  s.try_again = json.at("try_again");
  s.seed = json.at("seed");
  s.patience_ns = json.at("patience_ns");
  s.faults = json.at("faults");
  s.binding = json.at("binding");
  s.sync = json.at("sync");
  s.telemetry.on = json.at("telemetry");
  s.telemetry.period_ns = json.at("telemetry_period_ns");
  return s;
}

}  // namespace

std::string LaunchOrder::to_json() const {
  Json all = Json::array();
  ParameterTable parameters;
  for (const PlannedLaunch& launch : launches) all.push_back(podbench::to_json(launch, parameters));
  return Json{{"launches", std::move(all)},
              {"parameters", parameters.json()},
              {"settings", podbench::to_json(settings)},
              {"spool_folder", spool_folder},
              {"launcher", launcher},
              {"benchmark_flags", benchmark_flags},
              {"first_case_number", first_case_number},
              {"planned_cases", planned_cases},
              {"began_utc_ns", began_utc_ns},
              {"quiet", quiet}}
      .dump();
}

LaunchOrder LaunchOrder::from_json(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    LaunchOrder order;
    std::vector<Parameters> parameters;
    for (const Json& given : json.at("parameters")) parameters.push_back(parameters_from(given));
    for (const Json& launch : json.at("launches")) order.launches.push_back(launch_from(launch, parameters));
    order.settings = settings_from(json.at("settings"));
    order.spool_folder = json.at("spool_folder");
    order.launcher = json.at("launcher");
    order.benchmark_flags = json.at("benchmark_flags").get<std::vector<std::string>>();
    order.first_case_number = json.at("first_case_number");
    order.planned_cases = json.at("planned_cases");
    order.began_utc_ns = json.at("began_utc_ns");
    order.quiet = json.at("quiet");
    return order;
  } catch (const std::out_of_range&) {
    throw RequestError("the order of this launch cannot be read: a case has no parameters");
  } catch (const Json::exception& error) {
    throw RequestError(std::string("the order of this launch cannot be read: ") + error.what());
  }
}

}  // namespace podbench
