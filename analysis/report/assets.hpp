// What every page carries inside: scripts, style sheet, licence. page/*.js and page/page.css as the build
// packed them (page_assets.cmake), and the plot library where the build found it.
// Thread-safety: constants.
#pragma once

#include <string_view>

namespace podbench::report {

struct Script {
  std::string_view text;        // what stands between <script> and </script>
  std::string_view sha256_hex;  // of the text, for the page's content security policy
};

struct Assets {
  Script plot_library;         // empty where the build had none
  std::string_view plot_name;  // "uPlot 1.6.32"
  std::string_view plot_licence;
  Script live, still;  // our scripts with and without charts that need the library
  Script style;        // the style sheet; the library's own is part of it
};

[[nodiscard]] const Assets& assets();

}  // namespace podbench::report
