#include "transports/conformance/stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <thread>

#include "base/error.hpp"
#include "transports/cores.hpp"
#include "transports/wrap/fault.hpp"
#include "transports/wrap/near.hpp"

namespace podbench::conformance {
namespace {

Stage* the_stage = nullptr;

constexpr std::uint64_t margin_seed = 0x6d617267696e;

// As if even and odd ranks were on two nodes.
std::vector<int> ranks_of_own_half(const Rendezvous& rendezvous) {
  std::vector<int> ranks;
  for (int rank = rendezvous.rank() % 2; rank < rendezvous.size(); rank += 2) ranks.push_back(rank);
  return ranks;
}

}  // namespace

// The wrappers are proved like a transport: $PODBENCH_CONFORMANCE_WRAP is `trace`, `near` (shared memory
// between ranks of the same half) or a fault specification.
std::unique_ptr<Endpoint> Stage::wrapped(std::unique_ptr<Endpoint> endpoint) {
  const char* wrapper = std::getenv("PODBENCH_CONFORMANCE_WRAP");
  if (wrapper == nullptr) return endpoint;
  if (std::string_view(wrapper) == "near")
    return with_near(std::move(endpoint),
                     registry_.open("shm", {"", Deadline::after(patience), crowded_}, half_), half_);
  if (std::string_view(wrapper) == "trace") return wrap_with_trace(std::move(endpoint), tally_);
  return wrap_with_faults(std::move(endpoint), parse_faults(wrapper));
}

Stage& stage() {
  return *the_stage;
}
void set_stage(Stage* stage) {
  the_stage = stage;
}

Stage::Stage(Board& board, const std::string& spec)
    : board_(board),
      rank_(board.join()),
      rendezvous_(board, rank_),
      half_(rendezvous_, ranks_of_own_half(rendezvous_)),
      crowded_(board.ranks() > usable_cores()),
      waiter_(crowded_, std::chrono::milliseconds(500)) {
  rendezvous_.fence(Deadline::after(patience));
  endpoint_ = wrapped(registry_.open(spec, {"", Deadline::after(patience), crowded_}, rendezvous_));
  if (endpoint_->rank() != rank_ || endpoint_->size() != size())
    throw RunError(fmt::format("rank {} of {} got an endpoint that says it is rank {} of {}", rank_, size(),
                               endpoint_->rank(), endpoint_->size()));
  nothing_ = endpoint_->prepare({});
  nothing_->post();
}

void Stage::close() {
  nothing_.reset();
  endpoint_->close(Deadline::after(patience));
  endpoint_.reset();
}

void Stage::progress_until(const std::function<bool()>& done, const char* doing) {
  const Deadline deadline = Deadline::after(patience);
  while (!done()) {
    if (!nothing_->test()) throw RunError("an empty batch is not complete");
    if (board_.any_failed()) throw RunError(fmt::format("another rank has failed while {}", doing));
    if (deadline.passed()) throw RunError(fmt::format("not done after {} s: {}", patience.count(), doing));
    endpoint_->block(std::chrono::microseconds(100));
  }
}

void Stage::fence() {
  const std::uint64_t mine = rendezvous_.arrive();
  progress_until([&] { return rendezvous_.all_arrived(mine); }, "waiting for the other ranks");
}

void Stage::linger() {
  const std::uint64_t mine = rendezvous_.arrive();
  const Deadline deadline = Deadline::after(patience);
  while (!rendezvous_.all_arrived(mine) && !deadline.passed()) {
    try {
      std::ignore = nothing_->test();
    } catch (const RunError&) {  // of the broken message; it is the receiver's to judge
    }
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
}

std::vector<Blob> Stage::exchange(std::span<const std::byte> mine) {
  const std::string key = fmt::format("exchange-{}", exchanges_++);
  rendezvous_.publish(key, mine);
  fence();
  std::vector<Blob> all;
  for (int rank = 0; rank < size(); ++rank)
    all.push_back(rendezvous_.lookup(rank, key, Deadline::after(patience)));
  return all;
}

void Stage::complete(Batch& batch) {
  const Deadline deadline = Deadline::after(patience);
  while (!waiter_.wait(batch, *endpoint_)) {
    if (board_.any_failed()) throw RunError("another rank has failed before a batch was complete");
    if (deadline.passed())
      throw RunError(fmt::format("a batch is not complete after {} s", patience.count()));
  }
  if (!batch.test()) throw RunError("a complete batch says that it is not when asked again");
}

void Stage::run(std::span<const Transfer> transfers) {
  const auto batch = endpoint_->prepare(transfers);
  batch->post();
  complete(*batch);
}

Buffer::Buffer(std::size_t bytes, Source source, std::size_t misaligned_by)
    : bytes_(bytes), shift_(margin + misaligned_by) {
  const std::size_t whole = bytes + shift_ + margin;
  if (source == Source::adopted) {
    own_.resize(whole);
    memory_ = stage().endpoint().adopt(own_.data(), whole);
  } else {
    memory_ = stage().endpoint().allocate(whole);
    if (std::any_of(memory_->data(), memory_->data() + whole, [](std::byte b) { return b != std::byte{}; }))
      throw RunError("new memory is not zeroed");
  }
  fill({memory_->data(), shift_}, margin_seed);
  fill({at(bytes), margin}, margin_seed);
}

bool Buffer::margins_are_intact() const {
  return difference({memory_->data(), shift_}, margin_seed).empty() &&
         difference({at(bytes_), margin}, margin_seed).empty();
}

Transfer Buffer::send(int peer, std::uint16_t tag, std::size_t offset, std::size_t bytes) const {
  Transfer transfer;
  transfer.kind = TransferKind::send;
  transfer.tag = tag;
  transfer.peer = peer;
  transfer.data = at(offset);
  transfer.bytes = bytes;
  transfer.memory = memory_.get();
  return transfer;
}

Transfer Buffer::receive(int peer, std::uint16_t tag, std::size_t offset, std::size_t bytes) const {
  Transfer transfer = send(peer, tag, offset, bytes);
  transfer.kind = TransferKind::receive;
  return transfer;
}

void ConformanceTest::SetUp() {
  const Board& board = stage().board();
  try {
    if (!board.any_failed()) stage().fence();
  } catch (const RunError&) {
    if (!board.any_failed()) throw;
  }
  if (board.any_failed()) GTEST_SKIP() << "an earlier test has failed";
}

void PrintTo(Source source, std::ostream* out) {
  *out << (source == Source::allocated ? "allocated" : "adopted");
}

std::string source_name(const ::testing::TestParamInfo<Source>& info) {
  return ::testing::PrintToString(info.param);
}

std::vector<std::size_t> interesting_sizes() {
  const Capabilities& can = stage().endpoint().capabilities();
  std::vector<std::size_t> sizes = {
      0, 1, 7, 8, 63, 64, 65, 4096, 64 * 1024 - 1, 65536, 64 * 1024 + 1, 1024 * 1024, 8 << 20};
  for (const std::size_t size : {can.largest_inject - 1, can.largest_inject, can.largest_inject + 1})
    if (can.largest_inject > 0) sizes.push_back(size);
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  std::erase_if(sizes, [&](std::size_t size) { return size > can.largest_message || size > (9 << 20); });
  return sizes;
}

}  // namespace podbench::conformance
