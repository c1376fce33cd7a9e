// One of the two configurations that `podbench ab` tries against each other: a program, what its environment
// holds in addition, and what `podbench run` is told.
// Thread-safety: values and pure functions. Errors: RequestError, one line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace podbench {

struct Side {
  char letter = 'a';
  std::string program;                             // a path, or a name for $PATH
  std::map<std::string, std::string> environment;  // added to ours
  std::vector<std::string> arguments;              // of `podbench run`

  // `{"FI_PROVIDER=tcp", "--transport", "libfabric"}`, values that look secret masked.
  [[nodiscard]] std::vector<std::string> words() const;
};

// From what a person typed: `common` is both sides' and comes first. Words of the form NAME=value at the
// beginning are the environment's. `program` empty: this very program. RequestError for words that do not
// split, for a flag that is ab's own business (--launches, --seed, --out, ...), for a program that is not
// there.
[[nodiscard]] Side make_side(char letter, const std::string& common, const std::string& own,
                             const std::string& program);

// The commands of its two kinds of children.
[[nodiscard]] std::vector<std::string> plan_command(const Side& side);
[[nodiscard]] std::vector<std::string> launch_command(const Side& side, std::uint64_t case_seed,
                                                      const std::filesystem::path& out);

}  // namespace podbench
