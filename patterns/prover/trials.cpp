#include "patterns/prover/trials.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "patterns/alltoallv/count_matrix.hpp"
#include "patterns/imported/imported_schedule.hpp"
#include "patterns/prover/trial_workload.hpp"

namespace podbench::prover {

namespace {

constexpr int thorough_ranks = 32;
constexpr int dense_ranks = 96, often_dense_ranks = 384;
constexpr std::size_t short_plan_actions = 64;

template <class Value>
std::vector<Value> distinct(std::vector<Value> values) {
  std::ranges::sort(values);
  const auto rest = std::ranges::unique(values);
  values.erase(rest.begin(), rest.end());
  return values;
}

bool is_prime(int n) {
  for (int d = 2; d * d <= n; ++d)
    if (n % d == 0) return false;
  return n > 1;
}

// Whether a rank in the middle has few actions however many ranks there are.
bool has_short_plans(const Pattern& pattern, const Algorithm& algorithm, int ranks) {
  const Problem problem{ranks / 2, ranks, static_cast<std::uint64_t>(ranks) + 1, {}, {}};
  return !refusal(pattern, algorithm, problem) &&
         algorithm.generate(problem).actions.size() <= short_plan_actions;
}

// See trials().
std::vector<std::uint64_t> counts_for(const Pattern& pattern, const Algorithm& algorithm, int ranks) {
  const auto p = static_cast<std::uint64_t>(ranks);
  const std::vector<std::uint64_t> uneven{2 * p + 3, p + 1, 1'000'003, p, 3 * p - 1, p - 1};
  if (ranks <= thorough_ranks) {
    std::vector<std::uint64_t> all{0, 1, 7};
    all.insert(all.end(), uneven.begin(), uneven.end());
    return distinct(all);
  }
  const bool step = (pattern.knobs & knob_workload) != 0;  // its parts are proved by themselves
  const bool often = !step && ranks <= often_dense_ranks && (ranks % 32 == 0 || is_prime(ranks));
  const bool dense = ranks <= dense_ranks || often || has_short_plans(pattern, algorithm, ranks);
  return {dense ? uneven[p % uneven.size()] : p / 8 + 3};
}

// Each trial with each value, or above thorough_ranks with the one whose turn it is.
template <class Value, class Set>
void spread(std::vector<Trial>& trials, const char* name, const std::vector<Value>& values, Set set) {
  std::vector<Trial> all;
  for (std::size_t i = 0; i < trials.size(); ++i)
    for (std::size_t v = 0; v < values.size(); ++v) {
      const std::size_t turn = (static_cast<std::size_t>(trials[i].ranks) + i) % values.size();
      if (trials[i].ranks > thorough_ranks && v != turn) continue;
      all.push_back(trials[i]);
      set(all.back(), values[v]);
      all.back().name += fmt::format(" {}={}", name, values[v]);
    }
  trials.swap(all);
}

std::vector<Trial> trials_of_schedule(int ranks, const Parameters& given) {
  const std::uint64_t chunks = given.schedule ? given.schedule->chunks : 1;
  std::vector<Trial> all;
  for (const std::uint64_t elements : {0, 1, 2, 7, 1'000'003}) {
    const std::uint64_t count = elements * chunks;
    all.push_back({ranks, count, given, {}, fmt::format("p={} count={}", ranks, count)});
  }
  return all;
}

// Streams of uneven lengths from every rank but each third one to the next but one; of two ranks, one way.
std::shared_ptr<const CountMatrix> streams(int ranks, std::uint64_t count) {
  CountMatrix matrix{{"streams", ""}, ranks, {}};
  const auto p = static_cast<std::size_t>(ranks);
  matrix.counts.resize(p * p);
  for (std::size_t from = 0; from < p; ++from)
    if (const std::size_t to = (from + (p > 2 ? 2 : 1)) % p; from % 3 != 2 && (p > 2 || from == 0))
      matrix.counts[from * p + to] = count + from;
  return std::make_shared<const CountMatrix>(std::move(matrix));
}

// Nodes as pods have them: full ones, one that is short, and ranks dealt out in turn.
std::vector<std::vector<int>> node_layouts(int ranks) {
  std::vector<std::vector<int>> layouts(4);
  for (int r = 0; r < ranks; ++r) {
    layouts[1].push_back(r / 4);
    layouts[2].push_back(r % 3);
    layouts[3].push_back(r < 1 ? 0 : 1 + (r - 1) / 5);
  }
  return layouts;
}

}  // namespace

std::vector<Trial> trials(const Pattern& pattern, const Algorithm& algorithm, int ranks,
                          const Parameters& given) {
  const std::uint32_t knobs = pattern.knobs | algorithm.knobs;
  if ((knobs & knob_schedule) != 0) return trials_of_schedule(ranks, given);
  std::vector<Trial> all;
  for (const std::uint64_t count : counts_for(pattern, algorithm, ranks))
    all.push_back({ranks, count, {}, {}, fmt::format("p={} count={}", ranks, count)});
  if ((knobs & knob_workload) != 0)
    for (Trial& trial : all) {
      trial.parameters.workload = trial_workload();
      trial.parameters.scale = trial_scale(trial.count);
    }
  if ((knobs & knob_root) != 0)
    spread(all, "root", distinct(std::vector{0, ranks / 2, ranks - 1, std::min(1, ranks - 1)}),
           [](Trial& t, int root) { t.parameters.root = root; });
  if ((knobs & knob_radix) != 0)
    spread(all, "radix", std::vector{2, 3, 4, 7}, [](Trial& t, int radix) { t.parameters.radix = radix; });
  if ((knobs & knob_window) != 0)
    spread(all, "window", std::vector{1, 3, 64}, [](Trial& t, int window) { t.parameters.window = window; });
  if ((knobs & knob_segment) != 0)
    spread(all, "segments", std::vector<std::uint64_t>{0, 3, 17}, [](Trial& t, std::uint64_t segments) {
      t.parameters.segment_count = segments == 0 ? 0 : t.count / segments + 1;
    });
  if ((knobs & knob_shift) != 0)
    spread(all, "shift", distinct(std::vector{1, 2, -1, ranks, ranks / 2}),
           [](Trial& t, int shift) { t.parameters.shift = shift; });
  if ((knobs & knob_grid) != 0)
    spread(all, "wrap", std::vector{0, 1}, [](Trial& t, int wrap) { t.parameters.wrap = wrap != 0; });
  if ((knobs & knob_skew) != 0)
    spread(all, "skew", std::vector{0.0, 1.2}, [](Trial& t, double skew) { t.parameters.skew = skew; });
  if ((knobs & (knob_seed | knob_skew)) != 0)
    spread(all, "seed", std::vector<std::uint64_t>{0, 42},
           [](Trial& t, std::uint64_t seed) { t.parameters.seed = seed; });
  if ((knobs & knob_round) != 0)
    spread(all, "round", distinct(std::vector{0, 1, ranks / 2, ranks - 2}),
           [](Trial& t, int round) { t.parameters.round = std::max(round, 0); });
  if ((knobs & knob_matrix) != 0)
    spread(all, "matrix", std::vector{0, 1}, [](Trial& t, int given_one) {
      if (given_one != 0 && t.ranks > 1) t.parameters.matrix = streams(t.ranks, t.count);
    });
  if ((knobs & knob_aggressors) != 0)
    spread(all, "aggressors", std::vector{0, 1}, [](Trial& t, int on) { t.parameters.aggressors = on != 0; });
  if ((knobs & knob_nodes) != 0)
    spread(all, "nodes", node_layouts(ranks),
           [](Trial& t, const std::vector<int>& nodes) { t.nodes = nodes; });
  return all;
}

}  // namespace podbench::prover
