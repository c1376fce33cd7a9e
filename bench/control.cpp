#include "bench/control.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "patterns/pattern.hpp"

namespace podbench {
namespace {

constexpr std::uint16_t tree_tag = first_control_tag;
constexpr std::uint16_t barrier_tag = first_control_tag + 1;
constexpr std::uint16_t signal_tag = first_control_tag + 2;
constexpr std::uint64_t most_blob_bytes = 1ULL << 30;  // of a subtree's

}  // namespace

Control::Control(Endpoint& endpoint, const Waiter& waiter)
    : endpoint_(endpoint), waiter_(waiter), barrier_pool_(endpoint, BufferKind::transport) {
  const int rank = endpoint.rank(), size = endpoint.size();
  int bit = 1;
  for (; bit < size && (rank & bit) == 0; bit *= 2)
    if (rank + bit < size) children_.push_back({rank + bit, std::min(bit, size - rank - bit)});
  std::reverse(children_.begin(), children_.end());
  for (const Child& child : children_) child_ranks_.push_back(child.rank);
  if (rank != 0) parent_ = rank & (rank - 1);
  make_barrier();
  make_signal();
}

void Control::make_barrier() {
  const Pattern* pattern = find_pattern("barrier");
  const Algorithm* algorithm = find_algorithm("barrier", "dissemination");
  assert(pattern && algorithm);
  Problem problem;
  problem.rank = endpoint_.rank();
  problem.ranks = endpoint_.size();
  Schedule schedule = algorithm->generate(problem);
  for (Action& action : schedule.actions) action.tag = barrier_tag;
  barrier_buffers_ = std::make_unique<CaseBuffers>(barrier_pool_, 1, pattern->input_count(problem),
                                                   pattern->output_count(problem), schedule.scratch_count, 0);
  barrier_ = std::make_unique<Program>(endpoint_, waiter_, *barrier_buffers_, schedule, RemoteBuffers{},
                                       Program::Reduction{});
}

void Control::make_signal() {
  signal_ = endpoint_.allocate(sizeof(std::int64_t));
  const auto transfer = [&](TransferKind kind, int peer) {
    return Transfer{.kind = kind,
                    .tag = signal_tag,
                    .peer = peer,
                    .data = signal_->data(),
                    .bytes = sizeof(std::int64_t),
                    .memory = signal_.get()};
  };
  if (parent_ >= 0) {
    const Transfer in = transfer(TransferKind::receive, parent_);
    signal_in_ = endpoint_.prepare({&in, 1});
  }
  std::vector<Transfer> out;
  for (const Child& child : children_) out.push_back(transfer(TransferKind::send, child.rank));
  if (!out.empty()) signal_out_ = endpoint_.prepare(out);
}

std::int64_t Control::signal(std::int64_t number) {
  constexpr const char* doing = "waiting for a common start";
  if (signal_in_) {
    signal_in_->post();
    wait_for(*signal_in_, endpoint_, waiter_, {&parent_, 1}, doing);
    std::memcpy(&number, signal_->data(), sizeof number);
  } else {
    std::memcpy(signal_->data(), &number, sizeof number);
  }
  if (signal_out_) {
    signal_out_->post();
    wait_for(*signal_out_, endpoint_, waiter_, child_ranks_, doing);
  }
  return number;
}

void Control::reserve(std::size_t bytes) {
  if (!workspace_ || workspace_->bytes() < bytes) {
    workspace_.reset();
    workspace_ = endpoint_.allocate(std::max<std::size_t>(bytes, 4096));
  }
}

void Control::move(TransferKind kind, int peer, std::size_t offset, std::size_t bytes) {
  const Transfer transfer{.kind = kind,
                          .tag = tree_tag,
                          .peer = peer,
                          .data = workspace_->data() + offset,
                          .bytes = bytes,
                          .memory = workspace_.get()};
  const auto batch = endpoint_.prepare({&transfer, 1});
  batch->post();
  wait_for(*batch, endpoint_, waiter_, {&peer, 1}, "waiting for the control channel");
}

Command Control::announce(const Command& command) {
  Command said = command;
  broadcast(std::as_writable_bytes(std::span(&said, 1)));
  return said;
}

void Control::broadcast(std::span<std::byte> bytes) {
  reserve(bytes.size());
  if (parent_ >= 0) {
    move(TransferKind::receive, parent_, 0, bytes.size());
    std::memcpy(bytes.data(), workspace_->data(), bytes.size());
  } else {
    std::memcpy(workspace_->data(), bytes.data(), bytes.size());
  }
  for (const Child& child : children_) move(TransferKind::send, child.rank, 0, bytes.size());
}

void Control::reduce_max(std::span<std::uint64_t> values) {
  const std::size_t bytes = values.size_bytes();
  reserve(bytes);
  std::vector<std::uint64_t> theirs(values.size());
  for (auto child = children_.rbegin(); child != children_.rend(); ++child) {
    move(TransferKind::receive, child->rank, 0, bytes);
    std::memcpy(theirs.data(), workspace_->data(), bytes);
    std::transform(values.begin(), values.end(), theirs.begin(), values.begin(),
                   [](std::uint64_t a, std::uint64_t b) { return std::max(a, b); });
  }
  if (parent_ < 0) return;
  std::memcpy(workspace_->data(), values.data(), bytes);
  move(TransferKind::send, parent_, 0, bytes);
}

std::vector<std::byte> Control::gather(std::span<const std::byte> mine) {
  const std::size_t bytes = mine.size();
  std::size_t ranks = 1;
  for (const Child& child : children_) ranks += static_cast<std::size_t>(child.subtree);
  reserve(ranks * bytes);
  std::memcpy(workspace_->data(), mine.data(), bytes);
  for (auto child = children_.rbegin(); child != children_.rend(); ++child)
    move(TransferKind::receive, child->rank, static_cast<std::size_t>(child->rank - endpoint_.rank()) * bytes,
         static_cast<std::size_t>(child->subtree) * bytes);
  if (parent_ >= 0) {
    move(TransferKind::send, parent_, 0, ranks * bytes);
    return {};
  }
  return {workspace_->data(), workspace_->data() + ranks * bytes};
}

// A subtree's blobs travel as its sizes, rank by rank, and then all bytes behind one another.
std::vector<Blob> Control::gather_blobs(std::span<const std::byte> mine) {
  std::vector<std::uint64_t> sizes{mine.size()};
  std::vector<std::byte> bytes(mine.begin(), mine.end());
  for (auto child = children_.rbegin(); child != children_.rend(); ++child) {
    std::vector<std::uint64_t> theirs(static_cast<std::size_t>(child->subtree));
    receive_from(child->rank, std::as_writable_bytes(std::span(theirs)));
    std::uint64_t total = 0;
    for (const std::uint64_t size : theirs) {
      if (size > most_blob_bytes - total) throw RunError("ranks hand over more than fits");
      total += size;
    }
    const std::size_t before = bytes.size();
    bytes.resize(before + total);
    if (total > 0) receive_from(child->rank, std::span(bytes).subspan(before));
    sizes.insert(sizes.end(), theirs.begin(), theirs.end());
  }
  if (parent_ >= 0) {
    send_to(parent_, std::as_bytes(std::span(sizes)));
    if (!bytes.empty()) send_to(parent_, bytes);
    return {};
  }
  std::vector<Blob> blobs;
  auto at = bytes.begin();
  for (const std::uint64_t size : sizes) {
    blobs.emplace_back(at, at + static_cast<std::ptrdiff_t>(size));
    at += static_cast<std::ptrdiff_t>(size);
  }
  return blobs;
}

void Control::send_to(int peer, std::span<const std::byte> bytes) {
  reserve(bytes.size());
  std::memcpy(workspace_->data(), bytes.data(), bytes.size());
  move(TransferKind::send, peer, 0, bytes.size());
}

void Control::receive_from(int peer, std::span<std::byte> bytes) {
  reserve(bytes.size());
  move(TransferKind::receive, peer, 0, bytes.size());
  std::memcpy(bytes.data(), workspace_->data(), bytes.size());
}

std::vector<Blob> Control::exchange(std::span<const std::byte> mine) {
  std::uint64_t largest = mine.size();
  reduce_max({&largest, 1});
  broadcast(std::as_writable_bytes(std::span(&largest, 1)));
  const std::size_t slot = sizeof(std::uint64_t) + largest;
  std::vector<std::byte> own(slot);
  const std::uint64_t length = mine.size();
  std::memcpy(own.data(), &length, sizeof length);
  std::memcpy(own.data() + sizeof length, mine.data(), mine.size());
  std::vector<std::byte> all = gather(own);
  all.resize(slot * static_cast<std::size_t>(endpoint_.size()));
  broadcast(all);
  std::vector<Blob> blobs;
  for (std::size_t at = 0; at < all.size(); at += slot) {
    std::uint64_t bytes;
    std::memcpy(&bytes, all.data() + at, sizeof bytes);
    if (bytes > largest) throw RunError("a peer's blob is longer than it said");
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(at + sizeof bytes);
    blobs.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(bytes));
  }
  return blobs;
}

}  // namespace podbench
