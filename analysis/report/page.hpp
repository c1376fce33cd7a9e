// One self-contained HTML page: no outside load, works from disk, light and dark, prints, usable by keyboard.
// The plot library is built in; without it the same charts are static SVG.
//
// A page is filled top to bottom and rendered once. All text is escaped here: give it as it is.
// Thread-safety: a Page belongs to one thread. Errors: none; what cannot be drawn (no finite point) says so.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/report/styles.hpp"
#include "analysis/text_table.hpp"

namespace podbench::report {

// How numbers of an axis or a cell read: 6.4 us, 1 MiB, 3.2 GB/s, +1.3% (of the value 1.3), 0.98, 2026-11-21
// (with hours and minutes where it is not midnight).
enum class Unit : std::uint8_t { none, count, time_ns, bytes, gbps, percent, ratio, utc_seconds };

struct Axis {
  std::string label;
  Unit unit = Unit::none;
  bool log = false;  // values at and below 0 are then left out
};

// Points in ascending x. A band where lo and hi are given (same length as y); NaN is a gap.
struct Curve {
  std::string label;
  std::vector<double> x, y;
  std::vector<double> lo{}, hi{};
  bool points_only = false;          // samples, residuals: no line between them
  std::vector<std::string> notes{};  // what hover says more about a point; empty or as long as x
};

// A vertical line with a word: a crossover point, a change point, a protocol switch.
struct Mark {
  double x = 0;
  std::string label;
  bool bad = false;
};

struct Chart {
  std::string title;
  std::string note{};  // under the chart: how to read it
  Axis x, y;
  std::vector<Curve> curves;
  std::vector<Mark> marks{};
};

// Row-major values; NaN stays empty. Hover and keyboard name row, column and value.
struct HeatMap {
  std::string title;
  std::string note{};
  std::vector<std::string> rows, columns;
  std::vector<double> values;
  Unit unit = Unit::none;
  bool low_is_bad = false;  // bandwidths
};

struct Cell {
  std::string text;
  double sort = 0;  // by which the column sorts where `numeric`
  bool numeric = false;
  Tone tone = Tone::plain;
};

struct Table {
  std::string title;
  std::string note{};
  std::vector<std::string> headings;
  std::vector<std::vector<Cell>> rows;
};

// The samples of one launch of a case, in the order taken.
struct LaunchSamples {
  std::string label;                      // "launch 3"
  std::vector<std::uint64_t> times_ns{};  // of as many operations as `divisor` says
  double divisor = 1;                     // shown time = time / divisor
};
struct CaseSamples {
  std::string label;
  std::vector<LaunchSamples> launches;
};

// Every sample of many cases, of which the reader sees one at a time: its distribution by launch and its
// course.
struct Samples {
  std::string title;
  std::string note{};
  std::vector<CaseSamples> cases;
  // What the page may grow by. Where all samples need more, each launch gives every k-th and its largest,
  // with the smallest k that fits, and the page says so. 0: all of them, whatever it takes.
  std::size_t most_bytes = 0;
};

// Whether charts answer to pointer and keys, or are pictures for viewers that run no script. Without the plot
// library in the build they are pictures in any case.
enum class Drawing : std::uint8_t { live, still };

class Page {
 public:
  // `subtitle`: which files, when.
  explicit Page(std::string title, std::string subtitle = "", Drawing drawing = Drawing::live);

  // What follows belongs to a section with an entry in the table of contents. Charts of a section with the
  // same x axis share their cursor.
  void section(const std::string& heading, const std::string& intro = "");
  void paragraph(const std::string& text);
  // The verdict at the top of the page, in words and colour.
  void verdict(const std::string& text, Tone tone);
  void add(Chart chart);
  void add(HeatMap map);
  void add(Table table);
  void add(const Samples& samples);

  [[nodiscard]] bool live() const;  // whether charts answer
  [[nodiscard]] std::string html() const;

 private:
  enum class Kind : std::uint8_t { section, chart, other };
  struct Block {
    Kind kind;
    std::string html;
  };
  [[nodiscard]] std::string head() const;
  [[nodiscard]] std::string contents() const;
  [[nodiscard]] std::string body() const;

  std::string title_, subtitle_, verdict_;
  Drawing drawing_;
  std::vector<std::string> headings_;
  std::vector<Block> blocks_;
  Styles styles_;
};

// A number with its unit, as axes, cells and hover print it.
[[nodiscard]] std::string format_number(double value, Unit unit);

}  // namespace podbench::report
