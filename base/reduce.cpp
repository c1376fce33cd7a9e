#include "base/reduce.hpp"

#include "base/reduce_sets.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace podbench {
namespace {

#if defined(__x86_64__)
bool has_avx512() noexcept {
  return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
         __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0;
}

// F16C is a bit that not every compiler's __builtin_cpu_supports knows by name.
bool has_f16c() noexcept {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_F16C) != 0;
}

bool has_avx2() noexcept {
  return __builtin_cpu_supports("avx2") != 0 && has_f16c();
}
#endif

bool always() noexcept {
  return true;
}

constexpr ReducerSet sets[] = {
#if defined(__x86_64__)
    {"avx512", has_avx512, &reducers_avx512},
    {"avx2", has_avx2, &reducers_avx2},
#elif defined(__aarch64__)
    {"neon", always, &reducers_neon},
#endif
    {"portable", always, &reducers_portable},
};

const ReducerSet& best_set() noexcept {
  static const ReducerSet& best = [&]() -> const ReducerSet& {
    const ReducerSet* set = sets;
    while (!set->runs_here()) ++set;  // the last one always does
    return *set;
  }();
  return best;
}

}  // namespace

std::span<const ReducerSet> reducer_sets() noexcept {
  return sets;
}

Reducer reducer_for(DataType type, Op op) noexcept {
  return best_set().table->by_type_and_op[static_cast<std::size_t>(type)][static_cast<std::size_t>(op)];
}

const char* reducer_width() noexcept {
  return best_set().width;
}

}  // namespace podbench
