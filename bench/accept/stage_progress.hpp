// Progress of an acceptance on standard error, in words: "stage 3 of 7, pairs: launch 4 of 10, about 20 s
// left". Thread-safety: one thread. Only the lead has one.
#pragma once

#include <cstdint>
#include <string>

#include "analysis/accept/stages.hpp"

namespace podbench::accept {

// "about 20 s", "about 3 min", "less than 1 s".
[[nodiscard]] std::string about(std::int64_t ns);

class StageProgress {
 public:
  explicit StageProgress(bool quiet) : quiet_(quiet) {}

  void begin(Stage stage, std::size_t number, std::size_t stages);
  // `left_ns`: of this stage up to its next look.
  void launch(int done, int of, std::int64_t left_ns) const;
  void say(const std::string& words) const;

 private:
  bool quiet_;
  std::string head_;
};

}  // namespace podbench::accept
