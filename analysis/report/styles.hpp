// Which curve looks how: the same label looks the same in all charts of a page, and no two curves of a chart
// look alike as long as the styles last. A style is a colour of the page's palette and a dash pattern; the
// palette is in page/page.css, chosen to stay apart in both themes and for colour-blind readers.
// Thread-safety: one thread.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace podbench::report {

inline constexpr int colours = 8;
inline constexpr int dashes = 4;
inline constexpr int style_count = colours * dashes;

class Styles {
 public:
  // A style a label, in order: its colour is style % colours, its dash style / colours.
  [[nodiscard]] std::vector<int> of(const std::vector<std::string>& labels);

 private:
  std::map<std::string, int> known_;
};

}  // namespace podbench::report
