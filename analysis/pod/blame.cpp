#include "analysis/pod/blame.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>

#include "analysis/pod/blame_columns.hpp"
#include "analysis/pod/blame_solver.hpp"

namespace podbench {
namespace {

constexpr double dead_log_slowdown = 16;  // a rate of nothing: slower by e^16
constexpr double least_probability = 0.01;
constexpr double told_apart_from = 10;  // a likelihood so many times higher tells two classes apart
constexpr int most_rounds = 4;
// Slow parts only add to the excess: the healthy part is looked for at this quantile, counted from the fast
// end.
constexpr double healthy_quantile = 0.2;

double quantile_of(std::vector<double> values, double q) {
  const auto at = static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

class Investigation {
 public:
  Investigation(const Pod& pod, std::span<const FlowSet> sets, BlamedQuantity quantity,
                const BlameRules& rules)
      : pod_(pod),
        routes_(pod),
        catalogue_(pod),
        quantity_(quantity),
        rules_(rules),
        columns_(blame_columns(routes_, sets, quantity)) {
    for (const MeasuredFlow* measured : columns_.measurements) read(*measured);
    report_.arc_measurements = columns_.arc_measurements;
    report_.arc_smallest_effect.assign(2 * pod.links.size(), std::numeric_limits<double>::infinity());
  }

  BlameReport report() {
    if (raw_.empty()) return std::move(report_);
    BlameSolver solver(columns_.columns, quantity_ == BlamedQuantity::rate ? Combine::slowest : Combine::sum,
                       least_effect(), rules_.most_blames);
    const std::vector<Choice> choices = solve(solver);
    for (std::size_t c = 0; c < choices.size(); ++c) report_.blames.push_back(blame(solver, choices, c));
    find_smallest_effects(solver);
    report_.baseline = quantity_ == BlamedQuantity::rate ? 1 - std::exp(-report_.baseline) : report_.baseline;
    return std::move(report_);
  }

 private:
  void read(const MeasuredFlow& measured) {
    if (quantity_ == BlamedQuantity::rate) {
      const double slower =
          measured.measured > 0 ? std::log(measured.expected / measured.measured) : dead_log_slowdown;
      raw_.push_back(std::min(slower, dead_log_slowdown));
      scale_.push_back(measured.uncertainty);
    } else {
      raw_.push_back(measured.measured - measured.expected);
      scale_.push_back(measured.uncertainty * measured.expected);
    }
  }

  [[nodiscard]] double least_effect() const {
    if (quantity_ == BlamedQuantity::rate) return std::log1p(rules_.least_slowdown);
    std::vector<double> expected;
    for (const MeasuredFlow* measured : columns_.measurements) expected.push_back(measured->expected);
    return rules_.least_slowdown * quantile_of(std::move(expected), 0.5);
  }

  [[nodiscard]] double highest_baseline() const {
    return quantity_ == BlamedQuantity::rate ? -std::log1p(-rules_.baseline_most)
                                             : std::numeric_limits<double>::infinity();
  }

  // Baseline and noise from the fast end, where slow parts do not reach.
  void guess_healthy() {
    const double z = -boost::math::quantile(boost::math::normal(), healthy_quantile);
    const double scale = quantile_of(scale_, 0.5);
    for (int i = 0; i < most_rounds; ++i) {
      report_.baseline =
          std::min(quantile_of(raw_, healthy_quantile) + z * report_.noise * scale, highest_baseline());
      std::vector<double> below;
      for (std::size_t m = 0; m < raw_.size(); ++m)
        if (raw_[m] <= report_.baseline) below.push_back((report_.baseline - raw_[m]) / scale_[m]);
      if (below.empty()) return;
      report_.noise = std::max(1.0, quantile_of(std::move(below), 0.5) * 1.4826);
    }
  }

  // Both once more from everything that no choice touches; false where that changes nothing worth a new
  // solve.
  bool refine_healthy(const BlameSolver& solver) {
    std::vector<double> healthy, distances;
    for (std::size_t m = 0; m < raw_.size(); ++m)
      if (!solver.touched(m)) healthy.push_back(raw_[m]);
    if (healthy.size() < std::max<std::size_t>(5, raw_.size() / 10)) return false;
    const double before = report_.baseline, noise_before = report_.noise;
    report_.baseline = std::min(quantile_of(healthy, 0.5), highest_baseline());
    for (std::size_t m = 0; m < raw_.size(); ++m)
      if (!solver.touched(m)) distances.push_back(std::abs(raw_[m] - report_.baseline) / scale_[m]);
    report_.noise = std::max(1.0, quantile_of(std::move(distances), 0.5) * 1.4826);
    return std::abs(report_.baseline - before) > 0.1 * quantile_of(scale_, 0.5) ||
           std::abs(report_.noise - noise_before) > 0.02 * noise_before;
  }

  std::vector<Choice> solve(BlameSolver& solver) {
    guess_healthy();
    std::vector<Choice> choices;
    for (int round = 0; round < most_rounds; ++round) {
      residuals_.clear();
      for (std::size_t m = 0; m < raw_.size(); ++m)
        residuals_.push_back({raw_[m] - report_.baseline, scale_[m] * report_.noise});
      choices = solver.solve(residuals_);
      if (!refine_healthy(solver)) break;
    }
    return choices;
  }

  [[nodiscard]] double told(double effect) const {
    return quantity_ == BlamedQuantity::rate ? std::exp(effect) : effect;
  }
  [[nodiscard]] double felt(double told_effect) const {
    return quantity_ == BlamedQuantity::rate ? std::log(told_effect) : told_effect;
  }

  Blame blame(BlameSolver& solver, const std::vector<Choice>& choices, std::size_t c) {
    const Choice& choice = choices[c];
    Blame blame;
    blame.measurements = columns_.columns[choice.column].size();
    const boost::math::chi_squared one(1);
    const auto [lo, hi] = solver.interval(c, boost::math::quantile(one, rules_.confidence) / 2);
    blame.effect_lo = told(lo);
    blame.effect_hi = told(hi);
    std::vector<Choice> instead = solver.instead_of(c, -std::log(least_probability));
    std::erase_if(instead, [&](const Choice& other) { return other.column == choice.column; });
    std::sort(instead.begin(), instead.end(),
              [](const Choice& a, const Choice& b) { return a.gain > b.gain; });
    instead.insert(instead.begin(), choice);
    weigh(blame, instead, solver.price(choices.size() - 1));
    blame.next = next_measurement(blame);
    return blame;
  }

  // The posterior among the choice, what could stand in its place, and nobody.
  void weigh(Blame& blame, const std::vector<Choice>& candidates, double price) const {
    const double best = candidates.front().gain;
    double sum = std::exp(price - best);
    for (const Choice& candidate : candidates) sum += std::exp(candidate.gain - best);
    for (const Choice& candidate : candidates) {
      const double weight = std::exp(candidate.gain - best);
      const bool told_apart = weight < 1 / told_apart_from;
      if (!told_apart) blame.confidence += weight / sum;
      if (weight / sum < least_probability) continue;
      for (const Suspect& suspect : columns_.suspects[candidate.column])
        (told_apart ? blame.alternatives : blame.suspects)
            .push_back({suspect, told(candidate.effect), weight / sum});
    }
  }

  // Nodes whose own flows are as they should be.
  [[nodiscard]] std::vector<bool> good_nodes() const {
    std::vector<std::size_t> slow(pod_.nodes.size()), all(pod_.nodes.size());
    for (std::size_t m = 0; m < columns_.measurements.size(); ++m)
      for (const int node :
           {columns_.measurements[m]->flow.from_node, columns_.measurements[m]->flow.to_node}) {
        ++all[static_cast<std::size_t>(node)];
        slow[static_cast<std::size_t>(node)] += residuals_[m].excess > 3 * residuals_[m].scale ? 1u : 0u;
      }
    std::vector<bool> good(pod_.nodes.size());
    for (std::size_t n = 0; n < good.size(); ++n) good[n] = all[n] > 0 && 2 * slow[n] <= all[n];
    return good;
  }

  std::optional<Flow> next_measurement(const Blame& blame) {
    const std::vector<bool> good = good_nodes();
    std::vector<Candidate> others(blame.suspects.begin() + 1, blame.suspects.end());
    others.insert(others.end(), blame.alternatives.begin(), blame.alternatives.end());
    std::stable_sort(others.begin(), others.end(), [&](const Candidate& a, const Candidate& b) {
      return a.probability < blame.suspects.front().probability &&
             b.probability >= blame.suspects.front().probability;
    });
    const auto theory = [&](const Candidate& candidate) {
      return Theory{candidate.suspect, felt(candidate.effect)};
    };
    for (const Candidate& other : others)
      if (auto flow = telling_flow(routes_, catalogue_, theory(blame.suspects.front()), theory(other),
                                   quantity_, columns_.measurements, good))
        return flow;
    return std::nullopt;
  }

  void find_smallest_effects(const BlameSolver& solver) {
    for (std::size_t a = 0; a < report_.arc_smallest_effect.size(); ++a) {
      const Arc arc = arc_of(a);
      const auto place =
          columns_.class_of.find({SuspectKind::cable, arc.backwards ? Way::in : Way::out, arc.link});
      if (place == columns_.class_of.end()) continue;
      const Column& column = columns_.columns[place->second];
      double low = least_effect(), high = low;
      while (high < dead_log_slowdown && solver.ideal_gain(column, high) < solver.price(0)) high *= 2;
      if (high >= dead_log_slowdown && solver.ideal_gain(column, high) < solver.price(0)) continue;
      for (int i = 0; i < 40 && high > low; ++i) {
        const double middle = (low + high) / 2;
        (solver.ideal_gain(column, middle) < solver.price(0) ? low : high) = middle;
      }
      report_.arc_smallest_effect[a] = told(high);
    }
  }

  const Pod& pod_;
  Routes routes_;
  SuspectCatalogue catalogue_;
  BlamedQuantity quantity_;
  BlameRules rules_;
  BlameColumns columns_;
  std::vector<double> raw_, scale_;
  std::vector<Residual> residuals_;
  BlameReport report_;
};

}  // namespace

BlameReport find_blame(const Pod& pod, std::span<const FlowSet> sets, BlamedQuantity quantity,
                       const BlameRules& rules) {
  return Investigation(pod, sets, quantity, rules).report();
}

}  // namespace podbench
