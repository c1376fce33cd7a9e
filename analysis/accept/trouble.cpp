// What ends a stage or spoils its data, and which node it leads to.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/accept/checks.hpp"
#include "analysis/accept/stage_judges.hpp"
#include "patterns/stress/tournament.hpp"

namespace podbench::accept {
namespace {

struct Ends {
  int from = -1, to = -1;  // nodes; −1: not known
};

// A node in one role, with the partners that it had wrong and right data with, as far as they are known.
struct Role {
  bool seen_wrong = false;
  std::set<int> wrong, right;

  void add_wrong(int partner) {
    seen_wrong = true;
    if (partner >= 0) wrong.insert(partner);
  }
  [[nodiscard]] bool suspect() const { return seen_wrong && (right.empty() || right.size() < wrong.size()); }
};

// "n01 > n04", "n01:1 > n04:0", of a second partner's case.
Ends ends_of_option(const RunView& view, std::string_view flow) {
  const std::size_t arrow = flow.find(" > ");
  if (arrow == std::string_view::npos || flow.find(',') != std::string_view::npos) return {};
  const auto node = [&](std::string_view port) { return view.node(port.substr(0, port.find(':'))); };
  return {node(flow.substr(0, arrow)), node(flow.substr(arrow + 3))};
}

// In a tournament a record ends at the round with the wrong element: the first without a time.
int tournament_sender(const CaseRecord& record, int receiver) {
  const auto ranks = static_cast<std::size_t>(record.key.ranks);
  for (int round = 0; round < tournament_rounds(record.key.ranks); ++round) {
    const int partner = tournament_partner(record.key.ranks, round, receiver);
    if (partner < 0) continue;
    const std::size_t at = static_cast<std::size_t>(receiver) * ranks + static_cast<std::size_t>(partner);
    if (record.matrix.size() != ranks * ranks || !std::isfinite(record.matrix[at])) return partner;
  }
  return -1;
}

// Of a planned set, from a launch in which it went well.
int planned_sender(const RunView& view, const CaseRecord& record, int receiver) {
  const auto ranks = static_cast<std::size_t>(record.key.ranks);
  for (const CaseRecord* other : view.records(parse_stage(option(record, "stage")))) {
    if (!(other->key == record.key) || other->matrix.size() != ranks * ranks) continue;
    for (std::size_t from = 0; from < ranks; ++from)
      if (std::isfinite(other->matrix[static_cast<std::size_t>(receiver) * ranks + from]))
        return static_cast<int>(from);
  }
  return -1;
}

bool point_to_point(const CaseRecord& record) {
  return record.key.pattern == "flows" || record.key.pattern == "pairs";
}

Ends ends_of_wrong(const RunView& view, const CaseRecord& record) {
  if (const auto flow = option(record, "flow"); !flow.empty()) return ends_of_option(view, flow);
  const auto places = view.places(record.launch);
  const int receiver = record.wrong->rank;
  const int sender = option(record, "matrix").empty() ? tournament_sender(record, receiver)
                                                      : planned_sender(view, record, receiver);
  const auto node = [&](int rank) {
    return rank < 0 || static_cast<std::size_t>(rank) >= places.size()
               ? -1
               : places[static_cast<std::size_t>(rank)].node;
  };
  return {node(sender), node(receiver)};
}

class WrongDataJudge {
 public:
  WrongDataJudge(const RunView& view, StageReport& report) : view_(view), report_(report) {}

  void judge() {
    for (const CaseRecord* record : view_.records(report_.stage)) take(*record);
    if (!found_) return;
    // Pairs tell who with whom, links who with a second partner: both count.
    if (report_.stage == Stage::links)
      for (const CaseRecord* record : view_.records(Stage::pairs)) witness(*record);
    blame();
  }

 private:
  void take(const CaseRecord& record) {
    witness(record);
    if (record.status != CaseStatus::wrong_data || !record.wrong) return;
    found_ = true;
    const auto places = view_.places(record.launch);
    const auto rank = static_cast<std::size_t>(std::max(record.wrong->rank, 0));
    const std::string where = rank < places.size() ? view_.name(places[rank].node) : "?";
    report_.checks.push_back(plain_check(
        where, "right data", Outcome::fail, "exact contents",
        fmt::format("{} {}: element {} is {} instead of {}, {} wrong in all, launch {}", record.key.pattern,
                    option(record, "part"), record.wrong->element, record.wrong->found,
                    record.wrong->expected, record.wrong->wrong_elements, record.launch)));
  }

