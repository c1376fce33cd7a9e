#include "bench/ab/plan_document.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace podbench {
namespace {

PlannedRun sample() {
  PlannedRun plan;
  plan.launches = 2;
  plan.expected_ns = 1'500'000'000;
  CaseKey key;
  key.transport = "x:y";
  key.pattern = "broadcast";
  key.algorithm = "knomial";
  key.datatype = "float64";
  key.bytes = 1ULL << 40;
  key.ranks = 7;
  key.sync = "barrier";
  key.options = {{"radix", "3"}, {"grid", "a:b,\"c\""}};
  plan.cases.push_back(key);
  key.buffers = "private";
  plan.cases.push_back(key);
  return plan;
}

TEST(PlanDocument, ComesBackAsItWas) {
  const PlannedRun plan = sample(), read = parse_plan(plan_json(plan));
  EXPECT_EQ(read.cases, plan.cases);
  EXPECT_EQ(read.launches, plan.launches);
  EXPECT_EQ(read.expected_ns, plan.expected_ns);
}

TEST(PlanDocument, CsvHasALineACase) {
  const std::string csv = plan_csv(sample());
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 3);
  EXPECT_EQ(csv.substr(0, 5), "name,");
}

// Each change to a good document must be noticed: another program may have written it.
TEST(PlanDocument, WhatIsNoPlanIsRefused) {
  for (const char* text : {"", "[]", "{}", "nothing", "{\"cases\": []}"})
    EXPECT_THROW((void)parse_plan(text), RequestError) << text;
  const auto changed = [](const std::string& where, const nlohmann::json& value) {
    nlohmann::json document = nlohmann::json::parse(plan_json(sample()));
    document[nlohmann::json::json_pointer(where)] = value;
    return document.dump();
  };
  EXPECT_NO_THROW((void)parse_plan(changed("/launches", 3)));
  for (const auto& [where, value] :
       std::vector<std::pair<std::string, nlohmann::json>>{{"/launches", 0},
                                                           {"/launches", 1'000'000'000},
                                                           {"/launches", "two"},
                                                           {"/expected_ns", -1},
                                                           {"/cases", nlohmann::json::array()},
                                                           {"/cases/0/ranks", 0},
                                                           {"/cases/0/ranks", "many"},
                                                           {"/cases/0/bytes", "8"},
                                                           {"/cases/0/options", 3},
                                                           {"/cases/0/transport", nullptr},
                                                           {"/cases/1/buffers", "transport"}})
    EXPECT_THROW((void)parse_plan(changed(where, value)), RequestError) << where << " " << value;
}

}  // namespace
}  // namespace podbench
