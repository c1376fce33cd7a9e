#include "bench/direct/test/local_ranks.hpp"

#include <fmt/format.h>

#include <barrier>
#include <thread>

#include "bench/data_check.hpp"
#include "patterns/check.hpp"
#include "transports/host_memory.hpp"

namespace podbench::direct {
namespace {

class NeverBatch final : public Batch {
 public:
  void post() override {}
  [[nodiscard]] bool test() override { return false; }
};

class LocalEndpoint final : public Endpoint {
 public:
  LocalEndpoint(int rank, int size) : rank_(rank), size_(size) {}
  [[nodiscard]] int rank() const noexcept override { return rank_; }
  [[nodiscard]] int size() const noexcept override { return size_; }
  [[nodiscard]] const Capabilities& capabilities() const noexcept override { return capabilities_; }
  [[nodiscard]] std::unique_ptr<Memory> allocate(std::size_t bytes) override {
    return allocate_host_memory(bytes);
  }
  [[nodiscard]] std::unique_ptr<Memory> adopt(std::byte* data, std::size_t bytes) override {
    return adopt_host_memory(data, bytes);
  }
  [[nodiscard]] std::unique_ptr<Batch> prepare(std::span<const Transfer>) override {
    return std::make_unique<NeverBatch>();
  }
  void block(std::chrono::microseconds) override { std::this_thread::yield(); }
  void close(Deadline) override {}

 private:
  int rank_, size_;
  Capabilities capabilities_;
};

struct LocalRank {
  LocalRank(const PlannedCase& planned, int rank, const Schedule& schedule)
      : endpoint(rank, planned.ranks), pool(endpoint, BufferKind::transport), patience(endpoint, waiter) {
    const Pattern& pattern = *find_pattern(planned.pattern);
    problem = problem_of(planned, rank, {});
    buffers.emplace(pool, size_of(planned.type), pattern.input_count(problem), pattern.output_count(problem),
                    schedule.scratch_count, 0);
    lanes = std::vector<Lane>(static_cast<std::size_t>(planned.ranks));
  }
  [[nodiscard]] BufferBases bases() const {
    return {buffers->memory(Buffer::input).data(), buffers->memory(Buffer::output).data(),
            buffers->memory(Buffer::scratch).data()};
  }

  LocalEndpoint endpoint;
  Waiter waiter{true, std::chrono::seconds(60)};
  BufferPool pool;
  Patience patience;
  Problem problem;
  std::optional<CaseBuffers> buffers;
  std::vector<Lane> lanes;
  Links links;
  std::optional<Program> program;
};

void connect(std::vector<std::unique_ptr<LocalRank>>& ranks) {
  for (std::size_t r = 0; r < ranks.size(); ++r)
    for (std::size_t peer = 0; peer < ranks.size(); ++peer) {
      Link link;
      link.ours = &ranks[r]->lanes[peer];
      link.theirs = &ranks[peer]->lanes[r];
      ranks[r]->links.push_back(link);
    }
}

// As rank `r` has them.
std::vector<BufferBases> bases_for(int r, std::vector<BufferBases> bases, std::span<const SeenBuffers> seen) {
  for (std::size_t peer = 0; peer < bases.size(); ++peer)
    for (std::size_t buffer = 0; buffer < seen[peer].size(); ++buffer)
      if (peer != static_cast<std::size_t>(r) && !seen[peer][buffer]) bases[peer][buffer] = nullptr;
  return bases;
}

}  // namespace

std::string run_locally(const PlannedCase& planned, int rounds, int runs, bool past_caches) {
  const Algorithm& algorithm = *find_algorithm(planned.pattern, planned.algorithm);
  const std::vector<Schedule> schedules = generate_all(algorithm, problem_of(planned, 0, {}));
  const Edges edges = find_edges(schedules, size_of(planned.type));
  const std::vector<SeenBuffers> seen = seen_by_peers(schedules, edges);
  std::vector<std::unique_ptr<LocalRank>> ranks;
  std::vector<BufferBases> bases;
  for (int r = 0; r < planned.ranks; ++r) {
    ranks.push_back(std::make_unique<LocalRank>(planned, r, schedules[static_cast<std::size_t>(r)]));
    bases.push_back(ranks.back()->bases());
  }
  connect(ranks);
  std::barrier together(planned.ranks);
  std::vector<std::string> wrong(ranks.size());
  const auto live = [&](int r) {
    LocalRank& rank = *ranks[static_cast<std::size_t>(r)];
    rank.program.emplace(make_plan(schedules, edges, r),
                         Setting{.rank = r,
                                 .links = rank.links,
                                 .patience = rank.patience,
                                 .bases = bases_for(r, bases, seen),
                                 .element_bytes = size_of(planned.type),
                                 .reduce = reducer_for(planned.type, planned.op),
                                 .past_caches = past_caches});
    for (int round = 0; round < rounds; ++round) {
      fill(*rank.buffers, planned, r, static_cast<std::uint64_t>(round));
      together.arrive_and_wait();
      for (int run = 0; run < runs; ++run) rank.program->run();
      together.arrive_and_wait();
      const auto found =
          check_output(*rank.buffers, planned, rank.problem, static_cast<std::uint64_t>(round));
      if (found && wrong[static_cast<std::size_t>(r)].empty())
        wrong[static_cast<std::size_t>(r)] =
            fmt::format("{} round {} rank {} element {}: {} is to be {}", name_of(planned), round, r,
                        found->element, found->found, found->expected);
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int r = 0; r < planned.ranks; ++r) threads.emplace_back(live, r);
  }
  for (const std::string& one : wrong)
    if (!one.empty()) return one;
  return {};
}

}  // namespace podbench::direct
