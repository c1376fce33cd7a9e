#include "analysis/table.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "analysis/test/sample_summary.hpp"
#include "base/error.hpp"

namespace podbench {
namespace {

using test::sample_summary;

std::string shown(const ShowRequest& request) {
  const RunSummary run = sample_summary();
  return show(std::span(&run, 1), request);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  return {std::istream_iterator<std::string>(stream), {}};
}

TEST(Show, FlatTableNamesWhatVariesInColumnsAndTheRestAbove) {
  const auto lines = lines_of(shown({}));
  ASSERT_EQ(lines.size(), 6U);
  EXPECT_NE(lines[0].find("pattern allreduce"), std::string::npos);
  EXPECT_NE(lines[0].find("ranks 4"), std::string::npos);
  const std::vector<std::string> heading = {"transport", "bytes", "status", "p50", "95%",
                                            "p99",       "algbw", "busbw",  "n"};
  EXPECT_EQ(words_of(lines[1]), heading);
  EXPECT_EQ(words_of(lines[2])[1], "64B");
  EXPECT_NE(lines[2].find("500 ns"), std::string::npos);
  EXPECT_NE(lines[5].find("not converged"), std::string::npos);
}

TEST(Show, ColumnsAreAligned) {
  const auto lines = lines_of(shown({}));
  const auto end_of = [&](const std::string& line, const std::string& word) {
    return line.find(word) + word.size();
  };
  EXPECT_EQ(end_of(lines[1], "bytes"), end_of(lines[2], "64B"));
  EXPECT_EQ(end_of(lines[1], "bytes"), end_of(lines[4], "1MiB"));
}

TEST(Show, PivotHasOneKeyDownAndOneAcross) {
  ShowRequest request;
  request.rows = "bytes";
  request.cols = "transport";
  request.values = {"p50"};
  const auto lines = lines_of(shown(request));
  ASSERT_EQ(lines.size(), 5U);  // the last one says what a sign means
  EXPECT_EQ(words_of(lines[1]), (std::vector<std::string>{"bytes", "shm", "tcp"}));
  EXPECT_EQ(words_of(lines[2]), (std::vector<std::string>{"64B", "500", "ns", "1.5", "us"}));
}

TEST(Show, WhatAPivotDoesNotNameMakesTablesOfItsOwn) {
  ShowRequest request;
  request.rows = "bytes";
  request.values = {"p50", "n"};
  const std::string text = shown(request);
  EXPECT_NE(text.find("transport shm"), std::string::npos);
  EXPECT_NE(text.find("transport tcp"), std::string::npos);
  EXPECT_EQ(lines_of(text).size(), 10U);  // two tables of four lines, a line between, one of signs
}

TEST(Show, WhereSelects) {
  ShowRequest request;
  request.where = {"transport=tcp", "bytes=1M,2M"};
  request.format = TableFormat::json;
  const auto document = nlohmann::json::parse(shown(request));
  ASSERT_EQ(document["cases"].size(), 1U);
  EXPECT_EQ(document["cases"][0]["bytes"], 1U << 20);
  EXPECT_EQ(document["cases"][0]["p50_ns"], 1500);
  EXPECT_TRUE(document["cases"][0]["busbw_gbps"].is_null());
  request.where = {"transport=none"};
  EXPECT_TRUE(nlohmann::json::parse(shown(request))["cases"].empty());
  request.format = TableFormat::terminal;
  EXPECT_EQ(shown(request), "no case matches; transport is shm, tcp\n");
}

std::size_t selected(const std::vector<std::string>& where) {
  ShowRequest request;
  request.where = where;
  request.format = TableFormat::json;
  return nlohmann::json::parse(shown(request))["cases"].size();
}

TEST(Show, WhereComparesExcludesAndGuesses) {
  EXPECT_EQ(selected({"bytes>=64"}), 4U);
  EXPECT_EQ(selected({"bytes>64"}), 2U);
  EXPECT_EQ(selected({"bytes<1Mi"}), 2U);
  EXPECT_EQ(selected({"bytes<=1Mi", "bytes>64"}), 2U);
  EXPECT_EQ(selected({"ranks>4"}), 0U);
  EXPECT_EQ(selected({"transport!=tcp"}), 2U);
  EXPECT_EQ(selected({"transport!=tcp,shm"}), 0U);
  EXPECT_EQ(selected({"transport=s*"}), 2U);
  EXPECT_EQ(selected({"transport=*h*"}), 2U);
  EXPECT_EQ(selected({"transport=*hx*"}), 0U);
  EXPECT_EQ(selected({"transport=shm", "transport=tcp"}), 4U);
  EXPECT_EQ(selected({"status!=good"}), 1U);
}

TEST(Show, RunsStandSideBySide) {
  std::vector<RunSummary> runs = {sample_summary(), sample_summary()};
  runs[1].source = "runs/tuesday.h5";
  runs[1].run.started_utc = "2026-01-03T03:04:05Z";
  for (CaseSummary& summary : runs[1].cases) summary.p50_ns *= 1.5;
  name_runs(runs);
  ShowRequest request;
  request.rows = "bytes";
  request.cols = "run";
  request.where = {"transport=shm"};
  request.ratios = true;
  const auto lines = lines_of(show(runs, request));
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(words_of(lines[1]), (std::vector<std::string>{"bytes", "monday", "tuesday"}));
  EXPECT_EQ(words_of(lines[2]), (std::vector<std::string>{"64B", "500", "ns", "750", "ns", "x1.50"}));
  request.cols = "pod";  // both runs are of one pod
  EXPECT_THROW(static_cast<void>(show(runs, request)), RequestError);
}

TEST(Show, RunsOfOneNameAreCalledByTheirFolders) {
  const auto named = [](const std::vector<std::string>& sources) {
    std::vector<RunSummary> runs;
    for (const std::string& source : sources) runs.emplace_back().source = source;
    name_runs(runs);
    std::vector<std::string> names;
    for (const RunSummary& run : runs) names.push_back(run.name);
    return names;
  };
  EXPECT_EQ(named({"a/x.h5", "b/y.h5"}), (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(named({"a/x.h5", "b/x.h5", "b/y.h5"}), (std::vector<std::string>{"a/x", "b/x", "y"}));
  EXPECT_EQ(named({"/n/a/x.h5", "/m/a/x.h5"}), (std::vector<std::string>{"n/a/x", "m/a/x"}));
  EXPECT_EQ(named({"x.h5", "x.h5"}), (std::vector<std::string>{"x", "x#2"}));
}

TEST(Show, APivotMarksWhatIsNotGood) {
  ShowRequest request;
  request.rows = "bytes";
  request.cols = "transport";
  const std::string text = shown(request);
  EXPECT_NE(text.find("1.5 us*"), std::string::npos) << text;
  EXPECT_NE(text.find("* not converged: 1"), std::string::npos) << text;
}

TEST(Show, CsvHasUnitsInItsNames) {
  ShowRequest request;
  request.values = {"p50", "busbw"};
  request.format = TableFormat::csv;
  const auto lines = lines_of(shown(request));
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_TRUE(lines[0].ends_with(",p50_ns,busbw_gbps,note"));
  EXPECT_TRUE(lines[1].ends_with(",500,,"));
  EXPECT_EQ(std::count(lines[1].begin(), lines[1].end(), ','),
            std::count(lines[0].begin(), lines[0].end(), ','));
}

TEST(Show, NarrowTerminalsLoseTheLeastImportant) {
  ShowRequest request;
  request.width_columns = 60;
  const auto lines = lines_of(shown(request));
  for (std::size_t i = 1; i + 1 < lines.size(); ++i) EXPECT_LE(lines[i].size(), 60U);
  EXPECT_TRUE(lines.back().starts_with("left out to fit 60 columns:"));
  EXPECT_NE(lines[1].find("p50"), std::string::npos);
}

TEST(Show, ColourOnlyWhereAsked) {
  EXPECT_EQ(shown({}).find('\033'), std::string::npos);
  ShowRequest request;
  request.colour = true;
  EXPECT_NE(shown(request).find("\033[33mnot converged\033[0m"), std::string::npos);
}

TEST(Show, AFilesTextCannotCommandTheTerminal) {
  RunSummary run = sample_summary();
  run.cases[0].key.transport = "\033[2Jevil";
  run.cases[1].key.options = {{"\033[2J", "x\r"}};
  EXPECT_EQ(show(std::span(&run, 1), {}).find('\033'), std::string::npos);
  run.cases.resize(1);  // everything is in the caption
  EXPECT_EQ(show(std::span(&run, 1), {}).find('\033'), std::string::npos);
}

TEST(Show, WrongRequestsAreRefused) {
  const auto refused = [](ShowRequest request) {
    EXPECT_THROW(static_cast<void>(shown(request)), RequestError);
  };
  refused({.where = {"transport"}});
  refused({.where = {"colour=red"}});
  refused({.where = {"bytes=many"}});
  refused({.where = {"transport>shm"}});
  refused({.where = {"ranks>=many"}});
  refused({.where = {"=shm"}});
  refused({.rows = "bytes", .ratios = true});
  refused({.cols = "transport"});
  refused({.rows = "bytes", .cols = "bytes"});
  refused({.rows = "byte"});
  refused({.values = {"p51"}});
  EXPECT_THROW(static_cast<void>(parse_table_format("xml")), RequestError);
}

}  // namespace
}  // namespace podbench
