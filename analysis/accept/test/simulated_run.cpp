#include "analysis/accept/test/simulated_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "analysis/accept/run_view.hpp"
#include "analysis/accept/suspicion.hpp"
#include "analysis/accept/words.hpp"
#include "analysis/pod/apart_sets.hpp"
#include "analysis/pod/link_groups.hpp"
#include "patterns/stress/tournament.hpp"

namespace podbench::accept::sample {
namespace {

namespace pod_sample = podbench::sample;

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr double stream_bytes = 64e6, copy_seconds = 0.02, latency_seconds = 5e-6, latency_of_hop = 1e-6;
constexpr double lost_packet_seconds = 0.2;  // until it is sent again
constexpr double cpu_slowdown = 2, drop_slowdown = 1.25;
constexpr std::size_t most_turns = 6;

using Ranks = std::pair<std::size_t, std::size_t>;  // sender, receiver

class Simulation {
 public:
  Simulation(const Pod& pod, const Scenario& scenario)
      : pod_(pod), scenario_(scenario), random_(scenario.seed), routes_(pod) {
    std::vector<pod_sample::Fault> slow;
    for (const Planted& fault : scenario.faults)
      if (fault.kind == FaultKind::link) slow.push_back(fault.slow);
    rates_ = pod_sample::rates_with(pod, slow);
    for (std::size_t node = 0; node < pod.nodes.size(); ++node)
      for (std::size_t rail = 0; rail < pod.nodes[node].ports.size(); ++rail)
        ranks_.push_back({static_cast<int>(node), static_cast<int>(rail)});
  }

  Accepted accept() {
    Accepted accepted;
    for (const Stage stage : all_stages) {
      if (stage == Stage::soak) break;
      Next next;
      for (std::size_t turn = 0; turn < most_turns; ++turn) {
        measure(stage, turn == 0 || next.more_launches, next.again);
        accepted.acceptance = judge(run_, pod_);
        next = next_of(accepted.acceptance, run_, pod_, stage);
        if (!next.again.empty()) ++accepted.turns;
        if (next.again.empty() && !next.more_launches) break;
      }
      if (!next.gate_open) break;
    }
    accepted.run = std::move(run_);
    return accepted;
  }

 private:
  [[nodiscard]] const Planted* fault_of(FaultKind kind, int node) const {
    for (const Planted& fault : scenario_.faults)
      if (fault.kind == kind && fault.node == node) return &fault;
    return nullptr;
  }
  [[nodiscard]] bool over_flap(const Flow& flow) {
    for (const Planted& fault : scenario_.faults)
      for (const Arc arc : pod_sample::arcs_met(routes_, flow))
        if (fault.kind == FaultKind::flap && arc.link == fault.link) return true;
    return false;
  }
  double noisy(double value) { return value * std::exp(scenario_.noise * pod_sample::normal(random_)); }
  // A tail that nobody planted.
  double usual_tail() { return 1.05 + 0.1 * random_.unit(); }

  void measure(Stage stage, bool launches, const std::vector<Flow>& again) {
    if (stage == Stage::inventory) return inventory();
    if (const Planted* lost = lost_in(stage)) return lose(stage, *lost);
    std::size_t repeat = 0;
    if (launches) {
      const int done = launches_of_[stage];
      for (const int look : looks)
        if (look > done) {
          repeat = static_cast<std::size_t>(look - done);
          break;
        }
      launches_of_[stage] += static_cast<int>(repeat);
    }
    for (std::size_t r = 0; r < repeat; ++r) measure_once(stage);
    for (const Flow& flow : again) {
      const std::string part = fmt::format("again{}", agains_++);
      for (int r = 0; r < looks[0]; ++r) {
        begin_launch();
        planned(Stage::links, part, {flow}, name_of_flow(flow));
      }
    }
  }

