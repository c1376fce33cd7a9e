#include "bench/tuning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <tuple>

#include "base/error.hpp"
#include "base/text_file.hpp"

namespace podbench {
namespace {

using nlohmann::json;

constexpr std::uintmax_t largest_file_bytes = std::uintmax_t{16} << 20;
constexpr std::size_t most_entries = 100'000;
constexpr int most_ranks = 1'000'000;

// How far apart two rank counts are.
double distance(int a, int b) {
  return std::abs(std::log(static_cast<double>(a) / b));
}

}  // namespace

Tuning Tuning::load(const std::filesystem::path& file) {
  if (!file.empty())
    return parse(
        {file.string(), read_text_file(file, largest_file_bytes,
                                       "; `podbench compare --tuning FOLDER` writes a tuning.json")});
  Tuning all;
  for (const BuiltInText& text : built_in_tuning()) {
    Tuning one = parse({std::string(text.name), std::string(text.text)});
    all.entries_.insert(all.entries_.end(), one.entries_.begin(), one.entries_.end());
  }
  return all;
}

Tuning::Entry Tuning::entry_from(const json& one) {
  Entry entry;
  entry.transport = one.at("transport").get<std::string>();
  entry.pattern = one.at("pattern").get<std::string>();
  entry.datatype = one.at("datatype").get<std::string>();
  entry.op = one.at("op").get<std::string>();
  entry.cadence = one.at("cadence").get<std::string>();
  entry.ranks = one.at("ranks").get<int>();
  entry.from_bytes = one.at("from_bytes").get<std::uint64_t>();
  entry.choice.algorithm = one.at("algorithm").get<std::string>();
  entry.choice.options = one.at("options").get<std::map<std::string, std::string>>();
  entry.choice.ranks = entry.ranks;
  if (entry.ranks < 1 || entry.ranks > most_ranks) throw RequestError("a rank count is out of range");
  if (find_algorithm(entry.pattern, entry.choice.algorithm) == nullptr)
    throw RequestError(fmt::format("{} has no algorithm {}", entry.pattern, entry.choice.algorithm));
  return entry;
}

Tuning Tuning::parse(const SourceText& source) {
  Tuning tuning;
  try {
    const json document = json::parse(source.text);
    const json& list = document.at("tuning");
    if (!list.is_array() || list.size() > most_entries) throw RequestError("no list of choices");
    for (const json& one : list) tuning.entries_.push_back(entry_from(one));
  } catch (const json::exception& error) {
    throw RequestError(fmt::format("{}: no tuning table as `podbench compare --tuning` writes it: {}",
                                   source.name, error.what()));
  } catch (const RequestError& error) {
    throw RequestError(fmt::format("{}: no tuning table: {}", source.name, error.what()));
  }
  return tuning;
}

std::optional<Tuning::Choice> Tuning::find(const PlannedCase& task) const {
  const CaseKey key = key_of(task, 1, "");
  const Entry* best = nullptr;
  // Smaller is nearer; the last word is the largest size that is not above the task's.
  const auto rating = [&](const Entry& e) {
    return std::tuple(distance(e.ranks, key.ranks), e.datatype != key.datatype, e.op != key.op,
                      e.cadence != key.cadence, key.bytes - e.from_bytes);
  };
  for (const Entry& entry : entries_) {
    if (entry.transport != key.transport || entry.pattern != key.pattern || entry.from_bytes > key.bytes)
      continue;
    if (best == nullptr || rating(entry) < rating(*best)) best = &entry;
  }
  return best == nullptr ? std::nullopt : std::optional(best->choice);
}

}  // namespace podbench
