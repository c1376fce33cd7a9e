#include "bench/accept/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "analysis/accept/acceptance.hpp"
#include "base/random.hpp"
#include "bench/accept/stage_progress.hpp"
#include "bench/accept/watched_rendezvous.hpp"
#include "bench/node_records.hpp"
#include "bench/rendezvous/join.hpp"
#include "bench/rendezvous/store_rendezvous.hpp"
#include "bench/section.hpp"
#include "bench/session.hpp"
#include "bench/shared_text.hpp"
#include "results/spool.hpp"

namespace podbench::accept {
namespace {

constexpr auto joining_time = std::chrono::seconds(60);
// A fence that a rank does not come to; a rank that hangs is to be named within 15 s.
constexpr auto fence_patience = std::chrono::seconds(8);
constexpr auto telling_time = std::chrono::minutes(60);
// A stage may take so many times what is planned, and a little, before no further launch of it is begun.
constexpr std::int64_t overtime = 10, more_time_ns = 60'000'000'000;
// What one second partner shows may ask for another.
constexpr int most_rounds_again = 3;

std::chrono::nanoseconds judging_time(int ranks) {
  return std::chrono::seconds(2) + std::chrono::microseconds(20) * ranks * ranks;
}

LaunchShape named_as_in_pod(LaunchShape shape, const AcceptOrder& order) {
  for (std::string& host : shape.host_of_rank)
    if (const auto known = order.node_of_host.find(host); known != order.node_of_host.end())
      host = known->second;
  return shape;
}

// What is equal on all ranks.
class Ranks {
 public:
  Ranks(const AcceptOrder& order, Rendezvous& rendezvous, const Registry& registry)
      : order_(order), rendezvous_(rendezvous, fence_patience), registry_(registry) {
    SettledLaunch settled = settle_launch(rendezvous_, order.settings.binding);
    shape_ = named_as_in_pod(std::move(settled.shape), order);
    nodes_ = renamed(std::move(settled.nodes));
  }

  [[nodiscard]] bool leads() const { return rendezvous_.rank() == 0; }
  [[nodiscard]] const LaunchShape& shape() const { return shape_; }
  [[nodiscard]] const std::vector<NodeRecord>& nodes() const { return nodes_; }

  // The lead's text on every rank.
  std::string tell(const std::string& text = {}) {
    const std::string key = fmt::format("next.{}", ++told_);
    if (leads()) publish_text(rendezvous_, key, text);
    rendezvous_.expect(judging_time(rendezvous_.size()));
    rendezvous_.fence(Deadline::after(telling_time));
    rendezvous_.expect({});
    return lookup_text(rendezvous_, 0, key, Deadline::after(fence_patience));
  }

  // One section, as `text` tells it.
  void run(const std::string& text) {
    const LaunchOrder section = LaunchOrder::from_json(text);
    Progress silent(0, 0, 0, true);
    for (const PlannedLaunch& launch : section.launches) {
      rendezvous_.expect(std::chrono::nanoseconds(section.settings.time_per_case_ns) * launch.cases.size() *
                         60);
      const LaunchTally tally = run_section({section, launch, shape_, rendezvous_, registry_}, {}, silent);
      (void)tally;  // wrong data is in the records, where it is judged
      rendezvous_.expect({});
    }
  }

  // What is known of the nodes only at the end.
  std::vector<NodeRecord> nodes_after() { return renamed(gather_nodes_after(rendezvous_, shape_)); }

 private:
  [[nodiscard]] std::vector<NodeRecord> renamed(std::vector<NodeRecord> nodes) const {
    for (NodeRecord& node : nodes)
      if (const auto known = order_.node_of_host.find(node.node); known != order_.node_of_host.end())
        node.node = known->second;
    return nodes;
  }

  const AcceptOrder& order_;
  WatchedRendezvous rendezvous_;
  const Registry& registry_;
  LaunchShape shape_;
  std::vector<NodeRecord> nodes_;
  int told_ = 0;
};

// Launch 0: what the nodes are, and no case.
void keep_inventory(const AcceptOrder& order, const Ranks& ranks) {
  SpoolWriter spool(order.spool_folder, 0);
  LaunchRecord record;
  record.launcher = order.launcher;
  record.hosts = ranks.shape().host_of_rank;
  record.nodes = ranks.shape().node_of_rank;
  spool.append(record);
  for (const NodeRecord& node : ranks.nodes()) spool.append(node);
}

// The lead's side.
class StageLead {
 public:
  StageLead(const AcceptOrder& order, Ranks& ranks)
      : order_(order),
        ranks_(ranks),
        pod_(parse_pod(order.pod_text, order.pod_source)),
        planner_(pod_, order.transport, order.within_nodes, Places(pod_, ranks.shape().host_of_rank)),
        random_(order.settings.seed),
        progress_(order.quiet) {}

  void run() {
    keep_inventory(order_, ranks_);
    for (std::size_t i = 0; i < order_.stages.size(); ++i) {
      progress_.begin(order_.stages[i], i + 1, order_.stages.size());
      if (!run_stage(order_.stages[i])) {
        progress_.say("not passed; the stages behind it are not run");
        break;
      }
    }
    ranks_.tell("");
    SpoolWriter spool = SpoolWriter::again(order_.spool_folder, 0);
    for (const NodeRecord& node : ranks_.nodes_after()) spool.append(node);
  }

