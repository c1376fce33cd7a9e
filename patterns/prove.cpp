// Proving an algorithm over many problems, on all cores.
#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "patterns/check.hpp"
#include "patterns/prover/proof.hpp"
#include "patterns/prover/trials.hpp"

namespace podbench {

namespace {

// The threads of one proof. They take the numbers of ranks in ascending order, so that the fault that is
// reported is a small one.
class Prover {
 public:
  Prover(const Pattern& pattern, const Algorithm& algorithm, std::span<const int> rank_counts,
         const Parameters& given)
      : pattern_(pattern),
        algorithm_(algorithm),
        rank_counts_(rank_counts.begin(), rank_counts.end()),
        given_(given) {
    std::ranges::sort(rank_counts_);
  }

  Proof run() {
    const auto cores = std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < std::min(cores, rank_counts_.size()); ++i)
      threads.emplace_back([this] { work(); });
    work();
    threads.clear();
    return std::move(total_);
  }

 private:
  void work() {
    prover::Workspace workspace;
    for (std::size_t i = next_++; i < rank_counts_.size() && !stop_; i = next_++)
      prove_ranks(rank_counts_[i], workspace);
  }

  void prove_ranks(int ranks, prover::Workspace& workspace) {
    Proof proof;
    for (const prover::Trial& trial : prover::trials(pattern_, algorithm_, ranks, given_)) {
      const Problem problem = trial.problem();
      if (refusal(pattern_, algorithm_, problem)) {
        ++proof.skipped;
        continue;
      }
      proof.fault = workspace.check(pattern_, algorithm_, problem);
      proof.steps += workspace.steps();
      ++proof.problems;
      if (proof.fault) {
        proof.fault_problem = trial.name;
        break;
      }
    }
    add(ranks, std::move(proof));
  }

  void add(int ranks, Proof proof) {
    const std::lock_guard lock(mutex_);
    total_.problems += proof.problems;
    total_.steps += proof.steps;
    total_.skipped += proof.skipped;
    if (!proof.fault || (total_.fault && fault_ranks_ < ranks)) return;
    stop_ = true;
    fault_ranks_ = ranks;
    total_.fault = std::move(proof.fault);
    total_.fault_problem = std::move(proof.fault_problem);
  }

  const Pattern& pattern_;
  const Algorithm& algorithm_;
  std::vector<int> rank_counts_;
  const Parameters& given_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> stop_ = false;
  std::mutex mutex_;
  Proof total_;
  int fault_ranks_ = 0;
};

}  // namespace

Proof prove(const Pattern& pattern, const Algorithm& algorithm, std::span<const int> rank_counts,
            const Parameters& given) {
  if (algorithm.generate == nullptr) return {};
  return Prover(pattern, algorithm, rank_counts, given).run();
}

}  // namespace podbench
