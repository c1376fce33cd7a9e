#include "bench/rendezvous/store_state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace podbench {
namespace {

// A host's name comes from the rank's environment and is printed to terminals.
bool is_host_name(std::string_view text) {
  return !text.empty() && text.size() <= most_host_bytes &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

// Keeps a message from another host from writing control sequences to a person's terminal.
std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; }, ' ');
  return text;
}

// For a rank that several others see end, to say why itself.
constexpr std::int64_t hearsay_grace_ns = 300'000'000;

constexpr std::size_t value_overhead_bytes = 128;  // of a map's node

std::int64_t nanoseconds_of(std::chrono::nanoseconds span) {
  return span.count();
}

}  // namespace

StoreState::StoreState(const StoreOptions& options, std::string launch_id)
    : options_(options), launch_id_(std::move(launch_id)), ranks_(static_cast<std::size_t>(options.ranks)) {}

StoreState::Refusal StoreState::join(const Message& join) {
  const std::int64_t size = join.number & 0xffffffff;
  if (join.kind != MessageKind::join) return "the first message must be a join";
  if (size != options_.ranks)
    return fmt::format("this launch has {} ranks, but rank {} was started as one of {}", options_.ranks,
                       join.rank, size);
  if (join.rank < 0 || join.rank >= options_.ranks)
    return fmt::format("there is no rank {} in a launch of {} ranks", join.rank, options_.ranks);
  if (!is_host_name(join.text)) return fmt::format("rank {} gives no usable host name", join.rank);
  RankState& rank = ranks_[static_cast<std::size_t>(join.rank)];
  if (rank.presence != Presence::absent) return fmt::format("there are two processes for rank {}", join.rank);
  rank.presence = Presence::here;
  rank.host = join.text;
  StoreEvent event{.kind = StoreEvent::Kind::joined, .rank = join.rank, .host = join.text};
  event.pid = static_cast<long>(join.number >> 32);
  events_.push_back(std::move(event));
  if (++joined_ == options_.ranks) {
    std::vector<std::string> hosts;
    for (const RankState& r : ranks_) hosts.push_back(r.host);
    send_all(Message{.kind = MessageKind::roster, .text = launch_id_, .value = encode(make_roster(hosts))});
  }
  return std::nullopt;
}

StoreState::Refusal StoreState::handle(int rank, const Message& message, std::int64_t now_ns) {
  if (ranks_[static_cast<std::size_t>(rank)].presence != Presence::here)
    return fmt::format("rank {} sent a message after its last", rank);
  switch (message.kind) {
    case MessageKind::publish:
      return publish(rank, message);
    case MessageKind::fence:
      return fence(rank, now_ns);
    case MessageKind::lookup:
      return look_up(rank, message);
    case MessageKind::stalled:
      return stall(rank, message, now_ns);
    case MessageKind::pong:
      ranks_[static_cast<std::size_t>(rank)].answered = true;
      return std::nullopt;
    case MessageKind::abort:
      return abort(rank, message, now_ns);
    case MessageKind::leave:
      leave(rank);
      return std::nullopt;
    default:
      return fmt::format("rank {} sent a message that only the store may send", rank);
  }
}

StoreState::Refusal StoreState::abort(int rank, const Message& message, std::int64_t now_ns) {
  RankState& state = ranks_[static_cast<std::size_t>(rank)];
  state.presence = Presence::lost;
  StoreEvent event{.kind = StoreEvent::Kind::aborted,
                   .rank = rank,
                   .host = state.host,
                   .blamed = message.rank < options_.ranks ? std::max(message.rank, -1) : -1,
                   .text = printable(message.text)};
  const RankState* blamed = event.blamed < 0 ? nullptr : &ranks_[static_cast<std::size_t>(event.blamed)];
  const bool speaks_for_itself = blamed == nullptr || event.blamed == rank;
  state.gave_up = true;
  if (!speaks_for_itself && blamed->gave_up)
    return std::nullopt;  // that one has said why: perhaps that this one is to blame, which then stands
  forget_hearsay_of(rank);
  if (speaks_for_itself || blamed->presence != Presence::here)
    events_.push_back(std::move(event));
  else if (!blamed->waiting)
    hearsay_.push_back({std::move(event), now_ns + hearsay_grace_ns});
  return std::nullopt;
}

