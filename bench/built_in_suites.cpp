// The suites that come with podbench, in the form in which a person would write them.
#include <array>

#include "bench/suite.hpp"

namespace podbench {
namespace {

constexpr std::string_view smoke = R"(name = "smoke"
summary = "every usable transport: latency, bandwidth, all-reduce, all-to-all; under two minutes"
time_per_case = "40ms"
launches = 4

[[cases]]
transport = "all"
pattern = "pingpong"
bytes = "8,64Ki"

[[cases]]
transport = "all"
pattern = "bandwidth"
bytes = "64Ki,1Mi"

[[cases]]
transport = "all"
pattern = "allreduce"
algorithm = ["ring", "recursive_doubling", "native"]
bytes = "8,64Ki"

[[cases]]
transport = "all"
pattern = "alltoall"
algorithm = ["pairwise", "native"]
bytes = "8,64Ki"
)";

constexpr std::string_view point_to_point = R"(name = "p2p"
summary = "point to point from 1 B to 16 MiB: latency, bandwidth one and both ways, message rate"

[[cases]]
transport = "all"
pattern = ["pingpong", "bandwidth", "bidirectional"]
bytes = "1:16Mi:x4"

[[cases]]
transport = "all"
pattern = "message_rate"
bytes = "8"
)";

constexpr std::string_view collectives = R"(name = "collectives"
summary = "all-reduce and all-to-all with every algorithm, 8 B to 64 MiB"

[[cases]]
transport = "all"
pattern = ["allreduce", "alltoall"]
bytes = "8:64Mi:x8"
)";

constexpr std::string_view tuning = R"(name = "tuning"
summary = "for compare --tuning: collectives back to back, every algorithm, some radices, segments and pieces"
time_per_case = "50ms"
launches = 3

[[cases]]
transport = "all"
cadence = "streaming"
pattern = ["allreduce", "alltoall", "allgather", "reduce_scatter", "broadcast", "reduce", "gather", "scatter"]
bytes = "8:16Mi:x8"

[[cases]]
transport = "all"
cadence = "streaming"
pattern = ["alltoall", "broadcast", "reduce", "gather", "scatter"]
algorithm = ["bruck", "knomial"]
radix = "4"
bytes = "8:16Mi:x8"

[[cases]]
transport = "all"
cadence = "streaming"
pattern = ["allreduce", "broadcast", "reduce"]
algorithm = ["double_binary_tree", "chain"]
segment = "4096"
bytes = "256Ki:16Mi:x8"

[[cases]]
transport = "all"
cadence = "streaming"
pattern = ["allreduce", "broadcast", "reduce"]
algorithm = ["double_binary_tree", "chain"]
segment = "65536"
bytes = "256Ki:16Mi:x8"

[[cases]]
transport = "all"
cadence = "streaming"
pattern = ["allreduce", "reduce", "reduce_scatter"]
piece = "512Ki"
bytes = "2Mi:16Mi:x8"
)";

constexpr std::array suites{BuiltInSuite{"smoke", smoke}, BuiltInSuite{"p2p", point_to_point},
                            BuiltInSuite{"collectives", collectives}, BuiltInSuite{"tuning", tuning}};

}  // namespace

std::span<const BuiltInSuite> built_in_suites() {
  return suites;
}

}  // namespace podbench
