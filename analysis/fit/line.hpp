// A straight line through message times: R. Hockney's model of a message, start-up plus bytes over bandwidth
// ("The communication challenge for MPP: Intel Paragon and Meiko CS-2", Parallel Computing 20(3), 1994).
//
// Times span decades, so errors are relative: a point weighs 1 / (the line there)², which is the score of a
// variance that grows with the square of the mean (R. Wedderburn, "Quasi-likelihood functions, generalized
// linear models, and the Gauss-Newton method", Biometrika 61(3), 1974). Outliers count with Huber's weight
// (P. Huber, "Robust estimation of a location parameter", Ann. Math. Stat. 35(1), 1964), both by iteratively
// reweighted least squares (P. Holland, R. Welsch, Communications in Statistics A6(9), 1977).
// Thread-safety: pure. Units: in the names; `noise` is relative (0.02: 2%).
#pragma once

#include <span>

namespace podbench::fit {

struct Sample {
  double bytes = 0, time_ns = 0;  // time above 0
};

struct Line {
  double start_ns = 0;     // alpha; of a line that begins above 0 bytes only where it would begin
  double per_byte_ns = 0;  // beta; never below 0
  [[nodiscard]] double at(double bytes) const { return start_ns + per_byte_ns * bytes; }
};

// The line of at least one sample; level where all have one size or larger ones are faster. A residual of up
// to 1.345 times `noise` counts in full.
[[nodiscard]] Line fit_line(std::span<const Sample> samples, double noise);

// ln(time / line): +0.05 is a message that took 5% longer than the line says. Where the line is not above 0
// there is no logarithm; it counts as e² off.
[[nodiscard]] double residual(const Line& line, const Sample& sample);

// Huber's loss of the residuals: their squares where they are small, growing straight where they are not.
[[nodiscard]] double loss(const Line& line, std::span<const Sample> samples, double noise);

// Standard errors of a line's two figures from its own residuals (P. Huber, "Robust regression", Annals of
// Statistics 1(5), 1973, eq. 6.5 without its correction for small samples); NaN below three samples.
struct LineErrors {
  double start_ns, per_byte_ns;
};
[[nodiscard]] LineErrors line_errors(const Line& line, std::span<const Sample> samples, double noise);

}  // namespace podbench::fit
