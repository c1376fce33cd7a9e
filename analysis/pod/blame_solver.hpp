// The sparse fit behind find_blame (blame.hpp), on columns: which measurements see which class of suspects.
// Thread-safety: none; one solver, one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analysis/pod/suspects.hpp"

namespace podbench {

// One measurement's view of a class.
struct Sight {
  std::uint32_t measurement = 0;
  float share = 1;
  Notice notice;  // latencies: the default, where an effect is an excess
  friend auto operator<=>(const Sight&, const Sight&) = default;
};
using Column = std::vector<Sight>;

struct Residual {
  double excess = 0;  // log of the slow-down, or extra seconds, over the baseline
  double scale = 1;   // standard deviation
};

// How effects on one path combine.
enum class Combine : std::uint8_t { slowest, sum };

struct Choice {
  std::size_t column = 0;
  double effect = 0;  // θ
  double gain = 0;    // of log-likelihood, over leaving it out
};

class BlameSolver {
 public:
  BlameSolver(std::span<const Column> columns, Combine combine, double least_effect, std::size_t most_choices)
      : columns_(columns), combine_(combine), least_effect_(least_effect), most_choices_(most_choices) {}

  // The choices, the largest gain first.
  [[nodiscard]] std::vector<Choice> solve(std::span<const Residual> residuals);

  // For what solve found last:
  // What each measurement should exceed the baseline by, and whether a choice touches it at all.
  [[nodiscard]] double expected_excess(std::size_t measurement) const;
  [[nodiscard]] bool touched(std::size_t measurement) const;
  // Every column in the place of a choice, with its best effect; those within `closest` of the choice's gain.
  [[nodiscard]] std::vector<Choice> instead_of(std::size_t choice, double closest);
  // The effects at which the likelihood has fallen by `drop`.
  [[nodiscard]] std::pair<double, double> interval(std::size_t choice, double drop);
  // What a further choice has to gain.
  [[nodiscard]] double price(std::size_t chosen_before) const;
  // The gain that an effect on this column alone would bring in a pod without noise.
  [[nodiscard]] double ideal_gain(const Column& column, double effect) const;

 private:
  struct Effect {
    double share, excess;
  };

  [[nodiscard]] double log_likelihood(std::size_t measurement, std::span<const Effect> effects) const;
  [[nodiscard]] double mixture(std::size_t measurement, std::span<const Effect> effects, double excess) const;
  [[nodiscard]] double combined(double excess, double more) const;
  [[nodiscard]] double gain(const Column& column, double effect) const;
  [[nodiscard]] double bound(const Column& column) const;
  [[nodiscard]] Choice fit(std::size_t column) const;
  [[nodiscard]] Choice best_of_all(double at_least) const;
  void set_choices(std::vector<Choice> choices);
  void refit();
  bool exchange();
  bool drop();

  std::span<const Column> columns_;
  Combine combine_;
  double least_effect_;
  std::size_t most_choices_;
  std::span<const Residual> residuals_;
  std::vector<Choice> chosen_;
  std::vector<std::vector<Effect>> effects_;  // of the chosen, by measurement
  std::vector<double> current_;               // log-likelihoods with them
};

}  // namespace podbench
