// Charts as static SVG. Colours are classes of page/page.css, so that both themes and print have their own.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "analysis/report/axis.hpp"
#include "analysis/report/parts.hpp"
#include "analysis/report/styles.hpp"
#include "analysis/report/text.hpp"

namespace podbench::report {
namespace {

// The picture, in SVG's own units, about CSS pixels.
constexpr double width = 640, height = 360;
constexpr double left = 76, right = width - 14, top = 14, bottom = height - 50;

struct Extent {
  double least = 0, most = 0;
  bool any = false;
  void see(double value) {
    least = any ? std::min(least, value) : value;
    most = any ? std::max(most, value) : value;
    any = true;
  }
};

bool drawable(double value, const Axis& axis) {
  return std::isfinite(value) && (!axis.log || value > 0);
}

// Where values lie in the picture.
class Frame {
 public:
  Frame(const Chart& chart, Range x, Range y) : chart_(chart), x_(x), y_(y) {}
  [[nodiscard]] double across(double value) const {
    return left + (right - left) * part(value, x_, chart_.x.log);
  }
  [[nodiscard]] double down(double value) const {
    return bottom - (bottom - top) * part(value, y_, chart_.y.log);
  }
  [[nodiscard]] const Range& x() const { return x_; }
  [[nodiscard]] const Range& y() const { return y_; }

 private:
  static double part(double value, const Range& range, bool log) {
    return log ? std::log(value / range.lo) / std::log(range.hi / range.lo)
               : (value - range.lo) / (range.hi - range.lo);
  }
  const Chart& chart_;
  Range x_, y_;
};

bool has_band(const Curve& curve, std::size_t i, const Axis& y) {
  return i < curve.lo.size() && i < curve.hi.size() && drawable(curve.lo[i], y) && drawable(curve.hi[i], y);
}

bool has_point(const Curve& curve, std::size_t i, const Chart& chart) {
  return i < curve.x.size() && drawable(curve.x[i], chart.x) && drawable(curve.y[i], chart.y);
}

std::optional<Frame> frame_of(const Chart& chart) {
  Extent x, y;
  for (const Curve& curve : chart.curves) {
    for (std::size_t i = 0; i < curve.y.size(); ++i) {
      if (!has_point(curve, i, chart)) continue;
      x.see(curve.x[i]);
      y.see(curve.y[i]);
      if (!has_band(curve, i, chart.y)) continue;
      y.see(curve.lo[i]);
      y.see(curve.hi[i]);
    }
  }
  if (!x.any) return std::nullopt;
  return Frame(chart, with_margin(x.least, x.most, chart.x), with_margin(y.least, y.most, chart.y));
}

std::string grid(const Chart& chart, const Frame& frame) {
  std::string svg;
  const auto across = ticks(frame.x(), chart.x, 8), down = ticks(frame.y(), chart.y, 7);
  const auto across_labels = tick_labels(across, chart.x), down_labels = tick_labels(down, chart.y);
  for (std::size_t i = 0; i < across.size(); ++i) {
    const double x = frame.across(across[i]);
    svg += fmt::format(
        "<path class=grid d=\"M{0:.1f} {1}V{2}\"/><text text-anchor=middle x={0:.1f} y={3}>{4}</text>", x,
        top, bottom, bottom + 17, html_text(across_labels[i]));
  }
  for (std::size_t i = 0; i < down.size(); ++i) {
    const double y = frame.down(down[i]);
    svg += fmt::format(
        "<path class=grid d=\"M{1} {0:.1f}H{2}\"/><text text-anchor=end x={3} y={4:.1f}>{5}</text>", y, left,
        right, left - 7, y + 4, html_text(down_labels[i]));
  }
  svg += fmt::format("<text class=axis text-anchor=middle x={} y={}>{}</text>", (left + right) / 2,
                     height - 8, html_text(chart.x.label));
  svg +=
      fmt::format("<text class=axis text-anchor=middle transform=\"translate(13 {}) rotate(-90)\">{}</text>",
                  (top + bottom) / 2, html_text(chart.y.label));
  return svg;
}

// A word to the right of its line, or to the left where the picture ends; each a little below the one before.
std::string mark_lines(const Chart& chart, const Frame& frame) {
  std::string svg;
  int row = 0;
  for (const Mark& mark : chart.marks) {
    if (!drawable(mark.x, chart.x) || mark.x < frame.x().lo || mark.x > frame.x().hi) continue;
    const double x = frame.across(mark.x), down = top + 11 + 13 * (row++ % 6);
    const bool flip = x > left + 0.7 * (right - left);
    svg += fmt::format(
        "<path class=\"mark{3}\" d=\"M{0:.1f} {1}V{2}\"/><text class=\"mark{3}\"{4} x={5:.1f} "
        "y={6}>{7}</text>",
        x, top, bottom, mark.bad ? " bad" : "", flip ? " text-anchor=end" : "", flip ? x - 4 : x + 4, down,
        html_text(mark.label));
  }
  return svg;
}

// Calls `add` with each run of neighbouring points for which `has` holds.
template <typename Has, typename Add>
void for_each_run(std::size_t size, Has has, Add add) {
  for (std::size_t begin = 0; begin < size;) {
    std::size_t end = begin;
    while (end < size && has(end)) ++end;
    if (end > begin) add(begin, end);
    begin = end + 1;
  }
}

std::string band(const Curve& curve, const Chart& chart, const Frame& frame) {
  std::string path;
  const auto has = [&](std::size_t i) { return has_point(curve, i, chart) && has_band(curve, i, chart.y); };
  for_each_run(curve.y.size(), has, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      path += fmt::format("{}{:.1f} {:.1f}", i == begin ? 'M' : 'L', frame.across(curve.x[i]),
                          frame.down(curve.hi[i]));
    for (std::size_t i = end; i-- > begin;)
      path += fmt::format("L{:.1f} {:.1f}", frame.across(curve.x[i]), frame.down(curve.lo[i]));
    path += 'Z';
  });
  return path.empty() ? "" : fmt::format("<path class=band d=\"{}\"/>", path);
}

std::string line(const Curve& curve, const Chart& chart, const Frame& frame) {
  std::string path;
  const auto has = [&](std::size_t i) { return has_point(curve, i, chart); };
  for_each_run(curve.y.size(), has, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      path += fmt::format("{}{:.1f} {:.1f}", i == begin ? 'M' : 'L', frame.across(curve.x[i]),
                          frame.down(curve.y[i]));
  });
  return path.empty() || curve.points_only ? "" : fmt::format("<path class=line d=\"{}\"/>", path);
}

