#include <fmt/format.h>

#include <algorithm>

#include "base/quantity.hpp"
#include "bench/machine/checks.hpp"

namespace podbench {
namespace {

void check_swap(const Examination& node, Findings& findings) {
  const std::string info = node.root.read("/proc/meminfo", 16 * 1024).value_or("");
  const auto kib = [&](std::string_view key) {
    const std::string_view value = value_of(info, key);
    return whole_number(value.substr(0, value.find(' '))).value_or(0);
  };
  const std::int64_t used_kib = kib("SwapTotal") - kib("SwapFree");
  constexpr std::int64_t tolerable_kib = 64 * 1024;
  if (used_kib <= tolerable_kib) return;
  findings.add(Severity::warning, "swap", fmt::format("{} MiB of memory are swapped out.", used_kib / 1024),
               "Touching such a page waits for a disk.", "swapoff -a");
}

void check_huge_pages(const Examination& node, Findings& findings) {
  const std::string folder = "/sys/kernel/mm/transparent_hugepage/";
  const std::string enabled = node.root.line(folder + "enabled").value_or("");
  const std::string defrag = node.root.line(folder + "defrag").value_or("");
  if (enabled.find('[') == std::string::npos) return;
  if (chosen_word(enabled) == "never")
    findings.add(Severity::info, "huge-pages", "Transparent huge pages are off.",
                 "Large buffers use 4 KiB pages: more address translation, a few per cent less bandwidth.",
                 "echo madvise > " + folder + "enabled");
  else if (chosen_word(defrag) == "always")
    findings.add(Severity::info, "huge-pages", "The kernel compacts memory at once to make huge pages.",
                 "The first touch of a buffer may stall for milliseconds.",
                 "echo madvise > " + folder + "defrag");
}

void check_shared_memory(const Examination& node, Findings& findings) {
  if (!node.shm_free_bytes) return;
  constexpr std::uint64_t bytes_a_rank = 64ull << 20;
  const auto ranks = static_cast<std::uint64_t>(std::max(node.ranks_on_node, 2));
  if (*node.shm_free_bytes >= ranks * bytes_a_rank) return;
  findings.add(Severity::warning, "dev-shm",
               fmt::format("/dev/shm has {} MiB free.", *node.shm_free_bytes >> 20),
               "Shared-memory transports keep buffers there: large cases fail with no space left.",
               "mount -o remount,size=8G /dev/shm (in a container: docker run --shm-size=8g)");
}

}  // namespace

void check_memory(const Examination& node, Findings& findings) {
  check_shared_memory(node, findings);
  check_swap(node, findings);
  check_huge_pages(node, findings);
}

}  // namespace podbench
