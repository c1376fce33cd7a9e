#include "bench/launch/supervision.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>

#include "base/error.hpp"
#include "bench/rendezvous/blame.hpp"

namespace podbench {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
// One failure is seen from several sides at once; the best explanation within this span counts.
constexpr std::int64_t settling_ns = second_ns / 4;
// The store takes 2 s to find out who hangs. What else ends meanwhile does so because of it.
constexpr std::int64_t judgement_patience_ns = 3 * second_ns;
// A rank may be paused on purpose and go on; beyond this it hangs.
constexpr std::int64_t stop_patience_ns = 5 * second_ns;
// Once the lead has finished, the others have nothing to do but end.
constexpr std::int64_t farewell_patience_ns = 15 * second_ns;

constexpr int not_completed = static_cast<int>(ExitCode::not_completed);

std::string list_of(const std::vector<int>& ranks) {
  constexpr std::size_t most_named = 8;
  const auto named = std::vector<int>(
      ranks.begin(), ranks.begin() + static_cast<std::ptrdiff_t>(std::min(ranks.size(), most_named)));
  return fmt::format("{} {}{}", ranks.size() == 1 ? "rank" : "ranks", fmt::join(named, ", "),
                     ranks.size() > most_named ? fmt::format(" and {} more", ranks.size() - most_named) : "");
}

}  // namespace

Supervision::Supervision(const LaunchRequest& request, std::vector<Starter> starters, std::int64_t now_ns)
    : request_(request),
      starters_(std::move(starters)),
      ranks_(static_cast<std::size_t>(request.ranks)),
      start_deadline_ns_(now_ns + request.start_deadline.count()) {}

void Supervision::take(const StoreEvent& event, std::int64_t now_ns) {
  RankState& rank = ranks_.at(static_cast<std::size_t>(event.rank));
  switch (event.kind) {
    case StoreEvent::Kind::joined:
      rank.joined = true;
      rank.host = event.host;
      ++joined_;
      return;
    case StoreEvent::Kind::finished:
      rank.finished = true;
      if (event.rank == 0) lead_finished_ns_ = now_ns;
      return;
    case StoreEvent::Kind::stalling:
      judged_by_ns_ = now_ns + judgement_patience_ns;
      return;
    case StoreEvent::Kind::lost:
      return blame({Weight::connection, describe(event, hosts()), event.rank}, now_ns);
    case StoreEvent::Kind::stalled:
      judged_by_ns_ = now_ns;
      [[fallthrough]];
    case StoreEvent::Kind::aborted:
      return blame({Weight::word, describe(event, hosts()), blamed_rank(event)}, now_ns);
  }
}

void Supervision::child_ended(std::size_t starter, const ChildEnd& end, const std::string& last_line,
                              std::int64_t now_ns) {
  ++ended_;
  const Starter& which = starters_.at(starter);
  if (which.name.empty()) return rank_ended(which.first_rank, end, now_ns);
  launcher_ended(which, end, last_line, now_ns);
}

void Supervision::rank_ended(int rank, const ChildEnd& end, std::int64_t now_ns) {
  const RankState& state = ranks_.at(static_cast<std::size_t>(rank));
  if (rank == 0) lead_exit_code_ = end.exit_code;
  if (end.signal != 0)
    return blame({Weight::death, fmt::format("{} died ({})", name(rank), describe(end)), rank}, now_ns);
  if (state.finished && end.exit_code < not_completed) return;
  const bool known = end.exit_code > 0 && end.exit_code < not_completed;
  blame({Weight::exit_code,
         end.exit_code == 0 ? fmt::format("{} ended before its part was done", name(rank))
                            : fmt::format("{} ended with {}", name(rank), describe(end)),
         rank, known ? end.exit_code : not_completed},
        now_ns);
}

