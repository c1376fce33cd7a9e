#include "base/reduce_kernel.hpp"

namespace podbench {

constinit const ReducerTable reducers_portable = table_of<Lanes<4>>();

}  // namespace podbench
