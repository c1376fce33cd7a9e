#include "bench/rendezvous/introduced_rendezvous.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <optional>
#include <thread>

#include "base/error.hpp"
#include "bench/rendezvous/blame.hpp"
#include "bench/rendezvous/store_rendezvous.hpp"
#include "bench/rendezvous/store_server.hpp"

namespace podbench {
namespace {

// How long rank 0 stays for ranks that have not finished when it has.
constexpr std::int64_t farewell_patience_ns = 10'000'000'000;
constexpr int look_up_ms = 500;
// For the store to tell the ranks that the launch is over.
constexpr auto last_word_span = std::chrono::milliseconds(50);

// Rank 0's supervision: the store, and the thread that acts on its events.
class Supervisor {
 public:
  explicit Supervisor(Introduction& launcher)
      : launcher_(launcher),
        store_(StoreOptions{.ranks = launcher.size(), .other_hosts = !launcher.one_node()}),
        hosts_(static_cast<std::size_t>(launcher.size())) {
    // Signals are for the program's own threads.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { supervise(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  // Sees the other ranks off; this one has left the store or never joined it.
  ~Supervisor() {
    leaving_since_ns_ = now_ns();
    thread_.join();
  }

  const StoreServer& store() const noexcept { return store_; }

 private:
  void supervise() {
    while (ended_ < hosts_.size() && !waited_enough()) {
      pollfd waiting{.fd = store_.event_descriptor(), .events = POLLIN, .revents = 0};
      poll(&waiting, 1, look_up_ms);
      for (const StoreEvent& event : store_.take_events()) take(event);
    }
  }

  bool waited_enough() const {
    const std::int64_t since = leaving_since_ns_;
    return since != 0 && (joined_ < hosts_.size() || now_ns() - since > farewell_patience_ns);
  }

  void take(const StoreEvent& event) {
    if (event.kind == StoreEvent::Kind::joined) {
      ++joined_;
      hosts_[static_cast<std::size_t>(event.rank)] = event.host;
    } else if (event.kind == StoreEvent::Kind::finished) {
      ++ended_;
    } else if (event.kind != StoreEvent::Kind::stalling) {
      const std::string reason = describe(event, hosts_);
      std::fputs(fmt::format("podbench: {}\n", reason).c_str(), stderr);
      store_.end_launch();
      std::this_thread::sleep_for(last_word_span);
      launcher_.abort(static_cast<int>(ExitCode::not_completed), reason);
      _exit(static_cast<int>(ExitCode::not_completed));
    }
  }

  Introduction& launcher_;
  StoreServer store_;
  std::vector<std::string> hosts_;
  std::size_t joined_ = 0, ended_ = 0;
  std::atomic<std::int64_t> leaving_since_ns_ = 0;
  std::thread thread_;
};

// Forwards to the store; what it adds is the order in which things end.
class IntroducedRendezvous final : public Rendezvous {
 public:
  IntroducedRendezvous(std::unique_ptr<Introduction> introduction, Deadline deadline)
      : introduction_(std::move(introduction)) {
    const int rank = introduction_->rank();
    if (rank == 0) supervisor_.emplace(*introduction_);
    const std::string shared = introduction_->share(rank == 0 ? invitation() : std::string(), deadline);
    const std::size_t separator = shared.find(';');
    if (separator == std::string::npos) throw RunError("rank 0 does not say where its store is");
    const Secret secret = Secret::from_hex(std::string_view(shared).substr(0, separator));
    const auto ended = [this, rank](const std::string& reason) { end_early(rank, reason); };
    store_ = join_store(std::string_view(shared).substr(separator + 1), secret, rank, introduction_->size(),
                        deadline, ended);
  }

  int rank() const noexcept override { return store_->rank(); }
  int size() const noexcept override { return store_->size(); }
  void publish(std::string_view key, std::span<const std::byte> value) override {
    store_->publish(key, value);
  }
  void fence(Deadline deadline) override { store_->fence(deadline); }
  Blob lookup(int rank, std::string_view key, Deadline deadline) override {
    return store_->lookup(rank, key, deadline);
  }
  const std::string& host(int rank) const override { return store_->host(rank); }
  int node(int rank) const override { return store_->node(rank); }
  const std::string& address() const noexcept override { return store_->address(); }
  const std::string& launch_id() const noexcept override { return store_->launch_id(); }
  void abort(int blamed_rank, std::string_view reason) noexcept override {
    store_->abort(blamed_rank, reason);
  }
  void report_stall(std::span<const int> peers, std::string_view doing) noexcept override {
    store_->report_stall(peers, doing);
  }

 private:
  // On the connection's thread. Where rank 0 cannot speak any more, rank 1 does, unless the launcher, which
  // may have ended rank 0 for another rank's sake, ends this one too and says why; where rank 0 can, it also
  // ends the launch, and an exit before that would leave the exit code to the launcher.
  [[noreturn]] void end_early(int rank, const std::string& reason) noexcept {
    if (rank == 1 && !reason.empty()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(500));
      std::fputs("podbench: rank 0, which leads the launch, is gone\n", stderr);
      introduction_->abort(static_cast<int>(ExitCode::not_completed), "rank 0 is gone");
    }
    if (reason.empty()) std::this_thread::sleep_for(std::chrono::seconds(1));
    _exit(static_cast<int>(ExitCode::not_completed));
  }

  // Fits into what the smallest launcher carries (Introduction::share).
  std::string invitation() const {
    constexpr std::size_t most_address_bytes = 600;
    std::string addresses = supervisor_->store().address();
    while (addresses.size() > most_address_bytes) addresses.resize(addresses.rfind(','));
    return supervisor_->store().secret().hex() + ";" + addresses;
  }

  std::unique_ptr<Introduction> introduction_;
  std::optional<Supervisor> supervisor_;
  std::unique_ptr<Rendezvous> store_;
};

}  // namespace

std::unique_ptr<Rendezvous> join_introduced(std::unique_ptr<Introduction> introduction, Deadline deadline) {
  return std::make_unique<IntroducedRendezvous>(std::move(introduction), deadline);
}

}  // namespace podbench