  void witness(const CaseRecord& record) {
    if (!point_to_point(record)) return;
    const bool wrong = record.status == CaseStatus::wrong_data && record.wrong;
    const Ends ends = wrong ? ends_of_wrong(view_, record) : ends_of_option(view_, option(record, "flow"));
    if (wrong) {
      if (ends.to >= 0) receiving_[ends.to].add_wrong(ends.from);
      if (ends.from >= 0) sending_[ends.from].add_wrong(ends.to);
    } else if (ends.from >= 0 && ends.to >= 0 && !record.matrix.empty()) {
      receiving_[ends.to].right.insert(ends.from);
      sending_[ends.from].right.insert(ends.to);
    }
  }

  void blame() {
    struct Accused {
      int node;
      Way way;
      std::size_t partners;
    };
    std::vector<Accused> accused;
    for (const auto* roles : {&receiving_, &sending_})
      for (const auto& [node, role] : *roles)
        if (role.suspect())
          accused.push_back({node, roles == &receiving_ ? Way::in : Way::out, role.wrong.size()});
    std::stable_sort(accused.begin(), accused.end(),
                     [](const Accused& a, const Accused& b) { return a.partners > b.partners; });
    if (accused.empty()) return;
    // Two partners that saw it outweigh one.
    std::erase_if(accused,
                  [most = accused.front().partners](const Accused& one) { return one.partners < most; });
    const double each = 1 / static_cast<double>(accused.size());
    Blame blame;
    std::string names;
    for (const Accused& one : accused) {
      const Suspect suspect{SuspectKind::node, one.way, one.node};
      blame.suspects.push_back({suspect, no_number, each});
      names += (names.empty() ? "" : " or ") + name_of(view_.pod(), suspect);
    }
    blame.confidence = 1;
    blame.effect_lo = blame.effect_hi = no_number;
    blame.next =
        accused.size() > 1 ? second_partner(accused.front().node, accused.front().way) : std::nullopt;
    const bool certain = accused.size() == 1 && accused.front().partners >= 2;
    if (accused.size() == 1 && !certain)
      blame.next = second_partner(accused.front().node, accused.front().way);
    report_.culprits.insert(report_.culprits.begin(), Culprit{blame, names + ": corrupts data", certain});
  }

  // With whom the accused has not been tried, nor accused itself.
  [[nodiscard]] std::optional<Flow> second_partner(int node, Way way) const {
    for (int other = 0; other < static_cast<int>(view_.pod().nodes.size()); ++other) {
      const bool clean = other != node && !receiving_.contains(other) && !sending_.contains(other);
      if (clean) return way == Way::in ? Flow{other, node, 0, 0, 0} : Flow{node, other, 0, 0, 0};
    }
    return std::nullopt;
  }

  const RunView& view_;
  StageReport& report_;
  bool found_ = false;
  std::map<int, Role> receiving_, sending_;
};

void add_lost(const RunView& view, StageReport& report) {
  std::set<std::string> told;
  for (const CaseRecord* record : view.records(report.stage)) {
    if (record->status != CaseStatus::failed) continue;
    const std::string_view lost = option(*record, "lost");
    if (lost.empty()) {
      report.checks.push_back(
          plain_check(record->key.name(), "completed", Outcome::inconclusive, "", record->note));
      continue;
    }
    if (!told.insert(std::string(lost)).second) continue;
    const int node = view.node(lost);
    report.checks.push_back(plain_check(std::string(lost), "answers", Outcome::fail, "", record->note));
    if (node >= 0) {
      report.culprits.insert(report.culprits.begin(),
                             Culprit{blame_of_node(node, Way::both, no_number, 1),
                                     fmt::format("node {}: {}", view.name(node), record->note), true});
    }
  }
}

}  // namespace

void add_trouble(const RunView& view, StageReport& report) {
  WrongDataJudge(view, report).judge();
  add_lost(view, report);
}

}  // namespace podbench::accept
