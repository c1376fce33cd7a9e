// Curves of each pattern: median time and bandwidth over the size, or over the ranks where there is one size.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "analysis/report/run/parts.hpp"

namespace podbench::report {
namespace {

using Cases = std::vector<ShownCase>;

// More curves than this in one chart are told apart by nobody: the chart is split.
constexpr std::size_t most_curves = 12;

double bytes_of(const ShownCase& one) {
  return static_cast<double>(one.summary->key.bytes);
}

double ranks_of(const ShownCase& one) {
  return one.summary->key.ranks;
}

template <typename Get>
std::size_t different_values(const Cases& cases, Get get) {
  std::set<double> values;
  for (const ShownCase& one : cases)
    if (get(one) > 0) values.insert(get(one));
  return values.size();
}

// What runs along the x axis of a pattern's charts.
struct Along {
  std::string_view key;
  Axis axis;
  double (*value)(const ShownCase&);
};

std::optional<Along> along(const Cases& cases) {
  if (different_values(cases, bytes_of) > 1) return Along{"bytes", {"size", Unit::bytes, true}, bytes_of};
  if (different_values(cases, ranks_of) > 1) return Along{"ranks", {"ranks", Unit::count, false}, ranks_of};
  return std::nullopt;
}

std::vector<const KeyColumn*> curve_keys(const Cases& cases, std::string_view without) {
  std::vector<const KeyColumn*> keys = differing_keys(cases);
  std::erase_if(keys,
                [without](const KeyColumn* key) { return key->name == without || key->name == "sync"; });
  return keys;
}

std::map<std::string, Cases> by_label(const Cases& cases, const std::vector<const KeyColumn*>& keys) {
  std::map<std::string, Cases> groups;
  for (const ShownCase& one : cases) groups[label_of(one, keys)].push_back(one);
  return groups;
}

struct Facet {
  std::string title;
  Cases cases;
};

// Splits until every chart has few enough curves, each time by the key that makes the fewest charts.
void split(const Facet& facet, std::string_view x_key, std::vector<Facet>& out) {
  const auto keys = curve_keys(facet.cases, x_key);
  if (keys.size() < 2 || by_label(facet.cases, keys).size() <= most_curves) {
    out.push_back(facet);
    return;
  }
  const KeyColumn* chosen = *std::min_element(keys.begin(), keys.end(), [&](const auto* a, const auto* b) {
    return by_label(facet.cases, {a}).size() < by_label(facet.cases, {b}).size();
  });
  for (const auto& [label, cases] : by_label(facet.cases, {chosen}))
    split({facet.title + " · " + label, cases}, x_key, out);
}

std::string note_of(const CaseSummary& summary) {
  return summary.status == CaseStatus::good ? "" : std::string(name_of(summary.status));
}

void sort_by_x(Cases& cases, const Along& x) {
  std::stable_sort(cases.begin(), cases.end(),
                   [&x](const ShownCase& a, const ShownCase& b) { return x.value(a) < x.value(b); });
}

Curve time_curve(const std::string& label, const Cases& cases, const Along& x) {
  Curve curve{.label = label, .x = {}, .y = {}};
  for (const ShownCase& one : cases) {
    curve.x.push_back(x.value(one));
    curve.y.push_back(one.summary->p50_ns);
    curve.lo.push_back(one.summary->ci_lo_ns);
    curve.hi.push_back(one.summary->ci_hi_ns);
    curve.notes.push_back(note_of(*one.summary));
  }
  const bool silent = std::all_of(curve.notes.begin(), curve.notes.end(),
                                  [](const std::string& note) { return note.empty(); });
  if (silent) curve.notes.clear();
  return curve;
}

// A rate turns with the time: the interval's ends change places.
Curve rate_curve(const Curve& times, const Cases& cases, double CaseSummary::*rate) {
  Curve curve = times;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const CaseSummary& summary = *cases[i].summary;
    curve.y[i] = summary.*rate;
    curve.lo[i] = summary.*rate * summary.p50_ns / summary.ci_hi_ns;
    curve.hi[i] = summary.*rate * summary.p50_ns / summary.ci_lo_ns;
  }
  return curve;
}

bool any_rate(const Cases& cases, double CaseSummary::*rate) {
  return std::any_of(cases.begin(), cases.end(),
                     [rate](const ShownCase& one) { return one.summary->*rate > 0; });
}

void add_facet(Page& page, const Facet& facet, const Along& x) {
  const bool bus = any_rate(facet.cases, &CaseSummary::busbw_gbps);
  const auto rate = bus ? &CaseSummary::busbw_gbps : &CaseSummary::algbw_gbps;
  Chart times{
      .title = facet.title + ": median time", .x = x.axis, .y = {"p50", Unit::time_ns, true}, .curves = {}};
  Chart rates{.title = facet.title + (bus ? ": bus bandwidth" : ": bandwidth"),
              .x = x.axis,
              .y = {bus ? "busbw" : "algbw", Unit::gbps, false},
              .curves = {}};
  for (auto& [label, cases] : by_label(facet.cases, curve_keys(facet.cases, x.key))) {
    Cases sorted = cases;
    sort_by_x(sorted, x);
    times.curves.push_back(time_curve(label.empty() ? "all" : label, sorted, x));
    rates.curves.push_back(rate_curve(times.curves.back(), sorted, rate));
  }
  page.add(std::move(times));
  if (any_rate(facet.cases, rate)) page.add(std::move(rates));
}

}  // namespace

void add_curves(Page& page, const std::vector<ShownCase>& cases) {
  std::map<std::string, Cases> patterns;
  for (const ShownCase& one : cases) patterns[one.summary->key.pattern].push_back(one);
  std::erase_if(patterns, [](const auto& entry) { return !along(entry.second); });
  if (patterns.empty()) return;
  page.section("Curves",
               "Median of the launches' medians; bands are its 95% interval, bandwidths are of that median. "
               "Point or move "
               "with the arrow keys to read values, drag to zoom, press a name to hide its curve.");
  for (const auto& [pattern, of_pattern] : patterns) {
    const Along x = *along(of_pattern);
    std::vector<Facet> facets;
    split({pattern, of_pattern}, x.key, facets);
    for (const Facet& facet : facets) add_facet(page, facet, x);
  }
}

}  // namespace podbench::report
