// A fit on a terminal: a block a transport, a table of pieces a curve.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/fit/present.hpp"
#include "analysis/text_table.hpp"
#include "base/quantity.hpp"

namespace podbench::fit {
namespace {

constexpr std::size_t most_pairs_shown = 5;

std::string time_text(const Estimate& ns) {
  if (!ns.known()) return "-";
  const std::string value = format_duration_ns(ns.value);
  if (!ns.has_interval()) return value;
  return fmt::format("{} ({} .. {})", value, format_duration_ns(ns.lo), format_duration_ns(ns.hi));
}

std::string rate_text(const Estimate& per_byte_ns) {
  const Estimate rate = inverse(per_byte_ns);
  if (!rate.known()) return "-";
  const auto text = [](double bytes_per_ns) { return format_rate_gbps(bytes_per_ns * 1e9); };
  if (!rate.has_interval()) return text(rate.value);
  return fmt::format("{} ({} .. {})", text(rate.value), text(rate.lo), text(rate.hi));
}

std::string per_byte_text(const Estimate& ns) {
  return ns.known() ? fmt::format("{:.3g} ns", ns.value) : "-";
}

std::string pieces_table(const FittedCurve& fitted, const TextStyle& style) {
  std::vector<TextColumn> columns = {{"  from", true, 0, {}},
                                     {"to", true, 0, {}},
                                     {"start-up alpha (95%)", true, 0, {}},
                                     {"a byte, beta", true, 1, {}},
                                     {"1/beta (95%)", true, 0, {}}};
  for (const FittedPiece& piece : fitted.pieces) {
    const std::vector<std::string> cells = {"  " + format_bytes(piece.first_bytes),
                                            format_bytes(piece.last_bytes), time_text(piece.start_ns),
                                            per_byte_text(piece.per_byte_ns), rate_text(piece.per_byte_ns)};
    for (std::size_t i = 0; i < cells.size(); ++i) columns[i].cells.push_back({cells[i], Tone::plain});
  }
  return render(std::move(columns), style.colour, style.width_columns);
}

// Words in lines that fit, each begun by `indent` blanks.
std::string wrapped(const std::string& head, const std::vector<std::string>& words, int width_columns) {
  const std::size_t width = width_columns > 40 ? static_cast<std::size_t>(width_columns) : 110;
  std::string text = head, indent(head.size(), ' ');
  std::size_t used = head.size();
  for (const std::string& word : words) {
    if (used > head.size() && used + word.size() + 2 > width) {
      text += "\n" + indent;
      used = head.size();
    }
    text += (used == head.size() ? "" : "  ") + word;
    used += word.size() + 2;
  }
  return text + "\n";
}

std::string residuals(const FittedCurve& fitted, int width_columns) {
  std::vector<std::string> words;
  for (const FittedPoint& point : fitted.points)
    words.push_back(fmt::format("{} {:+.1f}%{}", format_bytes(point.bytes), 100 * point.residual(),
                                point.held_out ? " (held out)" : ""));
  return wrapped("  residuals: ", words, width_columns);
}

// Bandwidth counts where it is known; a slow pair has a great start-up or a great time a byte.
std::string pairs_lines(const FittedCurve& fitted) {
  if (fitted.pairs.size() < 2) return "";
  std::vector<const FittedPair*> order;
  for (const FittedPair& pair : fitted.pairs) order.push_back(&pair);
  const auto lines = [&](const char* what, auto value, auto text) {
    std::erase_if(order, [&](const FittedPair* pair) { return !value(*pair).known(); });
    if (order.empty()) return std::string();
    std::stable_sort(order.begin(), order.end(),
                     [&](const auto* a, const auto* b) { return value(*a).value > value(*b).value; });
    std::string line = fmt::format("  {} of {} pairs, worst first:", what, order.size());
    for (std::size_t i = 0; i < std::min(order.size(), most_pairs_shown); ++i)
      line += fmt::format("{} {} {}", i == 0 ? "" : ",", pair_name(fitted.curve, *order[i]),
                          text(value(*order[i])));
    if (order.size() > most_pairs_shown) line += fmt::format(" .. {}", text(value(*order.back())));
    return line + "\n";
  };
  const auto plain_time = [](const Estimate& ns) { return format_duration_ns(ns.value); };
  const auto plain_rate = [](const Estimate& ns) {
    return ns.value > 0 ? format_rate_gbps(1e9 / ns.value) : std::string("-");
  };
  return lines(
             "alpha", [](const FittedPair& pair) { return pair.start_ns; }, plain_time) +
         lines(
             "1/beta", [](const FittedPair& pair) { return pair.per_byte_ns; }, plain_rate);
}

std::string curve_text(const FittedCurve& fitted, const TextStyle& style) {
  const bool doubtful = fitted.too_few_sizes() || fitted.poor();
  std::string head = fitted.curve.name();
  if (!fitted.curve.between.empty()) head += ", " + fitted.curve.between;
  if (fitted.curve.measures == Measures::window)
    head += fmt::format(", a message's share of a window of {}", fitted.curve.window);
  const std::string verdict = verdict_of(fitted);
  head = printable(head) + ": " + (style.colour && doubtful ? "\033[33m" + verdict + "\033[0m" : verdict);
  std::string text = head + " (" + evidence_of(fitted) + ")\n" + pieces_table(fitted, style);
  for (const Switch& change : fitted.switches) text += "  switch " + words_of(change) + "\n";
  return text + residuals(fitted, style.width_columns) + pairs_lines(fitted);
}

std::string loggp_text(const FittedTransport& transport, int width_columns) {
  const LogGp& loggp = *transport.loggp;
  std::vector<std::string> words;
  const auto add = [&](const char* name, const Estimate& estimate, const std::string& text) {
    words.push_back(fmt::format("{} {}", name, estimate.known() ? text : "not known"));
  };
  add("L", loggp.latency_ns, time_text(loggp.latency_ns));
  add("o", loggp.overhead_ns, time_text(loggp.overhead_ns));
  add("L+2o", loggp.small_message_ns, time_text(loggp.small_message_ns));
  add("g", loggp.gap_ns, time_text(loggp.gap_ns));
  add("G", loggp.gap_per_byte_ns,
      per_byte_text(loggp.gap_per_byte_ns) + ", 1/G " + rate_text(loggp.gap_per_byte_ns));
  std::string text =
      fmt::format("LogGP of {}\n", printable(transport.name())) + wrapped("  ", words, width_columns);
  for (const std::string& remark : loggp.remarks) text += "  " + remark + "\n";
  return text;
}

}  // namespace

std::string fit_text(std::span<const FittedRun> runs, const TextStyle& style) {
  std::string text;
  for (const FittedRun& run : runs) {
    if (runs.size() > 1) text += (text.empty() ? "== " : "\n== ") + printable(run.source) + "\n";
    for (const FittedTransport& transport : run.transports) {
      for (const FittedCurve& fitted : transport.curves)
        text += (text.empty() ? "" : "\n") + curve_text(fitted, style);
      if (transport.loggp) text += "\n" + loggp_text(transport, style.width_columns);
    }
    for (const std::string& note : run.notes) text += "note: " + printable(note) + "\n";
    if (const double error = run.held_out_error(); std::isfinite(error))
      text += fmt::format("sizes held out are predicted with a median error of {:.1f}%\n", 100 * error);
  }
  return text;
}

}  // namespace podbench::fit
