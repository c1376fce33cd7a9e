// Progress on standard error: a line for each finished case, with the time left on the run.
// Thread-safety: one thread. Only the lead has one.
#pragma once

#include <cstdint>
#include <string>

#include "results/record.hpp"

namespace podbench {

class Progress {
 public:
  // `done` of `planned` cases (0: nobody knows how many) are behind the run, which began at `began_utc_ns`.
  Progress(std::uint64_t done, std::uint64_t planned, std::int64_t began_utc_ns, bool quiet);

  void finished(const CaseRecord& record);
  // Anything else worth a line, such as a case that is left out.
  void note(const std::string& line) const;

 private:
  [[nodiscard]] std::string time_left() const;
  std::uint64_t done_, planned_;
  std::int64_t began_utc_ns_;
  bool quiet_;
};

// What a case came to, in a few words: "p50 3.21 us ±1.2%, p99 4.02 us" or "wrong data: rank 1, element 7
// ...".
[[nodiscard]] std::string outcome_in_words(const CaseRecord& record);

}  // namespace podbench