StoreState::Refusal StoreState::publish(int rank, const Message& message) {
  if (message.text.empty() || message.text.size() > most_key_bytes || message.value.size() > most_value_bytes)
    return fmt::format("rank {} published a key or value beyond the limits", rank);
  const std::size_t bytes = message.text.size() + message.value.size() + value_overhead_bytes;
  if (value_bytes_ + bytes > options_.most_value_bytes)
    return fmt::format("rank {} published more than the store holds ({} bytes)", rank,
                       options_.most_value_bytes);
  const auto [entry, is_new] = values_.try_emplace({rank, message.text}, message.value);
  if (!is_new) return fmt::format("rank {} published \"{}\" twice", rank, printable(message.text));
  value_bytes_ += bytes;
  return std::nullopt;
}

StoreState::Refusal StoreState::fence(int rank, std::int64_t now_ns) {
  RankState& state = ranks_[static_cast<std::size_t>(rank)];
  if (state.fencing) return fmt::format("rank {} entered a fence twice", rank);
  state.fencing = true;
  if (!doubt_) doubt_ = {rank, now_ns + nanoseconds_of(options_.fence_patience)};
  if (++fencing_ < options_.ranks) return std::nullopt;
  fencing_ = 0;
  doubt_.reset();
  for (RankState& r : ranks_) r.fencing = false;
  send_all(Message{.kind = MessageKind::fenced, .number = ++fences_});
  return std::nullopt;
}

StoreState::Refusal StoreState::look_up(int rank, const Message& message) {
  const auto found = values_.find(std::pair(message.rank, message.text));
  outgoing_.push_back({rank, found == values_.end()
                                 ? Message{.kind = MessageKind::missing}
                                 : Message{.kind = MessageKind::found, .value = found->second}});
  return std::nullopt;
}

StoreState::Refusal StoreState::stall(int rank, const Message& message, std::int64_t now_ns) {
  const auto peers = decode_ranks(message.value);
  if (!peers || ranks_[static_cast<std::size_t>(rank)].waiting)
    return fmt::format("rank {} reported a stall that makes no sense", rank);
  waited_for_.insert(waited_for_.end(), peers->begin(), peers->end());
  ranks_[static_cast<std::size_t>(rank)].waiting = true;
  forget_hearsay_of(rank);
  if (judgement_ns_ || judged_) return std::nullopt;
  events_.push_back(StoreEvent{.kind = StoreEvent::Kind::stalling, .rank = rank});
  stall_ = StoreEvent{.kind = StoreEvent::Kind::stalled,
                      .rank = rank,
                      .host = ranks_[static_cast<std::size_t>(rank)].host,
                      .text = printable(message.text)};
  judgement_ns_ = now_ns + nanoseconds_of(options_.stall_grace);
  ask_all();
  return std::nullopt;
}

void StoreState::forget_hearsay_of(int rank) {
  std::erase_if(hearsay_, [&](const Hearsay& hearsay) { return hearsay.event.blamed == rank; });
}

std::optional<std::int64_t> StoreState::next_tick_ns() const noexcept {
  std::optional<std::int64_t> next = judgement_ns_;
  const auto also = [&](std::int64_t due_ns) { next = std::min(due_ns, next.value_or(due_ns)); };
  if (!hearsay_.empty()) also(hearsay_.front().due_ns);
  if (doubt_ && !judgement_ns_ && !judged_) also(doubt_->due_ns);
  return next;
}

void StoreState::tick(std::int64_t now_ns) {
  for (; !hearsay_.empty() && hearsay_.front().due_ns <= now_ns; hearsay_.erase(hearsay_.begin()))
    events_.push_back(std::move(hearsay_.front().event));
  doubt_fence(now_ns);
  if (!judgement_ns_ || now_ns < *judgement_ns_) return;
  judgement_ns_.reset();
  judged_ = true;
  stall_.blamed_ranks = who_hangs();
  events_.push_back(stall_);
}

