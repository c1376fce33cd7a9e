#include "bench/accept/stage_progress.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace podbench::accept {

std::string about(std::int64_t ns) {
  const std::int64_t seconds = (ns + 500'000'000) / 1'000'000'000;
  if (seconds < 1) return "less than 1 s";
  if (seconds < 120) return fmt::format("about {} s", seconds);
  if (seconds < 7'200) return fmt::format("about {} min", (seconds + 30) / 60);
  return fmt::format("about {:.1f} h", static_cast<double>(seconds) / 3'600);
}

void StageProgress::begin(Stage stage, std::size_t number, std::size_t stages) {
  head_ = fmt::format("stage {} of {}, {}", number, stages, name_of(stage));
}

void StageProgress::launch(int done, int of, std::int64_t left_ns) const {
  if (!quiet_) fmt::print(stderr, "{}: launch {} of {}, {} left\n", head_, done, of, about(left_ns));
}

void StageProgress::say(const std::string& words) const {
  if (!quiet_) fmt::print(stderr, "{}: {}\n", head_, words);
}

}  // namespace podbench::accept
