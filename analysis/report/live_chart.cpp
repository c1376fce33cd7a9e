// A chart as the JSON that page/chart.js reads. Keys are short: a page holds many of them.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "analysis/report/parts.hpp"
#include "analysis/report/text.hpp"

namespace podbench::report {
namespace {

using nlohmann::ordered_json;

ordered_json axis_object(const Axis& axis) {
  ordered_json object = {{"label", axis.label}, {"unit", static_cast<int>(axis.unit)}};
  if (axis.log) object["log"] = 1;
  return object;
}

// `first` is the chart's first curve, whose x need not be said again.
ordered_json curve_object(const Curve& curve, int style, const Curve& first) {
  ordered_json object = {{"l", curve.label}, {"s", style}};
  if (&curve == &first || curve.x != first.x) object["x"] = short_numbers(curve.x);
  object["y"] = short_numbers(curve.y);
  if (!curve.lo.empty() && !curve.hi.empty()) {
    object["lo"] = short_numbers(curve.lo);
    object["hi"] = short_numbers(curve.hi);
  }
  if (curve.points_only) object["p"] = 1;
  if (!curve.notes.empty()) object["n"] = curve.notes;
  return object;
}

ordered_json mark_object(const Mark& mark) {
  ordered_json object = {{"x", short_number(mark.x)}, {"l", mark.label}};
  if (mark.bad) object["bad"] = 1;
  return object;
}

}  // namespace

std::string live_chart(const Chart& chart, const std::vector<int>& styles) {
  ordered_json document = {{"x", axis_object(chart.x)}, {"y", axis_object(chart.y)}};
  document["c"] = ordered_json::array();
  for (std::size_t i = 0; i < chart.curves.size(); ++i)
    document["c"].push_back(curve_object(chart.curves[i], styles[i], chart.curves.front()));
  if (!chart.marks.empty()) document["m"] = ordered_json::array();
  for (const Mark& mark : chart.marks) document["m"].push_back(mark_object(mark));
  return fmt::format(
      "<figure class=\"chart\">{}<script type=\"application/json\">{}</script>"
      "<p class=\"unseen\">This chart is drawn by a script, which this viewer does not run.</p>{}</figure>\n",
      caption(chart.title), script_json(document), note_below(chart.note));
}

}  // namespace podbench::report
