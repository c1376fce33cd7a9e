#include "analysis/report/page.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "analysis/report/assets.hpp"
#include "analysis/report/parts.hpp"
#include "analysis/report/text.hpp"

namespace podbench::report {
namespace {

std::string_view class_of(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "good";
    case Tone::warning:
      return "warning";
    case Tone::bad:
      return "bad";
  }
  return "";
}

// A source of a content security policy: only a script or style sheet of exactly this hash is taken.
std::string policy_source(const Script& script) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i + 1 < script.sha256_hex.size(); i += 2) {
    unsigned byte = 0;
    std::from_chars(script.sha256_hex.data() + i, script.sha256_hex.data() + i + 2, byte, 16);
    bytes.push_back(static_cast<std::byte>(byte));
  }
  return fmt::format("'sha256-{}'", base64(bytes));
}

std::string script_element(const Script& script) {
  return fmt::format("<script>{}</script>\n", script.text);
}

std::string licence_note() {
  const Assets& packed = assets();
  return fmt::format("<details><summary>Charts by {} (MIT licence)</summary><pre>{}</pre></details>",
                     packed.plot_name, html_text(packed.plot_licence));
}

}  // namespace

std::string caption(const std::string& title) {
  return title.empty() ? "" : "<figcaption>" + html_text(title) + "</figcaption>";
}

std::string note_below(const std::string& note) {
  return note.empty() ? "" : "<p class=\"note\">" + html_text(note) + "</p>";
}

Page::Page(std::string title, std::string subtitle, Drawing drawing)
    : title_(std::move(title)), subtitle_(std::move(subtitle)), drawing_(drawing) {}

bool Page::live() const {
  return drawing_ == Drawing::live && !assets().plot_library.text.empty();
}

void Page::section(const std::string& heading, const std::string& intro) {
  headings_.push_back(heading);
  const std::size_t number = headings_.size();
  blocks_.push_back(
      {Kind::section, fmt::format("<section id=\"s{0}\" aria-labelledby=\"h{0}\"><h2 id=\"h{0}\">{1}</h2>\n",
                                  number, html_text(heading))});
  if (!intro.empty()) paragraph(intro);
}

void Page::paragraph(const std::string& text) {
  blocks_.push_back({Kind::other, "<p>" + html_text(text) + "</p>\n"});
}

void Page::verdict(const std::string& text, Tone tone) {
  verdict_ = fmt::format("<p class=\"verdict {}\" role=\"status\">{}</p>\n", class_of(tone), html_text(text));
}

void Page::add(Chart chart) {
  std::vector<std::string> labels;
  for (const Curve& curve : chart.curves) labels.push_back(curve.label);
  const std::vector<int> chosen = styles_.of(labels);
  blocks_.push_back({Kind::chart, live() ? live_chart(chart, chosen) : still_chart(chart, chosen)});
}

void Page::add(HeatMap map) {
  blocks_.push_back({Kind::other, heat_map(map)});
}

void Page::add(Table table) {
  blocks_.push_back({Kind::other, sortable_table(table)});
}

void Page::add(const Samples& samples) {
  blocks_.push_back({Kind::other, live() ? live_samples(samples) : still_samples(samples)});
}

std::string Page::head() const {
  const Assets& packed = assets();
  std::string scripts = policy_source(live() ? packed.live : packed.still);
  if (live()) scripts += " " + policy_source(packed.plot_library);
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src {}; style-src "
      "{}; "
      "base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n<style>{}</style>\n</head>\n",
      scripts, policy_source(packed.style), html_text(title_), packed.style.text);
}

std::string Page::contents() const {
  if (headings_.size() < 2) return "";
  std::string html = "<nav aria-label=\"Contents\"><ol>";
  for (std::size_t i = 0; i < headings_.size(); ++i)
    html += fmt::format("<li><a href=\"#s{}\">{}</a>", i + 1, html_text(headings_[i]));
  return html + "</ol></nav>\n";
}

// Charts that follow each other stand side by side where there is room.
std::string Page::body() const {
  std::string html;
  bool in_section = false, in_charts = false;
  for (const Block& block : blocks_) {
    if (in_charts && block.kind != Kind::chart) html += "</div>\n";
    if (!in_charts && block.kind == Kind::chart) html += "<div class=\"charts\">\n";
    in_charts = block.kind == Kind::chart;
    if (block.kind == Kind::section) {
      if (in_section) html += "</section>\n";
      in_section = true;
    }
    html += block.html;
  }
  return html + (in_charts ? "</div>\n" : "") + (in_section ? "</section>\n" : "");
}

std::string Page::html() const {
  const Assets& packed = assets();
  std::string html = head() + "<body>\n<header><h1>" + html_text(title_) + "</h1>";
  if (!subtitle_.empty()) html += "<p class=\"subtitle\">" + html_text(subtitle_) + "</p>";
  html += "</header>\n" + verdict_ + contents() + "<main>\n" + body() +
          "</main>\n<footer><p>Made by podbench.</p>";
  if (live()) html += licence_note();
  html += "</footer>\n";
  if (live()) html += script_element(packed.plot_library);
  return html + script_element(live() ? packed.live : packed.still) + "</body>\n</html>\n";
}

}  // namespace podbench::report