  void measure_once(Stage stage) {
    begin_launch();
    if (stage == Stage::node) {
      copies();
      if (pod_.nodes.size() < ranks_.size()) rings();
    }
    if (stage == Stage::pairs) {
      latencies();
      tournament();
    }
    if (stage == Stage::links) {
      const auto groups = plan_links(pod_).groups, apart = plan_apart(pod_, groups);
      for (std::size_t g = 0; g < groups.size(); ++g)
        planned(Stage::links, fmt::format("set{}", g), groups[g], "");
      for (std::size_t s = 0; s < apart.size(); ++s)
        planned(Stage::links, fmt::format("apart{}", s), apart[s], "");
    }
    if (stage == Stage::scale) collectives();
    if (stage == Stage::congestion) congestion();
  }

  [[nodiscard]] const Planted* lost_in(Stage stage) const {
    for (const Planted& fault : scenario_.faults)
      if ((fault.kind == FaultKind::dead || fault.kind == FaultKind::hang) && fault.at == stage)
        return &fault;
    return nullptr;
  }

  void lose(Stage stage, const Planted& fault) {
    begin_launch();
    const std::string& name = pod_.nodes[static_cast<std::size_t>(fault.node)].name;
    CaseRecord& record = add(stage, "pairs", "", 8);
    record.status = CaseStatus::failed;
    record.key.options["lost"] = name;
    record.note = fmt::format("rank {} on {} {} while pairs", fault.node, name,
                              fault.kind == FaultKind::dead ? "died (signal 9, Killed)" : "hangs");
  }

