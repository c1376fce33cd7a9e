#include "analysis/pod/blame_solver.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace podbench {
namespace {

constexpr double degrees_of_freedom = 4;
constexpr double certain = 1 - 1e-6;
constexpr double slow_from = 3;  // standard deviations
constexpr int refits = 2, most_exchanges = 8, refinements = 14;
constexpr std::size_t most_uncertain = 6;  // effects of a mixture that are told apart

// Student's t without its constants.
double log_density(double z) {
  return -(degrees_of_freedom + 1) / 2 * std::log1p(z * z / degrees_of_freedom);
}

}  // namespace

double BlameSolver::combined(double excess, double more) const {
  return combine_ == Combine::slowest ? std::max(excess, more) : excess + more;
}

// Over the effects that may or may not have met this measurement: log Σ P(met) · density.
double BlameSolver::mixture(std::size_t measurement, std::span<const Effect> effects, double excess) const {
  if (effects.empty()) {
    const Residual& residual = residuals_[measurement];
    return log_density((residual.excess - excess) / residual.scale);
  }
  const Effect& first = effects.front();
  const double without = mixture(measurement, effects.subspan(1), excess);
  const double with = mixture(measurement, effects.subspan(1), combined(excess, first.excess));
  const double higher = std::max(without, with);
  return higher +
         std::log((1 - first.share) * std::exp(without - higher) + first.share * std::exp(with - higher));
}

double BlameSolver::log_likelihood(std::size_t measurement, std::span<const Effect> effects) const {
  std::array<Effect, most_uncertain> uncertain;
  std::size_t count = 0;
  double excess = 0;
  for (const Effect& effect : effects) {
    if (effect.share < certain && count < most_uncertain)
      uncertain[count++] = effect;
    else
      excess = combined(excess, effect.excess);
  }
  return mixture(measurement, std::span(uncertain).first(count), excess);
}

double BlameSolver::gain(const Column& column, double effect) const {
  double sum = 0;
  std::vector<Effect> effects;
  for (const Sight& sight : column) {
    const double excess = sight.notice.excess(effect);
    if (excess <= 0) continue;
    effects = effects_[sight.measurement];
    effects.push_back({static_cast<double>(sight.share), excess});
    sum += log_likelihood(sight.measurement, effects) - current_[sight.measurement];
  }
  return sum;
}

// No effect of this column can gain more: as if it explained every slow measurement perfectly.
double BlameSolver::bound(const Column& column) const {
  double sum = 0;
  for (const Sight& sight : column)
    if (residuals_[sight.measurement].excess > 0) sum -= current_[sight.measurement];
  return sum;
}

Choice BlameSolver::fit(std::size_t column) const {
  std::vector<double> wanted, wanted_by_slow;
  double scale = 0;
  for (const Sight& sight : columns_[column]) {
    const Residual& residual = residuals_[sight.measurement];
    wanted.push_back(residual.excess + sight.notice.headroom());
    if (residual.excess > slow_from * residual.scale) wanted_by_slow.push_back(wanted.back());
    scale += residual.scale / static_cast<double>(columns_[column].size());
  }
  Choice best{column, 0, 0};
  const auto try_effect = [&](double effect) {
    if (effect < least_effect_) return false;
    const double reached = gain(columns_[column], effect);
    if (reached <= best.gain) return false;
    best.effect = effect;
    best.gain = reached;
    return true;
  };
  // Where a hash chooses, few of those that may meet it do.
  for (std::vector<double>* const some : {&wanted, &wanted_by_slow}) {
    std::sort(some->begin(), some->end());
    if (some->empty()) continue;
    for (const double q : {0.1, 0.25, 0.5, 0.75, 0.9, 1.0})
      try_effect((*some)[static_cast<std::size_t>(q * static_cast<double>(some->size() - 1))]);
  }
  if (best.gain <= 0) return best;
  for (int i = 0; i < refinements; ++i)
    if (!try_effect(best.effect + scale) && !try_effect(best.effect - scale)) scale /= 2;
  return best;
}

Choice BlameSolver::best_of_all(double at_least) const {
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t c = 0; c < columns_.size(); ++c)
    if (const double most = bound(columns_[c]); most > at_least) order.emplace_back(most, c);
  std::sort(order.rbegin(), order.rend());
  Choice best{0, 0, at_least};
  for (const auto& [most, column] : order) {
    if (most <= best.gain) break;
    if (const Choice choice = fit(column); choice.gain > best.gain) best = choice;
  }
  return best;
}

void BlameSolver::set_choices(std::vector<Choice> choices) {
  for (const Choice& choice : chosen_)
    for (const Sight& sight : columns_[choice.column]) effects_[sight.measurement].clear();
  for (const Choice& choice : chosen_)
    for (const Sight& sight : columns_[choice.column])
      current_[sight.measurement] = log_likelihood(sight.measurement, {});
  chosen_ = std::move(choices);
  for (const Choice& choice : chosen_)
    for (const Sight& sight : columns_[choice.column])
      if (const double excess = sight.notice.excess(choice.effect); excess > 0)
        effects_[sight.measurement].push_back({static_cast<double>(sight.share), excess});
  for (const Choice& choice : chosen_)
    for (const Sight& sight : columns_[choice.column])
      current_[sight.measurement] = log_likelihood(sight.measurement, effects_[sight.measurement]);
}