std::string point_text(const Curve& curve, std::size_t i, const Chart& chart) {
  std::string text = fmt::format("{}\n{}: {}", curve.label, format_number(curve.x[i], chart.x.unit),
                                 format_number(curve.y[i], chart.y.unit));
  if (has_band(curve, i, chart.y))
    text += fmt::format(" ({} to {})", format_number(curve.lo[i], chart.y.unit),
                        format_number(curve.hi[i], chart.y.unit));
  if (i < curve.notes.size() && !curve.notes[i].empty()) text += "\n" + curve.notes[i];
  return text;
}

std::string points(const Curve& curve, const Chart& chart, const Frame& frame) {
  std::string svg;
  for (std::size_t i = 0; i < curve.y.size(); ++i) {
    if (!has_point(curve, i, chart)) continue;
    svg += fmt::format("<circle cx={:.1f} cy={:.1f} r={}><title>{}</title></circle>",
                       frame.across(curve.x[i]), frame.down(curve.y[i]), curve.points_only ? 2 : 3,
                       html_text(point_text(curve, i, chart)));
  }
  return svg;
}

std::string style_class(int style) {
  return fmt::format("c{} d{}", style % colours, style / colours);
}

std::string legend(const Chart& chart, const std::vector<int>& styles) {
  std::string html = "<ul class=\"keys\">";
  for (std::size_t i = 0; i < chart.curves.size(); ++i)
    html += fmt::format("<li><svg class=\"{}\" width=26 height=10><path class=line d=\"M0 5H26\"/></svg>{}",
                        style_class(styles[i]), html_text(chart.curves[i].label));
  return html + "</ul>";
}

}  // namespace

std::string still_chart(const Chart& chart, const std::vector<int>& styles) {
  std::string html = "<figure class=\"chart\">" + caption(chart.title);
  const std::optional<Frame> frame = frame_of(chart);
  if (!frame) return html + "<p class=\"nothing\">Nothing to draw: no point is finite.</p></figure>\n";
  html += fmt::format("<svg class=\"plot\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {} {}\">",
                      html_text(chart.title), width, height);
  html += grid(chart, *frame);
  for (std::size_t i = 0; i < chart.curves.size(); ++i) {
    const Curve& curve = chart.curves[i];
    html += fmt::format("<g class=\"{}\">{}{}{}</g>", style_class(styles[i]), band(curve, chart, *frame),
                        line(curve, chart, *frame), points(curve, chart, *frame));
  }
  return html + mark_lines(chart, *frame) + "</svg>" + legend(chart, styles) + note_below(chart.note) +
         "</figure>\n";
}

}  // namespace podbench::report
