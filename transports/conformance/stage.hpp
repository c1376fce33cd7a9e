// The stage on which a rank's tests play: its board, its endpoint and the helpers that every test uses.
// Thread-safety: one thread. Errors: an exception fails the test; every wait has a deadline.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "transports/conformance/board.hpp"
#include "transports/conformance/content.hpp"
#include "transports/registry.hpp"
#include "transports/transport.hpp"
#include "transports/wait.hpp"
#include "transports/wrap/node_rendezvous.hpp"
#include "transports/wrap/trace.hpp"

namespace podbench::conformance {

class Stage {
 public:
  Stage(Board& board, const std::string& spec);
  // Says farewell to the peers; only where no test has failed.
  void close();

  [[nodiscard]] Board& board() noexcept { return board_; }
  [[nodiscard]] Endpoint& endpoint() noexcept { return *endpoint_; }
  [[nodiscard]] int rank() const noexcept { return rank_; }
  [[nodiscard]] int size() const noexcept { return board_.ranks(); }
  [[nodiscard]] bool crowded() const noexcept { return crowded_; }  // more ranks than cores
  [[nodiscard]] int right() const noexcept { return (rank_ + 1) % size(); }
  [[nodiscard]] int left() const noexcept { return (rank_ + size() - 1) % size(); }

  // All ranks; the endpoint is kept in progress meanwhile.
  void fence();
  // A fence in two halves: says that this rank is here; whether all have said so.
  [[nodiscard]] std::uint64_t begin_step() noexcept { return rendezvous_.arrive(); }
  [[nodiscard]] bool all_began(std::uint64_t step) const noexcept { return rendezvous_.all_arrived(step); }
  [[nodiscard]] std::vector<Blob> exchange(std::span<const std::byte> mine);
  // Where an endpoint may be broken: says that this rank is done; stays until every rank has said so.
  void leave() noexcept { std::ignore = rendezvous_.arrive(); }
  void linger();
  void complete(Batch& batch);
  // prepare, post, complete.
  void run(std::span<const Transfer> transfers);
  void run(std::initializer_list<Transfer> transfers) { run(std::span(transfers.begin(), transfers.end())); }

 private:
  [[nodiscard]] std::unique_ptr<Endpoint> wrapped(std::unique_ptr<Endpoint> endpoint);
  void progress_until(const std::function<bool()>& done, const char* doing);

  Board& board_;
  int rank_;
  BoardRendezvous rendezvous_;
  NodeRendezvous half_;
  Registry registry_;
  Tally tally_;
  bool crowded_;
  std::unique_ptr<Endpoint> endpoint_;
  std::unique_ptr<Batch> nothing_;  // an empty batch, whose test() makes progress
  Waiter waiter_;                   // looks up now and then, to see whether another rank has failed
  int exchanges_ = 0;
};

// The process's stage; main() sets it up before the tests run.
[[nodiscard]] Stage& stage();
void set_stage(Stage* stage);

// No wait is longer. Sanitizers are slow, and so are nine ranks on two cores: far more than anything here
// takes.
inline constexpr std::chrono::seconds patience{60};

enum class Source { allocated, adopted };
void PrintTo(Source source, std::ostream* out);

// Memory with a margin before and behind each end, which must stay as it was.
class Buffer {
 public:
  Buffer(std::size_t bytes, Source source, std::size_t misaligned_by = 0);
  [[nodiscard]] std::byte* at(std::size_t offset = 0) const { return memory_->data() + shift_ + offset; }
  [[nodiscard]] std::span<std::byte> bytes(std::size_t offset, std::size_t count) const {
    return {at(offset), count};
  }
  [[nodiscard]] std::span<std::byte> all() const { return {at(), bytes_}; }
  [[nodiscard]] const Memory& memory() const { return *memory_; }
  [[nodiscard]] bool margins_are_intact() const;

  [[nodiscard]] Transfer send(int peer, std::uint16_t tag, std::size_t offset, std::size_t bytes) const;
  [[nodiscard]] Transfer receive(int peer, std::uint16_t tag, std::size_t offset, std::size_t bytes) const;

 private:
  static constexpr std::size_t margin = 64;
  std::size_t bytes_, shift_;
  std::vector<std::byte> own_;
  std::unique_ptr<Memory> memory_;
};

// Starts each test in step, and skips it where an earlier one has failed on any rank: what is still under
// way then would confuse it.
class ConformanceTest : public ::testing::Test {
 protected:
  void SetUp() override;
};
class SourceTest : public ConformanceTest, public ::testing::WithParamInterface<Source> {};
[[nodiscard]] std::string source_name(const ::testing::TestParamInfo<Source>& info);

// The sizes at which transports change their ways.
[[nodiscard]] std::vector<std::size_t> interesting_sizes();

}  // namespace podbench::conformance
