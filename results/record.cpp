#include "results/record.hpp"

#include <array>

#include "base/quantity.hpp"

namespace podbench {
namespace {

constexpr std::array<std::string_view, 6> status_names = {"good",       "not converged", "contended",
                                                          "wrong data", "skipped",       "failed"};

// 64-bit FNV-1a (Fowler, Noll, Vo). Every field is closed by a zero byte, so that "ab" + "c" and "a" + "bc"
// differ.
class Fnv1a {
 public:
  Fnv1a& add(std::string_view text) {
    for (const char c : text) mix(static_cast<unsigned char>(c));
    mix(0);
    return *this;
  }
  Fnv1a& add(std::uint64_t value) {
    for (int shift = 0; shift < 64; shift += 8) mix(static_cast<unsigned char>(value >> shift));
    return *this;
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  void mix(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3ULL; }
  std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

}  // namespace

std::string CaseKey::name() const {
  std::string name = pattern + "/" + algorithm + "/" + transport;
  if (!datatype.empty()) name += "/" + datatype;
  name += "/" + format_bytes(bytes) + "/ranks:" + std::to_string(ranks);
  if (nodes > 1) name += "/nodes:" + std::to_string(nodes);
  if (!op.empty() && op != "sum") name += "/" + op;
  if (cadence != "isolated") name += "/" + cadence;
  if (buffers != "transport") name += "/" + buffers;
  for (const auto& [option, value] : options) name += "/" + option + ":" + value;
  return name;
}

std::uint64_t CaseKey::series_id() const {
  Fnv1a hash;
  hash.add(transport).add(pattern).add(algorithm).add(datatype).add(op);
  hash.add(bytes).add(static_cast<std::uint64_t>(ranks)).add(static_cast<std::uint64_t>(nodes));
  hash.add(cadence).add(sync).add(buffers);
  for (const auto& [option, value] : options) hash.add(option).add(value);
  return hash.value();
}

void CaseRecord::remark(const std::string& words) {
  if (!note.empty()) note += "; ";
  note += words;
}

std::string_view name_of(CaseStatus status) {
  return status_names[static_cast<std::size_t>(status)];
}

}  // namespace podbench
