#include <algorithm>
#include <array>
#include <cctype>

#include "bench/machine/record.hpp"

namespace podbench {
namespace {

constexpr std::size_t longest_value = 4096;
constexpr std::size_t most_variables = 4096;

// The libraries and launchers whose variables change what is measured.
constexpr std::array<std::string_view, 14> prefixes{"FI_",   "UCX_",   "UCC_",   "OMPI_",     "PMIX_",
                                                    "PRTE_", "NCCL_",  "SLURM_", "PODBENCH_", "MPICH_",
                                                    "MPIR_", "RDMAV_", "MLX5_",  "OMP_"};

// What a launch tells its ranks: each has another value, and none changes a number.
constexpr std::array<std::string_view, 3> of_the_launch{"PODBENCH_RANK", "PODBENCH_RANKS", "PODBENCH_STORE"};

bool matters(std::string_view name) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return name.starts_with(prefix); }) &&
         std::find(of_the_launch.begin(), of_the_launch.end(), name) == of_the_launch.end();
}

// Parts of a name that announce a secret. Open MPI's "precondition" is the key by which its processes know
// each other.
constexpr std::array<std::string_view, 10> secret_words{
    "SECRET", "TOKEN", "PASSW", "KEY", "CREDENTIAL", "PRECONDITION", "JWT", "COOKIE", "PRIVATE", "SIGNATURE"};

bool names_a_secret(std::string_view name) {
  std::string upper(name);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return std::any_of(secret_words.begin(), secret_words.end(),
                     [&](std::string_view word) { return upper.find(word) != std::string::npos; });
}

// A run of 32 characters as keys and hashes are written, letters and digits well mixed.
bool looks_like_a_key(std::string_view value) {
  std::size_t run = 0, letters = 0, digits = 0;
  for (const char c : value) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'), digit = c >= '0' && c <= '9';
    if (!letter && !digit && c != '+' && c != '=' && c != '-' && c != '_') {
      run = letters = digits = 0;
      continue;
    }
    ++run;
    letters += letter ? 1 : 0;
    digits += digit ? 1 : 0;
    if (run >= 32 && letters >= 4 && digits >= 8) return true;
  }
  return false;
}

// "scheme://user:password@host".
bool holds_a_password(std::string_view value) {
  const std::size_t scheme = value.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::string_view rest = value.substr(scheme + 3, value.find('/', scheme + 3) - scheme - 3);
  const std::size_t at = rest.rfind('@');
  return at != std::string_view::npos && rest.substr(0, at).find(':') != std::string_view::npos;
}

}  // namespace

bool looks_secret(std::string_view name, std::string_view value) {
  return names_a_secret(name) || looks_like_a_key(value) || holds_a_password(value);
}

void record_environment(std::span<const std::string> environment, NodeRecord& record) {
  std::size_t taken = 0;
  for (const std::string& entry : environment) {
    const std::size_t equals = entry.find('=');
    if (equals == std::string::npos || equals > 256 || taken == most_variables) continue;
    const std::string_view name = std::string_view(entry).substr(0, equals);
    if (!matters(name)) continue;
    const std::string_view value = std::string_view(entry).substr(equals + 1, longest_value);
    record.attributes["env." + printable_ascii(name)] =
        looks_secret(name, value) ? "(masked)" : printable_ascii(value);
    ++taken;
  }
}

}  // namespace podbench
