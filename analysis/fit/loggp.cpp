#include "analysis/fit/loggp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "analysis/fit/launch_lines.hpp"
#include "analysis/statistics.hpp"
#include "base/datatype.hpp"

namespace podbench::fit {
namespace {

// A figure of all launches together and of each.
struct Figure {
  double value = Estimate::none;
  std::map<int, double> launches;
  [[nodiscard]] Estimate estimate() const {
    std::vector<double> own;
    for (const auto& [launch, figure] : launches) own.push_back(figure);
    return by_launches(value, own);
  }
};

template <typename Read>
Figure read_lines(const FittedCurve& fitted, const FittedPiece& piece, Read read) {
  const Line whole{piece.start_ns.value, piece.per_byte_ns.value};
  Figure figure{read(whole), {}};
  const Points& points = fitted.curve.points;
  for (const auto& [launch, line] :
       launch_lines(points, piece.first_bytes, piece.last_bytes, noise_of(points)))
    figure.launches[launch] = read(line);
  return figure;
}

// With one launch the piece's own interval is all there is.
Estimate or_of_piece(const Figure& figure, const Estimate& of_piece) {
  const Estimate estimate = figure.estimate();
  if (estimate.has_interval() || !of_piece.has_interval()) return estimate;
  return {figure.value, of_piece.lo + figure.value - of_piece.value,
          of_piece.hi + figure.value - of_piece.value};
}

double one_byte(const Line& line) {
  return line.at(1);
}

// A message's time: ping-pong needs no clocks but one; pairs are many at once.
const FittedCurve* message_curve(std::span<const FittedCurve> curves) {
  for (const std::string_view pattern : {"pingpong", "oneway", "pairs"})
    for (const FittedCurve& fitted : curves)
      if (fitted.curve.key.pattern == pattern) return &fitted;
  return nullptr;
}

const FittedCurve* sender_curve(std::span<const FittedCurve> curves) {
  for (const FittedCurve& fitted : curves)
    if (!fitted.curve.senders.empty()) return &fitted;
  return nullptr;
}

// All gap curves, fitted.
std::vector<FittedCurve> gap_curves(std::span<const FittedCurve> curves, const FittedCurve& message,
                                    const Options& options) {
  std::vector<FittedCurve> found;
  for (const FittedCurve& window : curves) {
    if (window.curve.measures != Measures::window || window.curve.window < 2) continue;
    Curve gap = window.curve;
    gap.points = gaps_of(window.curve, message);
    if (!gap.points.empty()) found.push_back(fit_curve(gap, {options.most_pieces, 0}));
  }
  return found;
}

// Senders' times at the smallest size: o, and what limits how it is understood.
void add_overhead(const FittedCurve* oneway, const Figure& small, LogGp& loggp) {
  if (oneway == nullptr) {
    loggp.remarks.emplace_back(
        "L and o cannot be told apart: only oneway cases that start by clock time a sender by itself");
    return;
  }
  const Point& smallest = oneway->curve.senders.front();
  const Figure overhead{smallest.median_ns(), smallest.launches_ns};
  if (!(2 * overhead.value < small.value)) {
    loggp.remarks.push_back(fmt::format(
        "L and o cannot be told apart: a send keeps its sender for {:.0f} ns, half of a message's "
        "time or more, so it waits for the receiver",
        overhead.value));
    return;
  }
  loggp.overhead_ns = overhead.estimate();
  Figure latency{small.value - 2 * overhead.value, {}};
  for (const auto& [launch, time_ns] : small.launches)
    if (const auto own = overhead.launches.find(launch); own != overhead.launches.end())
      latency.launches[launch] = time_ns - 2 * own->second;
  loggp.latency_ns = latency.estimate();
  loggp.remarks.emplace_back("o is the sender's, from oneway; the receiver's is taken to be the same");
}

void add_gap(const std::vector<FittedCurve>& gaps, const FittedCurve& message, LogGp& loggp) {
  if (gaps.empty()) {
    loggp.remarks.emplace_back("g is not known: bandwidth or message_rate cases would tell it");
    return;
  }
  const auto& smallest = *std::min_element(gaps.begin(), gaps.end(), [](const auto& a, const auto& b) {
    return a.points.front().bytes < b.points.front().bytes;
  });
  const std::uint64_t small_bytes = message.pieces.front().last_bytes;
  if (smallest.points.front().bytes > small_bytes) {
    loggp.remarks.push_back(fmt::format("g is not known: windows begin at {} B, beyond the first piece",
                                        smallest.points.front().bytes));
    return;
  }
  const FittedPiece& piece = smallest.pieces.front();
  loggp.gap_ns = or_of_piece(read_lines(smallest, piece, one_byte), piece.start_ns);
  loggp.remarks.push_back(fmt::format("g is from windows of {}", smallest.curve.window));
  if (loggp.overhead_ns.known() && loggp.overhead_ns.value > 0.9 * loggp.gap_ns.value)
    loggp.remarks.emplace_back("the sender's o sets the pace of the windows: g itself may be smaller");
}

void add_gap_per_byte(const std::vector<FittedCurve>& gaps, const FittedCurve& message, LogGp& loggp) {
  const auto largest = std::max_element(gaps.begin(), gaps.end(), [](const auto& a, const auto& b) {
    return a.points.back().bytes < b.points.back().bytes;
  });
  const bool by_windows = largest != gaps.end() && largest->points.size() >= least_piece_samples &&
                          2 * largest->points.back().bytes > message.points.back().bytes;
  const FittedCurve& from = by_windows ? *largest : message;
  if (from.points.size() < 2) {
    loggp.remarks.emplace_back("G is not known: it needs two sizes");
    return;
  }
  loggp.gap_per_byte_ns = from.per_byte_ns();
  loggp.remarks.push_back(by_windows
                              ? fmt::format("G is from windows of {}", from.curve.window)
                              : fmt::format("G is from {}: a message by itself, which no other one overlaps",
                                            from.curve.key.pattern));
}

}  // namespace

Points gaps_of(const Curve& window, const FittedCurve& message) {
  const auto type = parse_datatype(window.key.datatype);
  const double acknowledgement_bytes = type ? static_cast<double>(size_of(*type)) : 1;
  const FittedPiece& first = message.pieces.front();
  const double answer_ns = first.start_ns.value + first.per_byte_ns.value * acknowledgement_bytes;
  Points gaps;
  for (const Point& point : window.points) {
    if (point.bytes > message.points.back().bytes) continue;
    const auto same = std::find_if(message.curve.points.begin(), message.curve.points.end(),
                                   [&](const Point& own) { return own.bytes == point.bytes; });
    const bool measured = same != message.curve.points.end();
    const double usual_ns =
        measured ? same->median_ns() : message.predict_ns(static_cast<double>(point.bytes));
    Point gap{point.bytes, {}};
    for (const auto& [launch, share_ns] : point.launches_ns) {
      const bool together = measured && same->launches_ns.contains(launch);
      const double single_ns = together ? same->launches_ns.at(launch) : usual_ns;
      const double gap_ns = (share_ns * window.window - single_ns - answer_ns) / (window.window - 1);
      if (gap_ns > 0) gap.launches_ns[launch] = gap_ns;
    }
    if (!gap.launches_ns.empty()) gaps.push_back(std::move(gap));
  }
  return gaps;
}

std::optional<LogGp> fit_loggp(std::span<const FittedCurve> curves, const Options& options) {
  const FittedCurve* message = message_curve(curves);
  if (message == nullptr) return std::nullopt;
  LogGp loggp;
  const FittedPiece& first = message->pieces.front();
  const Figure small = read_lines(*message, first, one_byte);
  loggp.small_message_ns = or_of_piece(small, first.start_ns);
  const std::vector<FittedCurve> gaps = gap_curves(curves, *message, options);
  add_overhead(sender_curve(curves), small, loggp);
  add_gap(gaps, *message, loggp);
  add_gap_per_byte(gaps, *message, loggp);
  return loggp;
}

}  // namespace podbench::fit
