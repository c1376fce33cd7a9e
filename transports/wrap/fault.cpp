#include "transports/wrap/fault.hpp"

#include <signal.h>

#include <algorithm>
#include <functional>
#include <thread>

#include "base/clock.hpp"
#include "transports/wrap/forward.hpp"

namespace podbench {
namespace {

using wrap::ForwardingEndpoint;
using wrap::WrappedCollectives;

// What a batch does that faults can spoil.
struct Traffic {
  std::vector<std::span<std::byte>> received;  // one a message, none empty
  std::uint64_t bytes = 0;                     // all that move
  bool any = false;                            // false: control traffic only
};

Traffic traffic_of(std::span<const Transfer> transfers) {
  Traffic traffic;
  for (const Transfer& transfer : transfers) {
    const bool one_sided = transfer.kind == TransferKind::put || transfer.kind == TransferKind::get;
    if (!one_sided && transfer.tag >= first_control_tag) continue;
    traffic.any = true;
    traffic.bytes += transfer.bytes;
    const bool incoming = transfer.kind == TransferKind::receive || transfer.kind == TransferKind::get;
    if (incoming && transfer.bytes > 0) traffic.received.emplace_back(transfer.data, transfer.bytes);
  }
  return traffic;
}

// A collective's whole output counts as one message; where only the root has one, `rank` tells.
Traffic traffic_of(const NativeCall& call, int rank) {
  if (call.collective == Collective::barrier) return {};
  const std::size_t element = size_of(call.type);
  const bool one_block = call.collective == Collective::allreduce ||
                         call.collective == Collective::broadcast || call.collective == Collective::reduce;
  const bool root_only = call.collective == Collective::reduce || call.collective == Collective::gather;
  std::uint64_t first = 0, count = 0;
  if (one_block) {
    count = call.input_counts.empty() ? 0 : call.input_counts[0];
  } else {
    const auto some = std::find_if(call.output_counts.begin(), call.output_counts.end(),
                                   [](std::uint64_t elements) { return elements > 0; });
    if (some != call.output_counts.end()) {
      count = *some;
      first = call.output_offsets[static_cast<std::size_t>(some - call.output_counts.begin())];
    }
  }
  Traffic traffic;
  traffic.any = true;
  traffic.bytes = count * element;
  if (count > 0 && (!root_only || rank == call.root))
    traffic.received.emplace_back(call.output + first * element, count * element);
  return traffic;
}

[[noreturn]] void hang() {
  for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
}

// Long delays sleep but for their end, so that they cost the other ranks of a crowded node nothing.
void hold_for(std::int64_t span_ns) {
  constexpr std::int64_t spun_ns = 200'000;
  const std::int64_t until = now_ns() + span_ns;
  if (span_ns > spun_ns) std::this_thread::sleep_for(std::chrono::nanoseconds(span_ns - spun_ns));
  while (now_ns() < until) {
  }
}

// This rank's faults, and how much has happened so far.
class Mischief {
 public:
  explicit Mischief(FaultSpec faults) : faults_(std::move(faults)) {}

  [[nodiscard]] bool lags() const {
    return std::ranges::any_of(faults_, [](const Fault& fault) { return fault.kind == FaultKind::lag; });
  }
  // Whether batches say later than they could that they are complete.
  [[nodiscard]] bool withholds() const {
    return std::ranges::any_of(faults_, [](const Fault& fault) {
      return fault.kind == FaultKind::slow || fault.kind == FaultKind::stretch;
    });
  }
  void before_own_post() const {
    for (const Fault& fault : faults_)
      if (fault.kind == FaultKind::lag && posts_ >= fault.after) hold_for(fault.span_ns);
  }

  void before_post() {
    const std::uint64_t before = posts_++;
    for (const Fault& fault : faults_) {
      if (before < fault.after) continue;
      const bool now = before == fault.after;
      if (fault.kind == FaultKind::delay || fault.kind == FaultKind::lag) hold_for(fault.span_ns);
      if (fault.kind == FaultKind::pause && now)
        std::this_thread::sleep_for(std::chrono::nanoseconds(fault.span_ns));
      if (fault.kind == FaultKind::kill && now) raise(SIGKILL);
      if (fault.kind == FaultKind::hang && now) hang();
    }
  }

  // When a batch of so many bytes that is posted now may be complete.
  [[nodiscard]] std::int64_t earliest_end_ns(std::uint64_t bytes) const {
    std::int64_t end_ns = 0;
    for (const Fault& fault : faults_)
      if (fault.kind == FaultKind::slow && posts_ > fault.after)
        end_ns = std::max(end_ns,
                          now_ns() + static_cast<std::int64_t>(static_cast<double>(bytes) * 1e9 /
                                                               static_cast<double>(fault.bytes_per_second)));
    return end_ns;
  }

  // When a batch may be complete that was posted at one moment and really complete at another.
  [[nodiscard]] std::int64_t stretched_end_ns(std::int64_t posted_ns, std::int64_t complete_ns) const {
    double longer = 0;
    for (const Fault& fault : faults_)
      if (fault.kind == FaultKind::stretch && posts_ > fault.after) longer += fault.stretch;
    return complete_ns + static_cast<std::int64_t>(longer * static_cast<double>(complete_ns - posted_ns));
  }

