#include "bench/plan.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.hpp"
#include "patterns/imported/imported_schedule.hpp"
#include "patterns/training_step/workload.hpp"

namespace podbench {
namespace {

Suite suite_with(CaseRequest request) {
  Suite suite;
  suite.name = "test";
  suite.requests = {std::move(request)};
  return suite;
}

CaseRequest ring() {
  CaseRequest request;
  request.transports = {"tcp"};
  request.patterns = {"allreduce"};
  request.algorithms = {"ring"};
  request.bytes = {"8,64"};
  request.ranks = {"2,3"};
  return request;
}

std::vector<std::string> names_of(const RunPlan& plan) {
  std::vector<std::string> names;
  for (const PlannedLaunch& launch : plan.launches)
    for (const PlannedCase& planned : launch.cases) names.push_back(name_of(planned));
  return names;
}

class Plan : public testing::Test {
 protected:
  [[nodiscard]] std::string complaint(const CaseRequest& request, const PlanChoices& choices = {}) const {
    try {
      (void)make_plan(suite_with(request), registry_, choices);
    } catch (const RequestError& error) {
      return error.what();
    }
    return "";
  }
  Registry registry_;
};

TEST_F(Plan, MultipliesEveryChoice) {
  const RunPlan plan = make_plan(suite_with(ring()), registry_, {});
  EXPECT_EQ(plan.cases(), 4u);
  EXPECT_EQ(plan.launches.size(), 2u);  // one a rank count
  std::vector<std::string> names = names_of(plan);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names.front(), "allreduce/ring/tcp/float32/64B/ranks:2");
  EXPECT_EQ(names.back(), "allreduce/ring/tcp/float32/8B/ranks:3");
}

TEST_F(Plan, SameSeedSameOrder) {
  CaseRequest request = ring();
  request.bytes = {"4:400:+4"};
  const RunPlan one = make_plan(suite_with(request), registry_, {.seed = 7});
  EXPECT_EQ(names_of(one), names_of(make_plan(suite_with(request), registry_, {.seed = 7})));
  EXPECT_NE(names_of(one), names_of(make_plan(suite_with(request), registry_, {.seed = 8})));
}

TEST_F(Plan, EveryLaunchHasEveryCase) {
  const RunPlan plan = make_plan(suite_with(ring()), registry_, {.launches = 3});
  EXPECT_EQ(plan.launches.size(), 6u);
  for (std::size_t i = 0; i < plan.launches.size(); ++i)
    EXPECT_EQ(plan.launches[i].launch, static_cast<int>(i));
}

TEST_F(Plan, TakesTheSuitesLaunchesUnlessOthersAreAskedFor) {
  Suite suite = suite_with(ring());
  suite.launches = 2;
  EXPECT_EQ(make_plan(suite, registry_, {}).launches.size(), 4u);
  EXPECT_EQ(make_plan(suite, registry_, {.launches = 1}).launches.size(), 2u);
}

TEST_F(Plan, SaysWhatIsWrong) {
  CaseRequest request = ring();
  request.patterns = {"alreduce"};
  EXPECT_NE(complaint(request).find("\"allreduce\""), std::string::npos) << complaint(request);
  request = ring();
  request.algorithms = {"rin"};
  EXPECT_NE(complaint(request).find("\"ring\""), std::string::npos);
  request = ring();
  request.transports = {"tpc"};
  EXPECT_NE(complaint(request).find("tcp"), std::string::npos);
  request = ring();
  request.bytes = {"7"};
  EXPECT_NE(complaint(request).find("4 would be"), std::string::npos);
  request = ring();
  request.datatypes = {"float"};
  EXPECT_NE(complaint(request).find("float32"), std::string::npos);
  request = ring();
  request.patterns = {"pingpong"};
  request.algorithms = {};
  request.ranks = {"1"};
  EXPECT_NE(complaint(request).find("at least 2"), std::string::npos);
  EXPECT_NE(complaint(ring(), {.fixed_ranks = 4}).find("inside a launch of 4"), std::string::npos);
  EXPECT_NE(complaint(ring(), {.filter = "("}).find("regular expression"), std::string::npos);
  EXPECT_NE(complaint(ring(), {.filter = "nothing"}).find("matches no case"), std::string::npos);
}

TEST_F(Plan, AWorkloadBringsItsOwnSizes) {
  CaseRequest request = ring();
  request.patterns = {"training_step"};
  request.algorithms = {};
  EXPECT_EQ(complaint(request),
            "training_step/by_parts with 2 ranks: it needs a workload; `podbench list workloads` has some");
  request.patterns = {"allreduce", "training_step"};
  request.algorithms = {"ring", "by_parts"};
  EXPECT_EQ(make_plan(suite_with(request), registry_, {}).cases(), 4u);
  request.patterns = {"training_step"};
  request.algorithms = {};
  request.parameters.workload =
      parse_workload({"toy", "[[part]]\npattern = \"shift\"\nalgorithm = \"direct\"\nelements = 5"});
  const RunPlan plan = make_plan(suite_with(request), registry_, {});
  EXPECT_EQ(plan.cases(), 2u);  // a rank count each; the sizes asked for are not its own
  EXPECT_TRUE(names_of(plan).front().starts_with("training_step/by_parts/tcp/float32/0B/ranks:"))
      << names_of(plan).front();
}

// Two ranks that swap their vectors and add them; `type` is what both do with what comes.
CaseRequest imported(const std::string& type = "rrc") {
  std::string xml = "<algo coll=\"allreduce\" nchunksperloop=\"3\" ngpus=\"2\" inplace=\"1\">";
  for (const int gpu : {0, 1})
    xml += fmt::format(
        "<gpu id=\"{}\" i_chunks=\"3\" o_chunks=\"3\" s_chunks=\"0\"><tb id=\"0\" send=\"{}\" recv=\"{}\" "
        "chan=\"0\">"
        "<step s=\"0\" type=\"s\" srcbuf=\"i\" srcoff=\"0\" dstbuf=\"i\" dstoff=\"0\" cnt=\"3\" depid=\"-1\" "
        "deps=\"-1\" "
        "hasdep=\"0\"/>"
        "<step s=\"1\" type=\"{}\" srcbuf=\"i\" srcoff=\"0\" dstbuf=\"i\" dstoff=\"0\" cnt=\"3\" "
        "depid=\"-1\" deps=\"-1\" "
        "hasdep=\"0\"/></tb></gpu>",
        gpu, 1 - gpu, 1 - gpu, type);
  CaseRequest request;
  request.transports = {"tcp"};
  request.patterns = {"allreduce"};
  request.parameters.schedule = parse_msccl({"swap.xml", xml + "</algo>"});
  return request;
}

TEST_F(Plan, AScheduleIsWhatIsMeantWhereItIsGiven) {
  std::vector<std::string> names = names_of(make_plan(suite_with(imported()), registry_, {}));
  std::sort(names.begin(), names.end());
  ASSERT_EQ(names.size(), 3u);  // the usual sizes, of whole chunks
  for (const std::string& name : names) EXPECT_TRUE(name.starts_with("allreduce/imported/tcp/")) << name;
  EXPECT_NE(names.front().find("ranks:2"), std::string::npos) << names.front();
  CaseRequest request = imported();
  request.counts = {"0,3,300"};
  request.transports = {"tcp", "shm"};
  EXPECT_EQ(make_plan(suite_with(request), registry_, {}).cases(), 6u);
  request.algorithms = {"ring", "imported"};
  EXPECT_EQ(make_plan(suite_with(request), registry_, {}).cases(), 12u);
}

TEST_F(Plan, WithoutAScheduleNothingIsSaidOfIt) {
  CaseRequest request = ring();
  request.algorithms = {};
  const RunPlan plan = make_plan(suite_with(request), registry_, {});
  for (const std::string& name : names_of(plan)) EXPECT_EQ(name.find("imported"), std::string::npos);
  for (const std::string& note : plan.notes) EXPECT_EQ(note.find("imported"), std::string::npos) << note;
}

TEST_F(Plan, SaysWhatIsWrongWithASchedule) {
  CaseRequest request = ring();
  request.algorithms = {"ring", "imported"};
  EXPECT_EQ(complaint(request), "the algorithm imported needs --schedule FILE.xml");
  request = imported();
  request.patterns = {"allgather", "alltoall"};
  EXPECT_EQ(complaint(request), "the schedule swap.xml is for allreduce; --pattern allreduce would be right");
  request = imported();
  request.counts = {"4"};
  EXPECT_NE(complaint(request).find("a multiple of 3 would be right"), std::string::npos);
  request = imported();
  request.ranks = {"3"};
  EXPECT_NE(complaint(request).find("swap.xml is for 2 ranks"), std::string::npos);
  EXPECT_NE(complaint(imported("r")).find("the schedule swap.xml is no allreduce of 3 elements: rank 0"),
            std::string::npos)
      << complaint(imported("r"));
}

TEST_F(Plan, DropsRepeats) {
  CaseRequest request = ring();
  request.bytes = {"8", "8,64"};
  EXPECT_EQ(make_plan(suite_with(request), registry_, {}).cases(), 4u);
}

}  // namespace
}  // namespace podbench
