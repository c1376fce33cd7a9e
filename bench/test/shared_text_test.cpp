#include "bench/shared_text.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace podbench {
namespace {

// One rank that only keeps what is published.
class Shelf : public Rendezvous {
 public:
  [[nodiscard]] int rank() const noexcept override { return 0; }
  [[nodiscard]] int size() const noexcept override { return 1; }
  void publish(std::string_view key, std::span<const std::byte> value) override {
    values[std::string(key)] = Blob(value.begin(), value.end());
  }
  void fence(Deadline) override {}
  [[nodiscard]] Blob lookup(int, std::string_view key, Deadline) override {
    const auto found = values.find(std::string(key));
    if (found == values.end()) throw RunError("no such key");
    return found->second;
  }
  [[nodiscard]] const std::string& host(int) const override { return text_; }
  [[nodiscard]] int node(int) const override { return 0; }
  [[nodiscard]] const std::string& address() const noexcept override { return text_; }
  [[nodiscard]] const std::string& launch_id() const noexcept override { return text_; }
  [[noreturn]] void abort(int, std::string_view) noexcept override { std::abort(); }
  [[noreturn]] void report_stall(std::span<const int>, std::string_view) noexcept override { std::abort(); }

  std::map<std::string, Blob> values;

 private:
  std::string text_ = "here";
};

TEST(SharedText, ComesBackWhatever) {
  const Deadline soon = Deadline::after(std::chrono::seconds(1));
  for (const std::size_t size : {0u, 1u, 49'151u, 49'152u, 49'153u, 200'000u}) {
    Shelf shelf;
    std::string text(size, 'x');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i * i % 23);
    publish_text(shelf, "t", text);
    for (const auto& [key, value] : shelf.values) EXPECT_LE(value.size(), 64u << 10);
    EXPECT_EQ(lookup_text(shelf, 0, "t", soon), text);
  }
}

TEST(SharedText, DoesNotBelieveLengths) {
  const Deadline soon = Deadline::after(std::chrono::seconds(1));
  const auto blob = [](std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    return Blob(bytes.begin(), bytes.end());
  };
  for (const char* length : {"", "x", "-1", "99999999999999999999", "5", "2 "}) {
    Shelf shelf;
    shelf.values["t"] = blob(length);
    shelf.values["t.0"] = blob("abcdefgh");
    EXPECT_THROW((void)lookup_text(shelf, 0, "t", soon), RunError) << length;
  }
}

}  // namespace
}  // namespace podbench