 private:
  // Whether the next stage may begin.
  bool run_stage(Stage stage) {
    const std::vector<PlannedSection> replicate = planner_.replicate(stage);
    if (stage == Stage::soak) return soak(replicate);
    begun_ns_ = now_ns();
    int done = 0;
    for (const int look : looks) {
      if (look > order_.most_launches) break;
      if (!run_until(look, replicate, done)) {
        progress_.say(fmt::format("its time is over after {} of {} launches", done, look));
        return look_at(stage).passable;
      }
      Look found = look_at(stage);
      for (int round = 0; round < most_rounds_again && !found.next.again.empty(); ++round) {
        measure_again(found.next.again, done);
        found = look_at(stage);
      }
      if (replicate.empty() || !found.next.more_launches) return found.passable;
    }
    return look_at(stage).passable;
  }

  // False where the stage's time is over before.
  bool run_until(int look, const std::vector<PlannedSection>& replicate, int& done) {
    const std::int64_t launch_ns = expected_ns(replicate);
    const std::int64_t budget_ns = overtime * launch_ns * look + more_time_ns;
    for (; done < look && !replicate.empty(); ++done) {
      if (now_ns() - begun_ns_ > budget_ns) return false;
      const std::int64_t each_ns = done == 0 ? launch_ns : (now_ns() - begun_ns_) / done;
      progress_.launch(done + 1, look, each_ns * (look - done));
      run_once(replicate, done);
    }
    return true;
  }

  bool soak(const std::vector<PlannedSection>& replicate) {
    const std::int64_t until_ns = now_ns() + order_.soak_ns;
    for (int done = 0; now_ns() < until_ns && !replicate.empty(); ++done) {
      progress_.say(fmt::format("repetition {}, {} left", done + 1, about(until_ns - now_ns())));
      run_once(replicate, done);
    }
    return look_at(Stage::soak).passable;
  }

  void measure_again(const std::vector<Flow>& flows, int launches) {
    progress_.say(fmt::format("{} flow{} with second partners, {} launches", flows.size(),
                              flows.size() == 1 ? "" : "s", launches));
    const std::vector<PlannedSection> replicate{planner_.second_partners(flows)};
    for (int done = 0; done < launches; ++done) run_once(replicate, done);
  }

  void run_once(const std::vector<PlannedSection>& sections, int replicate) {
    for (PlannedSection section : sections) {
      section.launch.launch = next_launch_++;
      section.launch.replicate = replicate;
      random_.shuffle(std::span(section.launch.cases));
      LaunchOrder told;
      told.settings = order_.settings;
      told.settings.time_per_case_ns = section.time_per_case_ns;
      told.settings.check = section.check;
      told.spool_folder = order_.spool_folder;
      told.launcher = order_.launcher;
      told.quiet = true;
      told.launches = {std::move(section.launch)};
      ranks_.run(ranks_.tell(told.to_json()));
    }
  }

  struct Look {
    Next next;
    bool passable;  // whether the next stage may begin, where nothing more is measured for this one
  };
  Look look_at(Stage stage) const {
    const Run run = read_spool(order_.spool_folder).run;
    const Acceptance acceptance = judge(run, pod_);
    const Next next = next_of(acceptance, run, pod_, stage);
    const bool failed = std::any_of(
        acceptance.stages.begin(), acceptance.stages.end(),
        [&](const StageReport& report) { return report.stage == stage && report.outcome == Outcome::fail; });
    return {next, next.gate_open || stage == Stage::pairs || !failed};
  }

  static std::int64_t expected_ns(const std::vector<PlannedSection>& sections) {
    std::int64_t total = 0;
    for (const PlannedSection& section : sections) total += section.expected_ns;
    return total;
  }

  const AcceptOrder& order_;
  Ranks& ranks_;
  Pod pod_;
  Planner planner_;
  Random random_;
  StageProgress progress_;
  int next_launch_ = 1;        // behind the inventory
  std::int64_t begun_ns_ = 0;  // of the stage
};

// The others do what they are told until they are told nothing.
void follow(Ranks& ranks) {
  for (std::string text = ranks.tell(); !text.empty(); text = ranks.tell()) ranks.run(text);
  const std::vector<NodeRecord> nodes = ranks.nodes_after();
  (void)nodes;  // the lead has them
}

ExitCode take_part(const AcceptOrder& order, Rendezvous& rendezvous, const Registry& registry) {
  Ranks ranks(order, rendezvous, registry);
  if (order.pod_text.empty()) {  // only to know what the nodes are
    if (ranks.leads()) keep_inventory(order, ranks);
    return ExitCode::good;
  }
  if (!ranks.leads()) {
    follow(ranks);
    return ExitCode::good;
  }
  std::optional<StageLead> lead;
  try {
    lead.emplace(order, ranks);
  } catch (const RequestError& error) {
    fmt::print(stderr, "podbench: {}\n", error.what());
    ranks.tell("");
    (void)ranks.nodes_after();
    return ExitCode::wrong_request;
  }
  lead->run();
  return ExitCode::good;
}

}  // namespace

ExitCode run_stages(const AcceptOrder& order, Rendezvous& rendezvous, const Registry& registry) {
  std::exception_ptr broken;
  try {
    return take_part(order, rendezvous, registry);
  } catch (...) {
    broken = std::current_exception();
  }
  end_launch(rendezvous, std::move(broken));
}

ExitCode run_accept_rank() {
  const std::unique_ptr<Rendezvous> rendezvous = join_launch(Deadline::after(joining_time));
  const Registry registry;
  const AcceptOrder order = AcceptOrder::from_json(
      lookup_text(*rendezvous, director_rank, order_key, Deadline::after(joining_time)));
  return run_stages(order, *rendezvous, registry);
}

}  // namespace podbench::accept
