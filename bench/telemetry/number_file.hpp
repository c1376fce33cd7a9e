// A file of one number that is read many times: opened once, read from its beginning each time. A process
// keeps only a share of its descriptors for that; files beyond it are opened each time.
// Thread-safety: one thread. Errors: none; what cannot be read is in the answer.
#pragma once

#include <string>
#include <string_view>

#include "bench/telemetry/source.hpp"

namespace podbench {

class NumberFile {
 public:
  explicit NumberFile(std::string path);
  NumberFile(NumberFile&& other) noexcept;
  NumberFile& operator=(NumberFile&&) = delete;
  ~NumberFile();
  // The number as it stands in the file. What a device cannot tell at the moment is nothing now; a file that
  // cannot be read otherwise or holds anything else has ended.
  [[nodiscard]] Reading read() const;

  // The most files that are kept open, whatever the process may open.
  static constexpr int most_kept_open = 512;

 private:
  std::string path_;
  int file_ = -1;  // −1: not kept open
};

// The decimal number that the text is, blanks around it aside; NaN where it is none.
[[nodiscard]] double number_in(std::string_view text);

}  // namespace podbench