double BlameSolver::price(std::size_t chosen_before) const {
  const auto n = static_cast<double>(residuals_.size()), p = static_cast<double>(columns_.size());
  const auto k = static_cast<double>(chosen_before + 1);
  return (std::log(std::max(n, 2.0)) + 2 * std::log(std::max(p / k, 1.0))) / 2;
}

// Each choice's effect once more, given the others'.
void BlameSolver::refit() {
  if (chosen_.empty()) return;
  for (int round = 0; round < refits; ++round)
    for (std::size_t c = 0; c < chosen_.size(); ++c) {
      std::vector<Choice> all = chosen_, others = chosen_;
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(c));
      set_choices(others);
      const Choice again = fit(all[c].column);
      all[c].gain = again.gain;
      if (again.gain > 0) all[c].effect = again.effect;
      set_choices(all);
    }
}

// Replaces a choice by the column that explains more in its place.
bool BlameSolver::exchange() {
  bool changed = false;
  for (std::size_t c = 0; c < chosen_.size(); ++c) {
    std::vector<Choice> all = chosen_, others = chosen_;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(c));
    set_choices(others);
    const Choice better = best_of_all(std::max(all[c].gain, 0.0) + 1e-6);
    if (better.effect > 0 && better.column != all[c].column) {
      all[c] = better;
      changed = true;
    }
    set_choices(all);
  }
  return changed;
}

// Lets go of the choice that is no longer worth its price.
bool BlameSolver::drop() {
  for (std::size_t c = 0; c < chosen_.size(); ++c)
    if (chosen_[c].gain < price(chosen_.size() - 1)) {
      std::vector<Choice> others = chosen_;
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(c));
      set_choices(others);
      return true;
    }
  return false;
}

std::vector<Choice> BlameSolver::solve(std::span<const Residual> residuals) {
  residuals_ = residuals;
  chosen_.clear();
  effects_.assign(residuals.size(), {});
  current_.resize(residuals.size());
  for (std::size_t i = 0; i < residuals.size(); ++i) current_[i] = log_likelihood(i, {});
  while (chosen_.size() < most_choices_) {
    const Choice next = best_of_all(price(chosen_.size()));
    if (next.effect <= 0) break;
    std::vector<Choice> more = chosen_;
    more.push_back(next);
    set_choices(more);
    if (chosen_.size() == 1) continue;
    refit();
    for (int i = 0; i < most_exchanges && exchange(); ++i) refit();
    const std::size_t before = chosen_.size();
    while (drop()) refit();
    if (chosen_.size() < before) break;
  }
  std::sort(chosen_.begin(), chosen_.end(), [](const Choice& a, const Choice& b) { return a.gain > b.gain; });
  return chosen_;
}

bool BlameSolver::touched(std::size_t measurement) const {
  return !effects_[measurement].empty();
}

double BlameSolver::expected_excess(std::size_t measurement) const {
  double excess = 0;
  for (const Effect& effect : effects_[measurement])
    if (effect.share >= certain) excess = combined(excess, effect.excess);
  return excess;
}

std::vector<Choice> BlameSolver::instead_of(std::size_t choice, double closest) {
  const std::vector<Choice> all = chosen_;
  std::vector<Choice> others = all;
  others.erase(others.begin() + static_cast<std::ptrdiff_t>(choice));
  set_choices(others);
  std::vector<Choice> found;
  const double own = gain(columns_[all[choice].column], all[choice].effect);
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const bool taken =
        std::any_of(others.begin(), others.end(), [&](const Choice& o) { return o.column == c; });
    if (taken || bound(columns_[c]) < own - closest) continue;
    if (const Choice instead = fit(c); instead.effect > 0 && instead.gain >= own - closest)
      found.push_back(instead);
  }
  set_choices(all);
  return found;
}

std::pair<double, double> BlameSolver::interval(std::size_t choice, double drop_by) {
  const std::vector<Choice> all = chosen_;
  std::vector<Choice> others = all;
  others.erase(others.begin() + static_cast<std::ptrdiff_t>(choice));
  set_choices(others);
  const Column& column = columns_[all[choice].column];
  const double best = all[choice].effect, level = gain(column, best) - drop_by;
  const auto edge = [&](double inside, double outside) {
    for (int i = 0; i < 40; ++i) {
      const double middle = (inside + outside) / 2;
      (gain(column, middle) >= level ? inside : outside) = middle;
    }
    return inside;
  };
  double above = 2 * best + least_effect_;
  for (int i = 0; i < 20 && gain(column, above) >= level; ++i) above *= 2;
  const std::pair<double, double> bounds{edge(best, 0), edge(best, above)};
  set_choices(all);
  return bounds;
}

double BlameSolver::ideal_gain(const Column& column, double effect) const {
  double sum = 0;
  for (const Sight& sight : column)
    if (const double excess = sight.notice.excess(effect); excess > 0)
      sum -= static_cast<double>(sight.share) * log_density(excess / residuals_[sight.measurement].scale);
  return sum;
}

}  // namespace podbench
