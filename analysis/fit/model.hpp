// The network model of a run: Hockney's alpha and beta by pieces for every curve, LogGP's parameters for
// every transport, both with 95% intervals, residuals, and predictions of sizes that were kept from the fit.
//
// LogGP: a message of n bytes takes o + L + (n - 1) G + o. A. Alexandrov, M. Ionescu, K. Schauser,
// C. Scheiman, "LogGP: incorporating long messages into the LogP model", SPAA 1995; LogP: D. Culler and
// others, PPoPP 1993. How each parameter is read off what was measured: loggp.hpp.
// Thread-safety: pure. Units: in the names; residuals and errors are ratios (0.05: 5%).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/fit/estimate.hpp"
#include "analysis/fit/measured.hpp"
#include "analysis/fit/pieces.hpp"

namespace podbench::fit {

struct Options {
  std::size_t most_pieces = 8;
  int hold_out = 0;  // every so manieth size between the ends is kept from the fit and predicted; 0: none
};

struct FittedPiece {
  std::uint64_t first_bytes = 0, last_bytes = 0;
  Estimate start_ns, per_byte_ns;
};

struct FittedPoint {
  std::uint64_t bytes = 0;
  double measured_ns = 0, lo_ns = 0, hi_ns = 0;  // lo and hi: least and greatest launch
  double fitted_ns = 0;
  bool held_out = false;
  // Measured over fitted, less 1: +0.05 took 5% longer than fitted.
  [[nodiscard]] double residual() const { return measured_ns / fitted_ns - 1; }
};

// Between these two neighbouring sizes another line begins.
struct Switch {
  std::uint64_t after_bytes = 0, before_bytes = 0;
  double at_bytes = 0;    // where predictions change over
  double step_ratio = 0;  // there: the later line over the earlier one, less 1
};

struct FittedPair {
  int from = 0, to = 0;
  std::size_t sizes = 0;
  Estimate start_ns, per_byte_ns;  // of the first piece, of the last
};

struct LogGp {
  Estimate latency_ns;               // L
  Estimate overhead_ns;              // o
  Estimate gap_ns;                   // g
  Estimate gap_per_byte_ns;          // G
  Estimate small_message_ns;         // L + 2 o
  std::vector<std::string> remarks;  // what they were read off, and what the file cannot tell and why
};

struct FittedCurve {
  Curve curve;
  std::size_t launches = 0;
  std::vector<FittedPoint> points;
  std::vector<FittedPiece> pieces;
  std::vector<Switch> switches;
  std::vector<FittedPair> pairs;
  double median_residual = 0, worst_residual = 0;  // of sizes, of fitted ones; NaN where nothing is left over
  std::uint64_t worst_bytes = 0;
  double held_out_error = Estimate::none;  // median over the sizes held out

  [[nodiscard]] bool too_few_sizes() const;
  [[nodiscard]] bool poor() const;  // the median residual is above 10%
  // What the pieces say of a size.
  [[nodiscard]] double predict_ns(double bytes) const;
  // Alpha: what a small message costs. Beta: what a byte of a long one costs.
  [[nodiscard]] const Estimate& start_ns() const { return pieces.front().start_ns; }
  [[nodiscard]] const Estimate& per_byte_ns() const { return pieces.back().per_byte_ns; }
};

// All that is known of one transport between the same ranks.
struct FittedTransport {
  CaseKey key;  // what its curves have in common: transport, datatype, ranks, nodes, cadence, buffers
  std::vector<FittedCurve> curves;
  std::optional<LogGp> loggp;              // where a message's time was measured
  [[nodiscard]] std::string name() const;  // "shm/float32/ranks:2"
};

struct FittedRun {
  std::string source;
  RunRecord run;
  std::vector<FittedTransport> transports;
  std::vector<std::string> notes;
  // The median of the errors of all sizes held out; NaN where none were.
  [[nodiscard]] double held_out_error() const;
};

// RequestError where the run has no case that says something of a message at two sizes.
[[nodiscard]] FittedRun fit_run(const Run& run, const std::string& source, const Options& options);

// One curve by itself.
[[nodiscard]] FittedCurve fit_curve(const Curve& curve, const Options& options);

}  // namespace podbench::fit
