// Compiled with -mavx2 -mf16c: called only where the processor has both.
#include <immintrin.h>

#include "base/reduce_kernel.hpp"

namespace podbench {
namespace {

struct Avx2 : Lanes<8> {
  using Narrower = Lanes<4>;
  [[gnu::always_inline]] static Floats widen_binary16(Halves half) {
    return bits_as<Floats>(_mm256_cvtph_ps(bits_as<__m128i>(half)));
  }
  [[gnu::always_inline]] static Halves narrow_to_binary16(Floats value) {
    return bits_as<Halves>(_mm256_cvtps_ph(bits_as<__m256>(value), _MM_FROUND_TO_NEAREST_INT));
  }
};

}  // namespace

constinit const ReducerTable reducers_avx2 = table_of<Avx2>();

}  // namespace podbench
