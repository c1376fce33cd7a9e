#include "bench/telemetry/file_source.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

namespace podbench {
namespace {

class FileSource final : public Source {
 public:
  FileSource(NumberFile file, SensorQuantity quantity, Conversion conversion)
      : Source({std::move(quantity)}), file_(std::move(file)), conversion_(conversion) {}

  void read(std::span<Reading> into) override {
    Reading& reading = into.front();
    reading = file_.read();
    if (std::isnan(reading.value)) return;
    const double raw = reading.value;
    if (conversion_.range > 0 && latest_ && raw < *latest_) turns_ += 1;
    latest_ = raw;
    reading.value = (raw + turns_ * conversion_.range) * conversion_.factor;
  }

 private:
  NumberFile file_;
  Conversion conversion_;
  std::optional<double> latest_;
  double turns_ = 0;
};

}  // namespace

void add_file(const SystemRoot& root, const std::string& path, SensorQuantity quantity, Sources& sources,
              Conversion conversion) {
  NumberFile file(root.path(path));
  if (!file.read().ended.empty()) return;
  sources.push_back(std::make_unique<FileSource>(std::move(file), std::move(quantity), conversion));
}

double limit_in(const SystemRoot& root, const std::string& path, double factor) {
  const std::optional<std::string> line = root.line(path);
  return line ? number_in(*line) * factor : Reading{}.value;
}

std::string name_part(std::string_view text) {
  std::string part(text.substr(0, 64));
  std::transform(part.begin(), part.end(), part.begin(), [](unsigned char c) {
    return std::isalnum(c) || c == '-' || c == '_' ? static_cast<char>(std::tolower(c)) : '_';
  });
  return part;
}

}  // namespace podbench
