#include "bench/clock/exchange.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstring>

#include "base/error.hpp"

namespace podbench {
namespace {

constexpr std::uint64_t no_more = 0;  // in the place of a question's sequence, which begins at 1

struct Reading {
  std::uint64_t sequence;
  std::int64_t clock_ns;
};
static_assert(std::is_trivially_copyable_v<ClockFit>);

// Where messages lie in the channel's memory, each on its own cache lines.
constexpr std::size_t outgoing = 0, incoming = 128, memory_bytes = 256;
static_assert(sizeof(ClockFit) <= incoming);

template <class T>
T read(const Memory& memory) {
  T value;
  std::memcpy(&value, memory.data() + incoming, sizeof value);
  return value;
}

template <class T>
void write(Memory& memory, const T& value) {
  std::memcpy(memory.data() + outgoing, &value, sizeof value);
}

std::unique_ptr<Batch> prepare(Endpoint& endpoint, const Memory& memory, TransferKind kind, int peer,
                               std::uint16_t tag, std::size_t bytes) {
  Transfer transfer;
  transfer.kind = kind;
  transfer.tag = tag;
  transfer.peer = peer;
  transfer.data = memory.data() + (kind == TransferKind::send ? outgoing : incoming);
  transfer.bytes = bytes;
  transfer.memory = &memory;
  return endpoint.prepare(std::array{transfer});
}

}  // namespace

ClockChannel::ClockChannel(Endpoint& endpoint, const Waiter& waiter, int peer, LocalClock clock)
    : endpoint_(endpoint),
      waiter_(waiter),
      peer_(peer),
      clock_(clock),
      memory_(endpoint.allocate(memory_bytes)) {
  const auto batch = [&](TransferKind kind, std::uint16_t tag, std::size_t bytes) {
    return prepare(endpoint, *memory_, kind, peer, tag, bytes);
  };
  send_reading_ = batch(TransferKind::send, reading_tag, sizeof(Reading));
  receive_reading_ = batch(TransferKind::receive, reading_tag, sizeof(Reading));
  send_fit_ = batch(TransferKind::send, fit_tag, sizeof(ClockFit));
  receive_fit_ = batch(TransferKind::receive, fit_tag, sizeof(ClockFit));
}

void ClockChannel::wait(Batch& batch) {
  wait_for(batch, endpoint_, waiter_, {&peer_, 1}, "synchronising clocks");
}

std::vector<ClockExchange> ClockChannel::ask(int count) {
  std::vector<ClockExchange> exchanges(static_cast<std::size_t>(count));
  for (ClockExchange& exchange : exchanges) {
    // The receive is there before the question leaves, so that the answer never waits for it.
    receive_reading_->post();
    write(*memory_, Reading{++sequence_, 0});
    exchange.sent_ns = clock_.now();
    send_reading_->post();
    wait(*receive_reading_);
    exchange.received_ns = clock_.now();
    wait(*send_reading_);
    const auto answer = read<Reading>(*memory_);
    if (answer.sequence != sequence_)
      throw RunError(
          fmt::format("rank {} answered clock question {} with {}", peer_, sequence_, answer.sequence));
    exchange.answered_ns = answer.clock_ns;
  }
  return exchanges;
}

void ClockChannel::ask_no_more() {
  write(*memory_, Reading{no_more, 0});
  send_reading_->post();
  wait(*send_reading_);
}

void ClockChannel::answer() {
  while (true) {
    receive_reading_->post();
    wait(*receive_reading_);
    const std::uint64_t sequence = read<Reading>(*memory_).sequence;
    if (sequence == no_more) return;
    write(*memory_, Reading{sequence, clock_.now()});
    send_reading_->post();
    wait(*send_reading_);
  }
}

void ClockChannel::send_fit(const ClockFit& fit) {
  write(*memory_, fit);
  send_fit_->post();
  wait(*send_fit_);
}

ClockFit ClockChannel::receive_fit() {
  receive_fit_->post();
  wait(*receive_fit_);
  const auto fit = read<ClockFit>(*memory_);
  // Errors add up along the tree. What is beyond is a broken peer's, and would send starts into the far
  // future.
  constexpr double most_drift = 10 * largest_drift;
  if (!(std::fabs(fit.model.drift) <= most_drift && std::fabs(fit.model.fraction_ns) <= 1e12))
    throw RunError(fmt::format("rank {} handed on a clock model that no clock has", peer_));
  return fit;
}

}  // namespace podbench
