// Which algorithm is quickest where: what `--algorithm best` goes by. The tables are tuning.json files, as
// `podbench compare --tuning` writes them; those in tuning/ come with the program.
//
// A task is looked up by transport, pattern, rank count and size. Where the table has no such rank count, the
// nearest is taken (by ratio); where it has neither datatype, op nor cadence of the task, any of its own.
// Thread-safety: values. Errors: RequestError for a text that is no tuning table, with its name.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bench/case.hpp"
#include "bench/parameters.hpp"

namespace podbench {

[[nodiscard]] std::span<const BuiltInText> built_in_tuning();  // the files of tuning/

class Tuning {
 public:
  // Of the file, or, without one, of all that come with the program.
  [[nodiscard]] static Tuning load(const std::filesystem::path& file);
  [[nodiscard]] static Tuning parse(const SourceText& source);

  struct Choice {
    std::string algorithm;
    std::map<std::string, std::string> options;  // radix, piece, segment: by their names on the command line
    int ranks = 0;                               // for which it was measured
  };
  // For the case's transport, pattern, ranks, bytes, type, op and cadence; its algorithm does not matter.
  [[nodiscard]] std::optional<Choice> find(const PlannedCase& task) const;

 private:
  struct Entry {
    std::string transport, pattern, datatype, op, cadence;
    int ranks = 0;
    std::uint64_t from_bytes = 0;
    Choice choice;
  };
  [[nodiscard]] static Entry entry_from(const nlohmann::json& object);
  std::vector<Entry> entries_;
};

}  // namespace podbench
