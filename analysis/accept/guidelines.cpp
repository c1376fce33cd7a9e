// Self-consistency guidelines: what a collective must not be slower than, without any vendor's number.
//
// J. L. Träff, W. D. Gropp, R. Thakur, "Self-consistent MPI performance guidelines", IEEE TPDS 21(5), 2010;
// S. Hunold, A. Carpen-Amarie, "Tuning MPI collectives by verifying performance guidelines", HPC Asia 2018. A
// guideline is held only where the algorithms' own costs keep it: a ring that takes more rounds than two
// trees is a choice of the user's, not a fault of the pod. Small messages are held by rounds, large by
// elements.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/accept/checks.hpp"
#include "analysis/accept/scale.hpp"
#include "analysis/accept/stage_judges.hpp"
#include "base/quantity.hpp"
#include "patterns/pattern.hpp"

namespace podbench::accept {
namespace {

constexpr double tolerance = 0.10;  // as Hunold & Carpen-Amarie
constexpr std::uint64_t small_bytes = 4096, large_bytes = 256 * 1024;

struct Guideline {
  std::string_view whole;
  std::vector<std::string_view> parts;
};

const std::vector<Guideline>& guidelines() {
  static const std::vector<Guideline> all = {{"allreduce", {"reduce", "broadcast"}},
                                             {"allreduce", {"reduce_scatter", "allgather"}},
                                             {"allgather", {"gather", "broadcast"}}};
  return all;
}

// The cost of a known algorithm for as many elements as bytes; nothing where it has no formula.
std::optional<Cost> cost_of(const CaseKey& key) {
  const Algorithm* algorithm = find_algorithm(key.pattern, key.algorithm);
  if (algorithm == nullptr || algorithm->cost == nullptr) return std::nullopt;
  Problem problem;
  problem.ranks = key.ranks;
  problem.count = key.bytes;
  return algorithm->cost(problem);
}

bool kept_by_cost(const CaseKey& whole, const std::vector<const CaseSeries*>& parts) {
  std::optional<Cost> own = cost_of(whole);
  Cost sum;
  for (const CaseSeries* part : parts) {
    const std::optional<Cost> cost = cost_of(part->key);
    if (!cost) own.reset();
    if (!own) return true;  // a library's own: it may choose, so it must keep its promises
    sum.rounds += cost->rounds, sum.sent_elements += cost->sent_elements;
  }
  const bool rounds = own->rounds <= sum.rounds, elements = own->sent_elements <= sum.sent_elements;
  return whole.bytes <= small_bytes ? rounds : whole.bytes >= large_bytes ? elements : rounds && elements;
}

bool comparable(const CaseKey& a, const CaseKey& b) {
  return a.transport == b.transport && a.datatype == b.datatype && a.cadence == b.cadence &&
         a.sync == b.sync && a.buffers == b.buffers;
}

class Guidelines {
 public:
  Guidelines(const RunView& view, StageReport& report)
      : report_(report), all_(view.series(Stage::scale)), shared_(view.cores_are_shared()) {
    std::erase_if(all_, [](const CaseSeries& series) { return !timed(series); });
  }

  void hold() {
    for (const CaseSeries& whole : all_) {
      no_slower_than_larger(whole);
      if (shared_ && whole.key.bytes <= small_bytes) continue;
      for (const Guideline& guideline : guidelines())
        if (guideline.whole == whole.key.pattern) hold(whole, guideline);
      no_slower_than_all_ranks(whole);
    }
    if (shared_ && !all_.empty())
      report_.notes.push_back(fmt::format(
          "ranks share cores on some node: the scheduler decides what is short, so that collectives of up "
          "to {} are held against larger ones only",
          format_bytes(small_bytes)));
  }

 private:
  [[nodiscard]] const CaseSeries* find(std::string_view pattern, const CaseKey& like) const {
    for (const CaseSeries& series : all_)
      if (series.key.pattern == pattern && comparable(series.key, like) && series.key.bytes == like.bytes &&
          series.key.ranks == like.ranks && option(series.key, "part") == option(like, "part"))
        return &series;
    return nullptr;
  }

  void hold(const CaseSeries& whole, const Guideline& guideline) {
    std::vector<const CaseSeries*> parts;
    std::string names;
    for (const std::string_view pattern : guideline.parts) {
      const CaseSeries* part = find(pattern, whole.key);
      if (part == nullptr) return;
      parts.push_back(part);
      names += fmt::format("{}{}", names.empty() ? "" : " + ", pattern);
    }
    if (kept_by_cost(whole.key, parts)) compare(whole, parts, names);
  }

  void no_slower_than_larger(const CaseSeries& smaller) {
    const CaseSeries* next = nullptr;
    for (const CaseSeries& series : all_)
      if (series.key.pattern == smaller.key.pattern && series.key.algorithm == smaller.key.algorithm &&
          comparable(series.key, smaller.key) && series.key.ranks == smaller.key.ranks &&
          option(series.key, "part") == option(smaller.key, "part") && series.key.bytes > smaller.key.bytes &&
          (next == nullptr || series.key.bytes < next->key.bytes))
        next = &series;
    if (next != nullptr) compare(smaller, {next}, "the next larger message");
  }

  void no_slower_than_all_ranks(const CaseSeries& fewer) {
    if (option(fewer.key, "part") != "racks") return;
    for (const CaseSeries& series : all_)
      if (series.key.pattern == fewer.key.pattern && series.key.algorithm == fewer.key.algorithm &&
          comparable(series.key, fewer.key) && series.key.bytes == fewer.key.bytes &&
          series.key.ranks > fewer.key.ranks)
        return compare(fewer, {&series}, "all ranks");
  }

  void compare(const CaseSeries& whole, const std::vector<const CaseSeries*>& parts,
               const std::string& names) {
    std::size_t launches = whole.launches.size();
    for (const CaseSeries* part : parts) launches = std::min(launches, part->launches.size());
    std::vector<double> ratios;
    for (std::size_t l = 0; l < launches; ++l) {
      double sum = 0;
      for (const CaseSeries* part : parts) sum += median_seconds(*part->launches[l]);
      ratios.push_back(median_seconds(*whole.launches[l]) / sum);
    }
    report_.checks.push_back(check_of({name_of(whole), "no slower than " + names, "ratio", Limit::at_most,
                                       1 + tolerance, "self-consistency"},
                                      ratios));
  }

  StageReport& report_;
  std::vector<CaseSeries> all_;
  bool shared_;
};

}  // namespace

void add_guidelines(const RunView& view, StageReport& report) {
  Guidelines(view, report).hold();
}

}  // namespace podbench::accept