  // A message has come: the one that is asked for loses a bit in its middle.
  void after_receive(std::span<std::byte> message) {
    const std::uint64_t before = received_++;
    for (const Fault& fault : faults_)
      if (fault.kind == FaultKind::flip && before == fault.after)
        message[message.size() / 2] ^= std::byte{0x10};
  }

 private:
  FaultSpec faults_;
  std::uint64_t posts_ = 0, received_ = 0;
};

class FaultyBatch final : public Batch {
 public:
  // `withheld` is the endpoint's: how many batches are complete and do not say so yet.
  FaultyBatch(std::unique_ptr<Batch> inner, Traffic traffic, Mischief& mischief, int& withheld)
      : inner_(std::move(inner)), traffic_(std::move(traffic)), mischief_(mischief), withheld_(withheld) {}
  ~FaultyBatch() override {
    if (state_ == State::withheld) --withheld_;
  }
  void post() override {
    mischief_.before_post();
    earliest_end_ns_ = mischief_.earliest_end_ns(traffic_.bytes);
    state_ = State::under_way;
    posted_ns_ = now_ns();
    inner_->post();
  }
  bool test() override {
    if (!inner_->test()) return false;
    if (state_ == State::complete) return true;
    const std::int64_t now = now_ns();
    if (state_ == State::under_way) {
      state_ = State::withheld;
      earliest_end_ns_ = std::max(earliest_end_ns_, mischief_.stretched_end_ns(posted_ns_, now));
      ++withheld_;
    }
    if (now < earliest_end_ns_) return false;
    --withheld_;
    state_ = State::complete;
    for (const auto message : traffic_.received) mischief_.after_receive(message);
    return true;
  }

 private:
  enum class State : std::uint8_t { under_way, withheld, complete };
  std::unique_ptr<Batch> inner_;
  Traffic traffic_;
  Mischief& mischief_;
  int& withheld_;
  std::int64_t posted_ns_ = 0, earliest_end_ns_ = 0;
  State state_ = State::complete;
};

// A batch of the program's own messages.
class LaggingBatch final : public Batch {
 public:
  LaggingBatch(std::unique_ptr<Batch> inner, const Mischief& mischief)
      : inner_(std::move(inner)), mischief_(mischief) {}
  void post() override {
    mischief_.before_own_post();
    inner_->post();
  }
  bool test() override { return inner_->test(); }

 private:
  std::unique_ptr<Batch> inner_;
  const Mischief& mischief_;
};

class FaultyEndpoint final : public ForwardingEndpoint {
 public:
  FaultyEndpoint(std::unique_ptr<Endpoint> inner, FaultSpec faults)
      : ForwardingEndpoint(std::move(inner)),
        mischief_(std::move(faults)),
        capabilities_(inner_->capabilities()) {
    if (mischief_.withholds()) capabilities_.largest_inject = 0;
    capabilities_.mapped = false;  // loads and stores would pass by what is to be disturbed
    if (NativeCollectives* native = inner_->native())
      native_ = std::make_unique<Collectives>(*native,
                                              [this](const NativeCall& call, std::unique_ptr<Batch> batch) {
                                                return spoil(std::move(batch), traffic_of(call, rank()));
                                              });
  }
  const Capabilities& capabilities() const noexcept override { return capabilities_; }
  std::unique_ptr<Batch> prepare(std::span<const Transfer> transfers) override {
    return spoil(inner_->prepare(transfers), traffic_of(transfers));
  }
  NativeCollectives* native() noexcept override { return native_.get(); }
  // Nothing arrives at the end of a batch that is withheld: a rank that slept until then would sleep too
  // long.
  void block(std::chrono::microseconds span) override {
    if (withheld_ == 0) inner_->block(span);
  }

 private:
  using Spoil = std::function<std::unique_ptr<Batch>(const NativeCall&, std::unique_ptr<Batch>)>;
  using Collectives = WrappedCollectives<Spoil>;

  std::unique_ptr<Batch> spoil(std::unique_ptr<Batch> batch, Traffic traffic) {
    if (!traffic.any && mischief_.lags()) return std::make_unique<LaggingBatch>(std::move(batch), mischief_);
    if (!traffic.any) return batch;
    return std::make_unique<FaultyBatch>(std::move(batch), std::move(traffic), mischief_, withheld_);
  }

  Mischief mischief_;
  Capabilities capabilities_;  // nothing is complete when posted where batches are withheld
  int withheld_ = 0;
  std::unique_ptr<Collectives> native_;
};

}  // namespace

std::unique_ptr<Endpoint> wrap_with_faults(std::unique_ptr<Endpoint> endpoint, FaultSpec faults) {
  const int rank = endpoint->rank();
  std::erase_if(faults, [&](const Fault& f) {
    return (f.rank != rank && f.rank != Fault::all_ranks) || f.kind == FaultKind::clock;
  });
  if (faults.empty()) return endpoint;
  return std::make_unique<FaultyEndpoint>(std::move(endpoint), std::move(faults));
}

}  // namespace podbench
