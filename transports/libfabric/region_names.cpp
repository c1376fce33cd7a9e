#include "transports/libfabric/region_names.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <new>
#include <string_view>
#include <system_error>

namespace podbench::libfabric {
namespace {

constexpr std::string_view scheme = "fi_shm://";
constexpr const char* folder = "/dev/shm";

// Process numbers mean something only within their namespace, and containers may share /dev/shm.
std::string family_prefix() {
  struct stat space {};
  const bool known = stat("/proc/self/ns/pid", &space) == 0;
  return fmt::format("podbench-libfabric-{}-", known ? space.st_ino : 0);
}

// The process number that follows the prefix; 0 where the name is none of ours.
pid_t owner_of(const std::string& name, const std::string& prefix) {
  if (!name.starts_with(prefix)) return 0;
  pid_t pid = 0;
  const char* last = name.data() + name.size();
  const auto [after, failed] = std::from_chars(name.data() + prefix.size(), last, pid);
  return failed == std::errc{} && after != last && *after == '-' ? pid : 0;
}

}  // namespace

bool has_region_name(const fi_info& offer) {
  return offer.addr_format == FI_ADDR_STR && offer.src_addr != nullptr &&
         std::string_view(static_cast<const char*>(offer.src_addr)).starts_with(scheme);
}

void set_region_name(fi_info& offer, const std::string& unique) {
  // Without the provider's own scheme the name is taken as it is.
  const std::string name = fmt::format("fi_ns://{}{}-{}", family_prefix(), getpid(), unique);
  char* copy = strdup(name.c_str());
  if (copy == nullptr) throw std::bad_alloc();
  std::free(offer.src_addr);
  offer.src_addr = copy;
  offer.src_addrlen = name.size() + 1;
}

void remove_dead_regions() {
  const std::string prefix = family_prefix();
  std::error_code error;  // where nothing can be listed or removed, nothing is tidied
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const pid_t owner = owner_of(entry->path().filename().string(), prefix);
    std::error_code ignored;
    if (owner > 0 && kill(owner, 0) != 0 && errno == ESRCH) std::filesystem::remove(entry->path(), ignored);
  }
}

}  // namespace podbench::libfabric
