// Hockney's model of one curve and of the pairs behind it.
#include <algorithm>
#include <cmath>

#include "analysis/fit/launch_lines.hpp"
#include "analysis/fit/model.hpp"
#include "analysis/statistics.hpp"

namespace podbench::fit {
namespace {

constexpr double poor_residual = 0.10;

// Both ends stay, so that no prediction goes beyond what was fitted.
std::vector<bool> held_out(std::size_t sizes, int every) {
  std::vector<bool> out(sizes, false);
  if (every < 2) return out;
  for (std::size_t i = 1; i + 1 < sizes; i += static_cast<std::size_t>(every)) out[i] = true;
  return out;
}

Points without(const Points& points, const std::vector<bool>& out) {
  Points kept;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (!out[i]) kept.push_back(points[i]);
  return kept;
}

// The figures of a line with intervals: from the launches' own lines, or where there is one launch only from
// the line's residuals.
struct Figures {
  Estimate start_ns, per_byte_ns;
};
Figures figures_of(const Line& line, const Points& points, std::uint64_t first_bytes,
                   std::uint64_t last_bytes, double noise) {
  std::vector<double> starts, slopes;
  for (const auto& [launch, own] : launch_lines(points, first_bytes, last_bytes, noise)) {
    starts.push_back(own.start_ns);
    slopes.push_back(own.per_byte_ns);
  }
  if (starts.size() >= 2) return {by_launches(line.start_ns, starts), by_launches(line.per_byte_ns, slopes)};
  std::vector<Sample> samples = samples_of(points);
  std::erase_if(samples, [&](const Sample& sample) {
    return sample.bytes < static_cast<double>(first_bytes) || sample.bytes > static_cast<double>(last_bytes);
  });
  const LineErrors errors = line_errors(line, samples, noise);
  const double freedom = static_cast<double>(samples.size()) - 2;
  return {by_error(line.start_ns, errors.start_ns, freedom),
          by_error(line.per_byte_ns, errors.per_byte_ns, freedom)};
}

FittedPoint fitted_point(const Point& point, double fitted_ns, bool out) {
  FittedPoint fitted{point.bytes, point.median_ns(), 0, 0, fitted_ns, out};
  const auto less = [](const auto& a, const auto& b) { return a.second < b.second; };
  const auto [least, most] = std::minmax_element(point.launches_ns.begin(), point.launches_ns.end(), less);
  fitted.lo_ns = least->second;
  fitted.hi_ns = most->second;
  return fitted;
}

void add_residuals(FittedCurve& fitted) {
  std::vector<double> kept, out;
  for (const FittedPoint& point : fitted.points) {
    const double size = std::abs(point.residual());
    (point.held_out ? out : kept).push_back(size);
    if (point.held_out || size < fitted.worst_residual) continue;
    fitted.worst_residual = size;
    fitted.worst_bytes = point.bytes;
  }
  fitted.median_residual = median(kept);
  fitted.held_out_error = median(out);
  if (fitted.too_few_sizes()) fitted.median_residual = fitted.worst_residual = Estimate::none;
}

// A pair has the switches of its case; it may be too little to find them in.
FittedPair fit_pair(std::pair<int, int> ranks, const Points& points, const FittedCurve& fitted) {
  FittedPair pair{ranks.first, ranks.second, points.size(), {}, {}};
  const double noise = noise_of(points);
  const auto figures = [&](const FittedPiece& piece) {
    std::vector<Sample> samples = samples_of(points);
    std::erase_if(samples, [&](const Sample& sample) {
      return sample.bytes < static_cast<double>(piece.first_bytes) ||
             sample.bytes > static_cast<double>(piece.last_bytes);
    });
    if (samples.size() < 2) return Figures{};
    return figures_of(fit_line(samples, noise), points, piece.first_bytes, piece.last_bytes, noise);
  };
  pair.start_ns = figures(fitted.pieces.front()).start_ns;
  pair.per_byte_ns = figures(fitted.pieces.back()).per_byte_ns;
  return pair;
}

}  // namespace

bool FittedCurve::too_few_sizes() const {
  const auto fitted =
      std::count_if(points.begin(), points.end(), [](const FittedPoint& point) { return !point.held_out; });
  return fitted < static_cast<std::ptrdiff_t>(least_piece_samples);
}

bool FittedCurve::poor() const {
  return median_residual > poor_residual;
}

double FittedCurve::predict_ns(double bytes) const {
  std::size_t piece = 0;
  while (piece < switches.size() && bytes > switches[piece].at_bytes) ++piece;
  return pieces[piece].start_ns.value + pieces[piece].per_byte_ns.value * bytes;
}

FittedCurve fit_curve(const Curve& curve, const Options& options) {
  const std::vector<bool> out = held_out(curve.points.size(), options.hold_out);
  const Points kept = without(curve.points, out);
  const std::vector<Sample> samples = samples_of(kept);
  const double noise = noise_of(kept);
  const std::vector<Piece> pieces = find_pieces(samples, {options.most_pieces, noise});

  FittedCurve fitted;
  fitted.curve = curve;
  fitted.launches = launches_of(kept).size();
  for (const Piece& piece : pieces) {
    const std::uint64_t first = kept[piece.first].bytes, last = kept[piece.last].bytes;
    const Figures figures = figures_of(piece.line, kept, first, last, noise);
    fitted.pieces.push_back({first, last, figures.start_ns, figures.per_byte_ns});
  }
  for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
    const double at = switch_bytes(samples, pieces[i], pieces[i + 1]);
    fitted.switches.push_back({kept[pieces[i].last].bytes, kept[pieces[i + 1].first].bytes, at,
                               pieces[i + 1].line.at(at) / pieces[i].line.at(at) - 1});
  }
  for (std::size_t i = 0; i < curve.points.size(); ++i) {
    const double fitted_ns = fitted.predict_ns(static_cast<double>(curve.points[i].bytes));
    fitted.points.push_back(fitted_point(curve.points[i], fitted_ns, out[i]));
  }
  add_residuals(fitted);
  for (const auto& [ranks, points] : curve.pairs) fitted.pairs.push_back(fit_pair(ranks, points, fitted));
  return fitted;
}

}  // namespace podbench::fit
