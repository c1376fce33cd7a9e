// Compiled with -mavx512{f,bw,dq,vl}: called only where the processor has them all.
#include <immintrin.h>

#include "base/reduce_kernel.hpp"

namespace podbench {
namespace {

// The zero-masking forms with every lane on: the plain ones start from an undefined register, of which GCC 12
// warns.
struct Avx512 : Lanes<16> {
  using Narrower = Lanes<8>;
  [[gnu::always_inline]] static Floats widen_binary16(Halves half) {
    return bits_as<Floats>(_mm512_maskz_cvtph_ps(0xffff, bits_as<__m256i>(half)));
  }
  [[gnu::always_inline]] static Halves narrow_to_binary16(Floats value) {
    return bits_as<Halves>(_mm512_maskz_cvtps_ph(0xffff, bits_as<__m512>(value), _MM_FROUND_TO_NEAREST_INT));
  }
};

}  // namespace

constinit const ReducerTable reducers_avx512 = table_of<Avx512>();

}  // namespace podbench