void Supervision::launcher_ended(const Starter& starter, const ChildEnd& end, const std::string& last_line,
                                 std::int64_t now_ns) {
  if (starter.first_rank == 0) lead_exit_code_ = end.exit_code;
  const bool finished = all_finished(starter.first_rank, starter.ranks);
  if (finished && end.signal == 0 && end.exit_code < not_completed) return;
  const bool known = end.signal == 0 && end.exit_code > 0 && end.exit_code < not_completed;
  launcher_words_ = last_line;
  blame({end.signal == 0 ? Weight::launcher : Weight::death,
         fmt::format("{} {} ({}){}{}", starter.name, end.signal == 0 ? "failed" : "died", describe(end),
                     last_line.empty() ? "" : ": ", last_line),
         starter.ranks == 1 ? starter.first_rank : -1, known && joined_ > 0 ? end.exit_code : not_completed},
        now_ns);
}

void Supervision::child_stopped(std::size_t starter, std::int64_t since_ns, std::int64_t now_ns) {
  if (now_ns - since_ns < stop_patience_ns) return;
  const Starter& which = starters_.at(starter);
  const std::string who = which.name.empty() ? name(which.first_rank) : which.name;
  blame({Weight::stop, fmt::format("{} hangs: it has been stopped by a signal", who),
         which.ranks == 1 ? which.first_rank : -1},
        now_ns);
}

void Supervision::interrupted(int signal, std::int64_t now_ns) {
  if (signal_ == 0) signal_ = signal;
  blame({Weight::person, fmt::format("ended by signal {}, {}", signal, strsignal(signal))}, now_ns);
}

void Supervision::tick(std::int64_t now_ns) {
  if (cause_) return;
  if (joined_ < request_.ranks && now_ns > start_deadline_ns_) {
    std::vector<int> missing;
    for (int rank = 0; rank < request_.ranks; ++rank)
      if (!ranks_[static_cast<std::size_t>(rank)].joined) missing.push_back(rank);
    blame({Weight::lingering,
           fmt::format("{} did not join the launch within {} s", list_of(missing),
                       request_.start_deadline.count() / second_ns),
           missing.size() == 1 ? missing.front() : -1},
          now_ns);
  }
  if (lead_finished_ns_ && now_ns - *lead_finished_ns_ > farewell_patience_ns)
    blame({Weight::lingering, "the lead has finished, but other processes of the launch do not end"}, now_ns);
}

void Supervision::blame(Cause cause, std::int64_t now_ns) {
  if (ending_) return;
  if (!cause_) cause_since_ns_ = now_ns;
  if (!cause_ || cause.weight > cause_->weight) cause_ = std::move(cause);
}

bool Supervision::must_end(std::int64_t now_ns) noexcept {
  if (!cause_) return ending_;
  const bool settled = now_ns - cause_since_ns_ >= settling_ns && now_ns >= judged_by_ns_;
  if (settled || cause_->weight >= Weight::stop) ending_ = true;
  return ending_;
}

LaunchOutcome Supervision::outcome() const {
  LaunchOutcome outcome{.completed = !cause_, .hosts = hosts(), .signal = signal_};
  outcome.exit_code = cause_ ? cause_->exit_code : lead_exit_code_.value_or(not_completed);
  if (!cause_) return outcome;
  outcome.blame = cause_->text;
  outcome.blamed_rank = cause_->rank;
  if (cause_->weight == Weight::connection && !launcher_words_.empty())
    outcome.blame += fmt::format(" ({} says: {})", starters_.front().name, launcher_words_);
  if (request_.doing && outcome.blame.find(" while ") == std::string::npos)
    if (const std::string doing = request_.doing(); !doing.empty()) outcome.blame += " while " + doing;
  return outcome;
}

bool Supervision::all_finished(int first, int count) const {
  const auto begin = ranks_.begin() + first;
  return std::all_of(begin, begin + count, [](const RankState& rank) { return rank.finished; });
}

std::string Supervision::name(int rank) const {
  return name_rank(rank, ranks_.at(static_cast<std::size_t>(rank)).host);
}

std::vector<std::string> Supervision::hosts() const {
  std::vector<std::string> hosts;
  for (const RankState& rank : ranks_) hosts.push_back(rank.host);
  return hosts;
}

}  // namespace podbench
