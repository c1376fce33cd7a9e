#include "analysis/compare/tuning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "analysis/compare/match.hpp"
#include "analysis/compare/tuning_formats.hpp"
#include "analysis/document.hpp"

namespace podbench::compare {
namespace {

using nlohmann::ordered_json;

CaseKey table_key(const CaseKey& key) {
  CaseKey task = task_of(key);
  task.bytes = 0;
  task.ranks = 0;
  return task;
}

bool same_choice(const CaseKey& a, const CaseKey& b) {
  return a.algorithm == b.algorithm && a.options == b.options;
}

std::uint64_t border(std::uint64_t below, std::uint64_t above) {
  const double middle =
      std::sqrt(static_cast<double>(std::max<std::uint64_t>(below, 1)) * static_cast<double>(above));
  return std::clamp(static_cast<std::uint64_t>(std::llround(middle)), below + 1, above);
}

TuningRanks ranges_of(int ranks, const std::map<std::uint64_t, const BestAlgorithm*>& by_size) {
  TuningRanks result{ranks, {}};
  std::uint64_t below = 0;
  for (const auto& [bytes, best] : by_size) {
    if (result.ranges.empty())
      result.ranges.push_back({0, best});
    else if (!same_choice(result.ranges.back().best->key, best->key))
      result.ranges.push_back({border(below, bytes), best});
    below = bytes;
  }
  return result;
}

// A name for a file from a transport's: "libfabric:tcp" -> "libfabric-tcp".
std::string file_word(const std::string& transport) {
  std::string word;
  for (const char c : transport) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    word += plain ? c : '-';
  }
  return word;
}

void add_file(const std::string& name, const std::string& transport, FormattedTuning formatted,
              Tuning& into) {
  for (std::string& note : formatted.notes) into.notes.push_back(fmt::format("{}: {}", transport, note));
  if (!formatted.text.empty()) into.files.push_back({name, std::move(formatted.text)});
}

}  // namespace

std::vector<TuningTable> tuning_tables(const std::vector<BestAlgorithm>& best) {
  std::map<std::vector<std::string>, TuningTable> tables;
  std::map<std::vector<std::string>, std::map<int, std::map<std::uint64_t, const BestAlgorithm*>>> sizes;
  std::vector<std::vector<std::string>> order;
  for (const BestAlgorithm& one : best) {
    const CaseKey task = table_key(one.key);
    const std::vector<std::string> identity = key_without(task, {});
    if (tables.try_emplace(identity, TuningTable{task, {}}).second) order.push_back(identity);
    sizes[identity][one.key.ranks][one.key.bytes] = &one;
  }
  std::vector<TuningTable> result;
  for (const auto& identity : order) {
    TuningTable table = tables.at(identity);
    for (const auto& [ranks, by_size] : sizes.at(identity)) table.ranks.push_back(ranges_of(ranks, by_size));
    result.push_back(std::move(table));
  }
  return result;
}

ordered_json tuning_object(const std::vector<TuningTable>& tables) {
  ordered_json list = ordered_json::array();
  for (const TuningTable& table : tables) {
    const CaseKey& task = table.task;
    for (const TuningRanks& ranks : table.ranks)
      for (const TuningRange& range : ranks.ranges) {
        const BestAlgorithm& best = *range.best;
        const bool has_second = !best.second.empty();
        list.push_back({{"pattern", task.pattern},
                        {"transport", task.transport},
                        {"datatype", task.datatype},
                        {"op", task.op},
                        {"nodes", task.nodes},
                        {"cadence", task.cadence},
                        {"ranks", ranks.ranks},
                        {"from_bytes", range.first_bytes},
                        {"algorithm", best.key.algorithm},
                        {"options", best.key.options},
                        {"measured_bytes", best.key.bytes},
                        {"p50_ns", best.p50_ns},
                        {"candidates", best.candidates},
                        {"second", best.second},
                        {"second_ratio", has_second ? ordered_json(best.lead.ratio) : ordered_json()},
                        {"lead_is_certain", has_second && best.lead.verdict == Verdict::slower}});
      }
  }
  return list;
}

Tuning tuning_files(const std::vector<BestAlgorithm>& best) {
  const std::vector<TuningTable> tables = tuning_tables(best);
  Tuning tuning;
  tuning.files.push_back({"tuning.json", dump(ordered_json{{"tuning", tuning_object(tables)}})});
  std::map<std::string, TransportTables> by_transport;
  for (const TuningTable& table : tables) by_transport[table.task.transport].push_back(&table);
  for (const auto& [transport, its] : by_transport) {
    const std::string word = file_word(transport);
    add_file("openmpi-" + word + ".rules", transport, openmpi_rules(its), tuning);
    add_file("ucc-" + word + ".conf", transport, ucc_configuration(its), tuning);
  }
  return tuning;
}

}  // namespace podbench::compare