void StoreState::ask_all() {
  for (RankState& rank : ranks_) rank.answered = false;
  send_all(Message{.kind = MessageKind::ping});
}

// Whoever waits at a fence may have to wait for long, while others measure; a process that is stopped shows
// in that it does not answer.
void StoreState::doubt_fence(std::int64_t now_ns) {
  if (!doubt_ || now_ns < doubt_->due_ns || judgement_ns_ || judged_) return;
  const bool asked = std::exchange(doubt_->asked, !doubt_->asked);
  doubt_->due_ns = now_ns + nanoseconds_of(asked ? options_.fence_patience : options_.stall_grace);
  if (!asked) return ask_all();
  std::vector<int> silent = who_is_silent();
  if (silent.empty()) return;
  judged_ = true;
  events_.push_back(StoreEvent{.kind = StoreEvent::Kind::stalled,
                               .rank = doubt_->rank,
                               .host = ranks_[static_cast<std::size_t>(doubt_->rank)].host,
                               .blamed_ranks = std::move(silent),
                               .text = "waiting for the other ranks at a fence"});
}

std::vector<int> StoreState::who_is_silent() const {
  std::vector<int> silent;
  for (int rank = 0; rank < options_.ranks; ++rank)
    if (const RankState& state = ranks_[static_cast<std::size_t>(rank)];
        state.presence == Presence::here && !state.answered)
      silent.push_back(rank);
  return silent;
}

// A process whose connection does not even answer is stopped, whatever the others say. If all answer, those
// hang that are waited for and do not wait themselves; else those that do not wait.
std::vector<int> StoreState::who_hangs() const {
  if (std::vector<int> stopped = who_is_silent(); !stopped.empty()) return stopped;
  std::vector<int> idle, idle_and_waited_for;
  for (int rank = 0; rank < options_.ranks; ++rank) {
    const RankState& state = ranks_[static_cast<std::size_t>(rank)];
    if (state.presence != Presence::here || state.waiting) continue;
    idle.push_back(rank);
    if (std::find(waited_for_.begin(), waited_for_.end(), rank) != waited_for_.end())
      idle_and_waited_for.push_back(rank);
  }
  return idle_and_waited_for.empty() ? idle : idle_and_waited_for;
}

void StoreState::leave(int rank) {
  ranks_[static_cast<std::size_t>(rank)].presence = Presence::finished;
  events_.push_back(StoreEvent{
      .kind = StoreEvent::Kind::finished, .rank = rank, .host = ranks_[static_cast<std::size_t>(rank)].host});
  see_off();
}

// Ranks end together: some launchers take the first process that ends with a code other than 0 for a reason
// to kill the rest.
void StoreState::see_off() {
  if (joined_ < options_.ranks) return;
  for (const RankState& state : ranks_)
    if (state.presence == Presence::here) return;
  for (int rank = 0; rank < options_.ranks; ++rank)
    if (ranks_[static_cast<std::size_t>(rank)].presence == Presence::finished)
      outgoing_.push_back({rank, Message{.kind = MessageKind::over}});
}

void StoreState::lose(int rank, const std::string& why) {
  RankState& state = ranks_[static_cast<std::size_t>(rank)];
  if (state.presence != Presence::here) return;
  state.presence = Presence::lost;
  events_.push_back(
      StoreEvent{.kind = StoreEvent::Kind::lost, .rank = rank, .host = state.host, .text = printable(why)});
  for (Hearsay& hearsay : hearsay_)
    if (hearsay.event.blamed == rank) events_.push_back(hearsay.event);
  forget_hearsay_of(rank);
  see_off();
}

void StoreState::set(std::string_view key, Blob value) {
  values_.insert_or_assign(std::pair(-1, std::string(key)), std::move(value));
}

void StoreState::send_all(const Message& message) {
  for (int rank = 0; rank < options_.ranks; ++rank)
    if (ranks_[static_cast<std::size_t>(rank)].presence == Presence::here)
      outgoing_.push_back({rank, message});
}

}  // namespace podbench
