// sample_page live|still FILE: a page with everything that a page can hold, hostile labels among them. The
// browser test (tests/report) knows the numbers.
#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <string_view>

#include "analysis/report/page.hpp"

namespace {

using namespace podbench;
using namespace podbench::report;

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr const char* hostile = "</script><img src=x onerror=\"document.title='owned'\"><b>&amp;\u2028";

// 100 ns and 10 ns a byte: latency and bandwidth of a line.
Curve line_curve(const std::string& label, double factor) {
  Curve curve{.label = label, .x = {}, .y = {}};
  for (double bytes = 8; bytes <= 0x1p24; bytes *= 8) {
    const double time = factor * (1000 + bytes / 10);
    curve.x.push_back(bytes);
    curve.y.push_back(time);
    curve.lo.push_back(0.9 * time);
    curve.hi.push_back(1.15 * time);
  }
  return curve;
}

Chart log_log_chart() {
  Chart chart{.title = "Median time of an operation",
              .note = "The band is the 95% interval of the median.",
              .x = {"size", Unit::bytes, true},
              .y = {"time", Unit::time_ns, true},
              .curves = {}};
  chart.curves = {line_curve("ring", 1), line_curve("tree", 2.5), line_curve(hostile, 6)};
  chart.curves[0].notes = {"first", "", "", "", "", "", "", "", ""};
  chart.curves[0].notes.resize(chart.curves[0].x.size());
  chart.curves[1].y[3] = nothing;
  chart.marks = {{.x = 4096, .label = "eager to rendezvous"}, {.x = 0x1p20, .label = hostile, .bad = true}};
  return chart;
}

Chart rate_chart() {
  Chart chart{.title = "Bus bandwidth",
              .x = {"size", Unit::bytes, true},
              .y = {"busbw", Unit::gbps, false},
              .curves = {}};
  for (const char* label : {"ring", "tree"}) {
    Curve curve = line_curve(label, label[0] == 'r' ? 1 : 2.5);
    for (std::size_t i = 0; i < curve.x.size(); ++i) curve.y[i] = curve.x[i] / curve.y[i];
    curve.lo.clear();
    curve.hi.clear();
    chart.curves.push_back(curve);
  }
  return chart;
}

Chart many_curves() {
  Chart chart{.title = "Twenty-four curves",
              .x = {"size", Unit::bytes, true},
              .y = {"time", Unit::time_ns, true},
              .curves = {}};
  for (int i = 0; i < 24; ++i)
    chart.curves.push_back(
        line_curve(fmt::format("algorithm {} · {} ranks", i / 4, 2 << i % 4), std::pow(1.35, i)));
  return chart;
}

Chart history() {
  Chart chart{.title = "One series by night",
              .x = {"night", Unit::utc_seconds, false},
              .y = {"time", Unit::time_ns, false},
              .curves = {}};
  Curve curve{.label = "median", .x = {}, .y = {}, .points_only = true};
  for (int night = 0; night < 60; ++night) {
    curve.x.push_back(1'761'955'200.0 + 86400.0 * night);
    curve.y.push_back(6400 * (night < 40 ? 1 : 1.05) * (1 + 0.004 * std::sin(night * 12.9898)));
  }
  chart.marks = {{.x = curve.x[40], .label = "+5%", .bad = true}};
  chart.curves = {curve};
  return chart;
}

HeatMap matrix() {
  HeatMap map{.title = "Time from node to node",
              .note = "Row: the rank whose time it is.",
              .rows = {},
              .columns = {},
              .values = {},
              .unit = Unit::time_ns};
  constexpr int nodes = 12;
  for (int r = 0; r < nodes; ++r) {
    map.rows.push_back(r == 3 ? hostile : fmt::format("node{:02}", r));
    map.columns.push_back(fmt::format("node{:02}", r));
    for (int c = 0; c < nodes; ++c)
      map.values.push_back(r == c ? nothing
                                  : 2000 + 40 * ((r * 7 + c * 3) % 5) + (r == 5 || c == 5 ? 900 : 0));
  }
  return map;
}

Table table() {
  Table made{.title = "Cases", .headings = {"case", "p50", "status"}, .rows = {}};
  for (int i = 0; i < 15; ++i) {
    const double time = i == 4 ? nothing : 100.0 * ((i * 7) % 15 + 1);
    made.rows.push_back(
        {{.text = i == 2 ? hostile : fmt::format("case{}", i)},
         {.text = format_number(time, Unit::time_ns), .sort = time, .numeric = true},
         {.text = i == 3 ? "not converged" : "good", .tone = i == 3 ? Tone::warning : Tone::plain}});
  }
  return made;
}

Chart empty_chart() {
  return {.title = "Nothing",
          .x = {"size"},
          .y = {"time"},
          .curves = {{.label = "none", .x = {1}, .y = {nothing}}}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  Page page(std::string("A page for testing ") + hostile, "made from no file",
            argv[1] == std::string_view("still") ? Drawing::still : Drawing::live);
  page.verdict("3 cases slower, 12 equivalent", Tone::bad);
  page.section("Curves", "By size.");
  page.add(log_log_chart());
  page.add(rate_chart());
  page.section(hostile, hostile);
  page.add(many_curves());
  page.section("History");
  page.add(history());
  page.add(empty_chart());
  page.section("Matrix and table");
  page.add(matrix());
  page.add(table());
  std::ofstream file(argv[2], std::ios::binary);
  file << page.html() << std::flush;
  return file ? 0 : 1;
}
