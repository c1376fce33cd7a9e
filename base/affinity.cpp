#include "base/affinity.hpp"

#include <sched.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "base/error.hpp"

namespace podbench {
namespace {

class CpuMask {
 public:
  CpuMask() : set_(CPU_ALLOC(most_cpus)) {
    if (set_ == nullptr) throw RunError("no memory for a CPU mask");
    CPU_ZERO_S(bytes(), set_.get());
  }
  [[nodiscard]] static std::size_t bytes() { return CPU_ALLOC_SIZE(most_cpus); }
  [[nodiscard]] cpu_set_t* get() { return set_.get(); }
  void add(int cpu) { CPU_SET_S(static_cast<std::size_t>(cpu), bytes(), set_.get()); }
  [[nodiscard]] bool has(int cpu) const {
    return CPU_ISSET_S(static_cast<std::size_t>(cpu), bytes(), set_.get());
  }

 private:
  struct Free {
    void operator()(cpu_set_t* set) const noexcept { CPU_FREE(set); }
  };
  std::unique_ptr<cpu_set_t, Free> set_;
};

}  // namespace

std::vector<int> current_affinity() {
  CpuMask mask;
  if (sched_getaffinity(0, CpuMask::bytes(), mask.get()) != 0)
    throw system_error("reading the CPU affinity", errno);
  std::vector<int> cpus;
  for (int cpu = 0; cpu < most_cpus; ++cpu)
    if (mask.has(cpu)) cpus.push_back(cpu);
  return cpus;
}

void bind_thread(std::span<const int> cpus, const std::string& doing) {
  CpuMask mask;
  for (const int cpu : cpus) mask.add(cpu);
  if (sched_setaffinity(0, CpuMask::bytes(), mask.get()) != 0) throw system_error(doing, errno);
}

bool cores_are_shared() {
  const char* text = std::getenv("PODBENCH_SHARED_CORES");
  return text != nullptr && *text != '\0' && std::string_view(text) != "0";
}

}  // namespace podbench