  void inventory() {
    begin_launch();
    for (std::size_t n = 0; n < pod_.nodes.size(); ++n) {
      const int node = static_cast<int>(n);
      NodeRecord& record = run_.nodes.emplace_back();
      record.node = pod_.nodes[n].name;
      record.attributes = {
          {"cpu.model", "A CPU"},
          {"kernel.release", "6.1.0"},
          {"nic.eth0.mtu_bytes", fault_of(FaultKind::mtu, node) ? "1500" : "9000"},
          {"nic.eth0.before.rx_bytes", std::to_string(random_.below(1'000'000))},
          {"noise.before.missing_ns_per_second", std::to_string(1'000'000 + random_.below(500'000))},
          {"noise.after.missing_ns_per_second", std::to_string(1'000'000 + random_.below(500'000))}};
      for (std::size_t port = 0; port < pod_.nodes[n].ports.size(); ++port)
        record.attributes[fmt::format("nic.eth{}.rate_mbps", port)] =
            fault_of(FaultKind::nic_rate, node) && port == 0 ? "1000" : "10000000";
    }
  }

  void begin_launch() {
    LaunchRecord& launch = run_.launches.emplace_back();
    launch.launch = static_cast<int>(run_.launches.size()) - 1;
    launch.launcher = "local";
    for (const Place& place : ranks_) {
      launch.hosts.push_back(pod_.nodes[static_cast<std::size_t>(place.node)].name);
      launch.nodes.push_back(place.node);
    }
  }

  CaseRecord& add(Stage stage, const std::string& pattern, const std::string& part, std::uint64_t bytes) {
    CaseRecord& record = run_.cases.emplace_back();
    record.key.transport = "tcp", record.key.pattern = pattern, record.key.algorithm = "direct";
    record.key.datatype = "float32", record.key.bytes = bytes;
    record.key.ranks = static_cast<int>(ranks_.size());
    record.key.nodes = static_cast<int>(pod_.nodes.size());
    record.key.options = {{"stage", std::string(accept::name_of(stage))}};
    if (!part.empty()) record.key.options["part"] = part;
    record.launch = run_.launches.back().launch;
    return record;
  }

  void set_samples(CaseRecord& record, double seconds) {
    for (int s = 0; s < 5; ++s)
      record.samples_ns.push_back(static_cast<std::uint64_t>(1e9 * seconds) + static_cast<std::uint64_t>(s));
    record.entry_ns.assign(ranks_.size(), 0);
    record.exit_ns.assign(ranks_.size(), static_cast<std::uint64_t>(1e9 * seconds));
  }

  void make_matrices(CaseRecord& record) {
    record.matrix.assign(ranks_.size() * ranks_.size(), nothing);
    record.matrix_p99 = record.matrix;
    record.samples_ns = {1};
  }

  void copies() {
    CaseRecord& record = add(Stage::node, "copy", "", 64 << 20);
    make_matrices(record);
    for (std::size_t r = 0; r < ranks_.size(); ++r) {
      const double slow = fault_of(FaultKind::slow_cpu, ranks_[r].node) ? cpu_slowdown : 1;
      double& median = record.matrix[r * ranks_.size() + r];
      median = 1e9 * noisy(copy_seconds * slow);
      record.matrix_p99[r * ranks_.size() + r] = median * usual_tail();
    }
  }

  // Of each node's ranks every one sends to the next.
  void rings() {
    CaseRecord& record = add(Stage::node, "flows", "pod", 4 << 20);
    record.key.transport = "shm", record.key.options["matrix"] = "pod";
    make_matrices(record);
    for (std::size_t from = 0; from < ranks_.size(); ++from) {
      const int node = ranks_[from].node;
      std::size_t to = from + 1;
      if (to == ranks_.size() || ranks_[to].node != node)
        for (to = from; to > 0 && ranks_[to - 1].node == node;) --to;
      const double slow = fault_of(FaultKind::slow_cpu, node) ? cpu_slowdown : 1;
      double& median = record.matrix[to * ranks_.size() + from];
      median = 1e9 * noisy(copy_seconds * slow);
      record.matrix_p99[to * ranks_.size() + from] = median * usual_tail();
    }
  }

  [[nodiscard]] Flow flow_of(const Ranks& ends) const {
    const Place &from = ranks_[ends.first], &to = ranks_[ends.second];
    return {from.node, to.node, from.rail, to.rail, 0};
  }

  double slowed(const Flow& flow, double seconds) {
    for (const int node : {flow.from_node, flow.to_node})
      if (fault_of(FaultKind::slow_cpu, node)) seconds *= cpu_slowdown;
    return seconds;
  }
  double tail_seconds(const Flow& flow, double seconds, bool both_ways) {
    double tail = seconds * usual_tail();
    const bool drops =
        fault_of(FaultKind::drop, flow.to_node) || (both_ways && fault_of(FaultKind::drop, flow.from_node));
    if (drops || over_flap(flow)) tail += lost_packet_seconds * (0.9 + 0.2 * random_.unit());
    return tail;
  }

  void latencies() {
    CaseRecord& record = add(Stage::pairs, "pairs", "", 8);
    make_matrices(record);
    for (std::size_t a = 0; a < ranks_.size(); ++a)
      for (std::size_t b = 0; b < ranks_.size(); ++b) {
        if (a == b) continue;
        const Flow flow = flow_of({a, b});
        double hops = 0;
        for (const ArcLoad& load : routes_.of(flow)) hops += load.share;
        const double seconds = noisy(slowed(flow, latency_seconds + hops * latency_of_hop));
        record.matrix[a * ranks_.size() + b] = 1e9 * seconds;
        record.matrix_p99[a * ranks_.size() + b] = 1e9 * tail_seconds(flow, seconds, true);
      }
  }

  std::vector<std::size_t> paths_of(const std::vector<Flow>& flows) {
    std::vector<std::size_t> paths;
    for (std::size_t f = 0; f < flows.size(); ++f) paths.push_back(random_.below(1 << 20));
    return paths;
  }

  // Flows between ranks of a node stay within it.
  std::vector<double> network_rates(const std::vector<Flow>& flows) {
    std::vector<Flow> crossing;
    for (const Flow& flow : flows)
      if (flow.from_node != flow.to_node) crossing.push_back(flow);
    const std::vector<double> rates =
        scenario_.redraws ? pod_sample::rates_on_one_path(pod_, crossing, paths_of(crossing), rates_)
                          : pod_sample::real_rates(pod_, crossing, rates_);
    std::vector<double> all;
    std::size_t next = 0;
    for (const Flow& flow : flows) all.push_back(flow.from_node == flow.to_node ? 0 : rates[next++]);
    return all;
  }

  // Fills a record with the flows of one set; false where a corrupting node takes part in it.
  bool fill(CaseRecord& record, const std::vector<Ranks>& ends, const std::vector<double>& bytes) {
    std::vector<Flow> flows;
    for (const Ranks& one : ends) flows.push_back(flow_of(one));
    const std::vector<double> real = network_rates(flows);
    for (std::size_t f = 0; f < flows.size(); ++f) {
      if (fault_of(FaultKind::corrupt, flows[f].to_node)) {
        record.status = CaseStatus::wrong_data;
        record.wrong = WrongData{static_cast<int>(ends[f].second), 7, "3", "4", 1};
        return false;
      }
      const bool local = flows[f].from_node == flows[f].to_node;
      double seconds = local ? 1e-3 : slowed(flows[f], 8 * bytes[f] / (real[f] * scenario_.efficiency));
      if (fault_of(FaultKind::drop, flows[f].to_node)) seconds *= drop_slowdown;
      seconds = noisy(seconds);
      const std::size_t at = ends[f].second * ranks_.size() + ends[f].first;
      record.matrix[at] = 1e9 * seconds;
      record.matrix_p99[at] = 1e9 * tail_seconds(flows[f], seconds, false);
    }
    return true;
  }

  void tournament() {
    CaseRecord& record = add(Stage::pairs, "flows", "", 1 << 20);
    make_matrices(record);
    const int ranks = static_cast<int>(ranks_.size());
    record.moved_bytes = static_cast<std::uint64_t>(stream_bytes * 2 * (ranks / 2));
    for (int round = 0; round < tournament_rounds(ranks); ++round) {
      std::vector<Ranks> ends;
      for (int rank = 0; rank < ranks; ++rank)
        if (const int partner = tournament_partner(ranks, round, rank); partner >= 0)
          ends.emplace_back(static_cast<std::size_t>(partner), static_cast<std::size_t>(rank));
      if (!fill(record, ends, std::vector<double>(ends.size(), stream_bytes))) return;
    }
  }

  [[nodiscard]] std::size_t rank_of(int node, int rail) const {
    const auto ports = pod_.nodes[static_cast<std::size_t>(node)].ports.size();
    for (std::size_t r = 0; r < ranks_.size(); ++r)
      if (ranks_[r].node == node &&
          static_cast<std::size_t>(ranks_[r].rail) == static_cast<std::size_t>(rail) % ports)
        return r;
    return 0;
  }

  [[nodiscard]] std::string name_of_flow(const Flow& flow) const {
    const auto name = [&](int node, int rail) {
      return pod_.vertices[static_cast<std::size_t>(port_of(pod_, node, rail))].name;
    };
    return name(flow.from_node, flow.from_rail) + " > " + name(flow.to_node, flow.to_rail);
  }

  // Bytes in proportion to the fair shares of a healthy pod.
  void planned(Stage stage, const std::string& part, const std::vector<Flow>& flows,
               const std::string& flow) {
    const std::vector<double> fair = fair_rates(routes_, flows);
    std::vector<Ranks> ends;
    std::vector<double> bytes;
    double moved = 0;
    for (std::size_t f = 0; f < flows.size(); ++f) {
      ends.emplace_back(rank_of(flows[f].from_node, flows[f].from_rail),
                        rank_of(flows[f].to_node, flows[f].to_rail));
      bytes.push_back(fair[f] * 1e-2);
      moved += bytes.back();
    }
    CaseRecord& record = add(stage, "flows", part, 1 << 20);
    record.key.options["matrix"] = part + "#0";
    if (!flow.empty()) record.key.options["flow"] = flow;
    record.moved_bytes = static_cast<std::uint64_t>(moved);
    make_matrices(record);
    (void)fill(record, ends, bytes);
  }

  void collectives() {
    struct Collective {
      const char* pattern;
      double factor;  // of the ceiling
    };
    constexpr std::array<Collective, 3> all = {
        {{"allreduce", 0.9}, {"reduce_scatter", 0.85}, {"allgather", 0.85}}};
    for (const auto& [pattern, factor] : all) {
      CaseRecord& record = add(Stage::scale, pattern, "pod", 1 << 24);
      const int ranks = static_cast<int>(ranks_.size());
      record.bound_bytes =
          (pattern == std::string("allreduce") ? 2.0 : 1.0) * (ranks - 1) / ranks * (1 << 24);
      std::vector<Flow> ring;
      for (int r = 0; r < ranks; ++r) {
        Flow flow = flow_of({static_cast<std::size_t>(r), static_cast<std::size_t>((r + 1) % ranks)});
        flow.bytes = record.bound_bytes;
        if (flow.from_node != flow.to_node) ring.push_back(flow);
      }
      set_samples(record, noisy(least_seconds(routes_, ring) / factor));
    }
  }

  void congestion() {
    CaseRecord& load = add(Stage::congestion, "congestion", "", 8);
    set_samples(load, 1e-5);
    load.impact_mean = noisy(1.3), load.impact_p99 = noisy(1.8);
  }

  const Pod& pod_;
  const Scenario& scenario_;
  Random random_;
  Routes routes_;
  std::vector<double> rates_;
  std::vector<Place> ranks_;
  std::map<Stage, int> launches_of_;
  std::size_t agains_ = 0;
  Run run_;
};

bool names(const Pod& pod, const Planted& planted, const Candidate& candidate) {
  if (planted.kind == FaultKind::link) return candidate.suspect == planted.slow.suspect;
  if (planted.kind == FaultKind::flap)
    return candidate.suspect.kind == SuspectKind::cable && candidate.suspect.index == planted.link;
  return node_of(pod, candidate.suspect) == planted.node;
}

}  // namespace

std::string_view name_of(FaultKind kind) {
  constexpr std::array<std::string_view, 9> names_of_kinds = {"link",     "slow CPU", "drop", "flap", "MTU",
                                                              "NIC rate", "corrupt",  "dead", "hang"};
  return names_of_kinds[static_cast<std::size_t>(kind)];
}

std::string name_of(const Pod& pod, const Planted& planted) {
  if (planted.kind == FaultKind::link)
    return fmt::format("{} at {:.2f}", podbench::name_of(pod, planted.slow.suspect), planted.slow.left);
  if (planted.kind == FaultKind::flap) return "flap of " + name_of_link(pod, planted.link);
  return fmt::format("{} of {}", name_of(planted.kind),
                     pod.nodes[static_cast<std::size_t>(planted.node)].name);
}

Accepted accept(const Pod& pod, const Scenario& scenario) {
  return Simulation(pod, scenario).accept();
}

Verdict verdict_of(const Pod& pod, const Scenario& scenario, const Acceptance& acceptance) {
  std::vector<bool> found(scenario.faults.size());
  bool wrong = false;
  for (const Culprit& culprit : culprits_of(acceptance)) {
    bool fits = false;
    for (std::size_t f = 0; f < scenario.faults.size(); ++f)
      for (const Candidate& candidate : culprit.blame.suspects)
        if (names(pod, scenario.faults[f], candidate)) fits = found[f] = true;
    wrong = wrong || (!fits && culprit.certain);
  }
  if (wrong) return Verdict::wrong;
  const bool all = std::all_of(found.begin(), found.end(), [](bool one) { return one; });
  return all ? Verdict::right : Verdict::missed;
}

}  // namespace podbench::accept::sample
