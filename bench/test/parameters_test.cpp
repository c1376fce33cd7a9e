#include "bench/parameters.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "base/error.hpp"
#include "patterns/alltoallv/count_matrix.hpp"
#include "patterns/training_step/workload.hpp"

namespace podbench {
namespace {

const ParameterOption& option(std::string_view name) {
  for (const ParameterOption& option : parameter_options())
    if (option.name == name) return option;
  throw std::runtime_error("no such option");
}

Parameters with(std::string_view name, const std::string& typed) {
  Parameters parameters;
  give(option(name), typed, "", parameters);
  return parameters;
}

TEST(Parameters, AreReadAndShownAlike) {
  for (const auto& [name, text] : std::map<std::string, std::string>{{"root", "3"},
                                                                     {"window", "16"},
                                                                     {"radix", "7"},
                                                                     {"segment", "4096"},
                                                                     {"piece", "65536"},
                                                                     {"shift", "-2"},
                                                                     {"grid", "4x2x2"},
                                                                     {"wrap", "off"},
                                                                     {"skew", "1.25"},
                                                                     {"scale", "0.0001"},
                                                                     {"draw", "18446744073709551615"}}) {
    const Parameters given = with(name, text);
    EXPECT_EQ(identity(option(name), given), text) << name;
    EXPECT_EQ(identity(option(name), parameters_from(texts_of(given))), text) << name;
    EXPECT_EQ(identity(option(name), Parameters{}), "") << name;
  }
}

TEST(Parameters, RefuseWhatIsNoValue) {
  for (const auto& [name, text] :
       std::vector<std::pair<std::string, std::string>>{{"root", "-1"},
                                                        {"root", ""},
                                                        {"root", "1x"},
                                                        {"window", "0"},
                                                        {"radix", "1"},
                                                        {"piece", "4095"},
                                                        {"piece", "4100"},
                                                        {"grid", "4x"},
                                                        {"grid", "4x0"},
                                                        {"grid", "2x2x2x2"},
                                                        {"wrap", "yes"},
                                                        {"skew", "nan"},
                                                        {"skew", "-1"},
                                                        {"draw", "1e3"},
                                                        {"scale", "0"},
                                                        {"scale", "inf"},
                                                        {"workload", "/"},
                                                        {"matrix", "/no/such/file"},
                                                        {"matrix", "/"}})
    EXPECT_THROW((void)with(name, text), RequestError) << name << "=" << text;
}

TEST(Parameters, AFileTravelsByItsTextAndIsKnownByItsContent) {
  const std::string path = testing::TempDir() + "podbench-counts.csv";
  std::ofstream(path) << "1 2\n3 4\n";
  const Parameters first = parameters_from(texts_of(with("matrix", path)));
  EXPECT_EQ(first.matrix->counts, (std::vector<std::uint64_t>{1, 2, 3, 4}));
  EXPECT_TRUE(identity(option("matrix"), first).starts_with("podbench-counts.csv#"));
  std::ofstream(path) << "1 2\n3 5\n";
  EXPECT_NE(identity(option("matrix"), first), identity(option("matrix"), with("matrix", path)));
  std::remove(path.c_str());
}

TEST(Parameters, AWorkloadIsKnownByNameOrReadFromAFile) {
  const std::string name(built_in_workloads().front().name);
  const Parameters built_in = parameters_from(texts_of(with("workload", name)));
  EXPECT_FALSE(built_in.workload->parts.empty());
  EXPECT_TRUE(identity(option("workload"), built_in).starts_with(name + "#"));

  const std::string path = testing::TempDir() + "podbench-step.toml";
  std::ofstream(path) << "[[part]]\npattern = \"shift\"\nalgorithm = \"direct\"\nelements = 5\n";
  EXPECT_EQ(with("workload", path).workload->parts.front().elements, 5U);
  std::remove(path.c_str());
}

TEST(Parameters, AnUnknownWorkloadIsAnsweredWithTheKnownOnes) {
  try {
    (void)with("workload", "bert-large-dpd");
    FAIL();
  } catch (const RequestError& error) {
    EXPECT_TRUE(std::string_view(error.what())
                    .starts_with("unknown workload (and no file of that name) \"bert-large-dpd\"; did you "
                                 "mean \"bert-large-ddp\"?"))
        << error.what();
  }
}

}  // namespace
}  // namespace podbench
