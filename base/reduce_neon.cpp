// AArch64, whose baseline has both NEON and the conversions of binary16.
#include <arm_neon.h>

#include "base/reduce_kernel.hpp"

namespace podbench {
namespace {

struct Neon : Lanes<4> {
  [[gnu::always_inline]] static Floats widen_binary16(Halves half) {
    return bits_as<Floats>(vcvt_f32_f16(bits_as<float16x4_t>(half)));
  }
  [[gnu::always_inline]] static Halves narrow_to_binary16(Floats value) {
    return bits_as<Halves>(vcvt_f16_f32(bits_as<float32x4_t>(value)));
  }
};

}  // namespace

constinit const ReducerTable reducers_neon = table_of<Neon>();

}  // namespace podbench
