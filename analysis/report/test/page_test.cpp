#include "analysis/report/page.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "analysis/report/assets.hpp"
#include "analysis/report/text.hpp"

namespace podbench::report {
namespace {

constexpr const char* hostile =
    "</script><script>alert(1)</script><img src=x onerror='a'>\"&\xe2\x80\xa8\xff\x01";

std::size_t occurrences(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

Chart small_chart(const std::string& label) {
  return {.title = label,
          .note = label,
          .x = {label, Unit::bytes, true},
          .y = {label, Unit::time_ns, true},
          .curves = {{.label = label,
                      .x = {8, 64},
                      .y = {100, 200},
                      .lo = {90, 190},
                      .hi = {110, 230},
                      .notes = {label, ""}}},
          .marks = {{.x = 16, .label = label}}};
}

Page whole_page(const std::string& text, Drawing drawing) {
  Page page(text, text, drawing);
  page.verdict(text, Tone::bad);
  page.section(text, text);
  page.paragraph(text);
  page.add(small_chart(text));
  page.add(HeatMap{.title = text, .note = text, .rows = {text}, .columns = {text}, .values = {1}});
  page.add(Table{.title = text, .note = text, .headings = {text}, .rows = {{{.text = text}}}});
  return page;
}

TEST(HtmlText, HoldsNoMarkup) {
  const std::string text = html_text(hostile);
  EXPECT_EQ(text.find_first_of("<>\"'"), std::string::npos);
  EXPECT_EQ(html_text("a & b"), "a &amp; b");
  EXPECT_NE(text.find("\xef\xbf\xbd"), std::string::npos) << "what is not UTF-8 is replaced";
  EXPECT_EQ(text.find('\x01'), std::string::npos);
}

TEST(ScriptJson, ReadsBackAndEndsNoScript) {
  const nlohmann::ordered_json document = {{"label", "</script><!--&\xe2\x80\xa8\xe2\x80\xa9"}};
  const std::string text = script_json(document);
  EXPECT_EQ(text.find_first_of("<>&"), std::string::npos);
  EXPECT_EQ(text.find("\xe2\x80"), std::string::npos);
  EXPECT_EQ(nlohmann::ordered_json::parse(text), document);
}

TEST(ScriptJson, ShortensNumbers) {
  EXPECT_EQ(short_numbers(std::vector<double>{1.0 / 3, 64, std::nan(""), 1e-9}).dump(),
            "[0.3333333,64,null,1e-09]");
}

TEST(Base64, IsRfc4648s) {
  const auto encoded = [](const std::string& text) { return base64(std::as_bytes(std::span(text))); };
  EXPECT_EQ(encoded(""), "");
  EXPECT_EQ(encoded("f"), "Zg==");
  EXPECT_EQ(encoded("fo"), "Zm8=");
  EXPECT_EQ(encoded("foo"), "Zm9v");
  EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
}

TEST(Page, NothingThatItIsToldBecomesMarkup) {
  for (const Drawing drawing : {Drawing::live, Drawing::still}) {
    const std::string plain = whole_page("plain", drawing).html(),
                      attacked = whole_page(hostile, drawing).html();
    for (const char* tag : {"<script", "</script", "<img", "<td", "<button"})
      EXPECT_EQ(occurrences(attacked, tag), occurrences(plain, tag)) << tag;
  }
}

TEST(Page, LoadsNothing) {
  for (const Drawing drawing : {Drawing::live, Drawing::still}) {
    const std::string html = whole_page("plain", drawing).html();
    EXPECT_NE(html.find("default-src 'none'"), std::string::npos);
    for (const char* load : {" src=", "@import", "url(", "<link", "fetch(", "XMLHttpRequest"})
      EXPECT_EQ(occurrences(html, load), 0U) << load;
  }
}

TEST(Page, HasASectionAndAnEntryForEachHeading) {
  Page page("title");
  page.section("First");
  page.section("Second");
  const std::string html = page.html();
  EXPECT_EQ(occurrences(html, "<section"), 2U);
  EXPECT_EQ(occurrences(html, "</section>"), 2U);
  EXPECT_EQ(occurrences(html, "<a href=\"#s"), 2U);
}

TEST(Page, StillChartsAreSvgWithTheirValues) {
  const std::string html = whole_page("plain", Drawing::still).html();
  EXPECT_NE(html.find("<svg class=\"plot\""), std::string::npos);
  EXPECT_NE(html.find("<title>plain\n64 B: 200 ns (190 ns to 230 ns)</title>"), std::string::npos);
  EXPECT_EQ(occurrences(html, "class=band"), 1U);
}

TEST(Page, SaysWhereThereIsNothingToDraw) {
  for (const std::vector<double>& y : {std::vector<double>{std::nan(""), 0}, std::vector<double>{}}) {
    Page page("title", "", Drawing::still);
    page.add(Chart{.title = "t",
                   .x = {},
                   .y = {"", Unit::time_ns, true},
                   .curves = {{.label = "c", .x = {1, 2}, .y = y}}});
    EXPECT_NE(page.html().find("Nothing to draw"), std::string::npos);
  }
}

TEST(Page, WithoutTheLibraryALivePageIsStill) {
  if (!assets().plot_library.text.empty()) GTEST_SKIP() << "this build has " << assets().plot_name;
  EXPECT_EQ(whole_page("plain", Drawing::live).html(), whole_page("plain", Drawing::still).html());
}

TEST(Styles, ALabelLooksTheSameInEveryChartAndLikeNoNeighbour) {
  Styles palette;
  const auto first = palette.of({"ring", "tree"}), second = palette.of({"tree", "new"});
  EXPECT_EQ(second[0], first[1]);
  EXPECT_NE(second[1], second[0]);
  std::vector<std::string> many;
  for (int i = 0; i < style_count; ++i) many.push_back(fmt::format("curve {}", i));
  const auto all = palette.of(many);
  EXPECT_EQ(std::set<int>(all.begin(), all.end()).size(), static_cast<std::size_t>(style_count));
  EXPECT_EQ(palette.of(std::vector<std::string>(70, "same")).size(), 70U);
}

}  // namespace
}  // namespace podbench::report
