#include "transports/mpi/native.hpp"

#include <cassert>
#include <cstring>
#include <functional>

#include "transports/mpi/datatype.hpp"
#include "transports/mpi/native_arguments.hpp"

namespace podbench::mpi {
namespace {

// Everything about one call that can be worked out before it is timed.
struct Call {
  MPI_Comm communicator;
  int rank;
  int root;
  MPI_Datatype type;
  MPI_Op op;
  const std::byte* input;
  std::byte* output;
  std::size_t element_bytes;
  Blocks in, out;
};

using Action = std::function<void()>;

Action allreduce(const Call& c) {
  return [c] {
    check(MPI_Allreduce(c.input, c.output, c.in.only(), c.type, c.op, c.communicator), "MPI_Allreduce");
  };
}

Action reduce(const Call& c) {
  return [c] {
    check(MPI_Reduce(c.input, c.output, c.in.only(), c.type, c.op, c.root, c.communicator), "MPI_Reduce");
  };
}

// Blocks of a reduce-scatter have no offsets in MPI: they follow one another, as the interface has it too.
Action reduce_scatter(const Call& c) {
  if (c.in.regular)
    return [c] {
      check(MPI_Reduce_scatter_block(c.input, c.output, c.in.only(), c.type, c.op, c.communicator),
            "MPI_Reduce_scatter_block");
    };
  return [c] {
    check(MPI_Reduce_scatter(c.input, c.output, c.in.counts.data(), c.type, c.op, c.communicator),
          "MPI_Reduce_scatter");
  };
}

Action allgather(const Call& c) {
  if (c.out.regular)
    return [c] {
      check(MPI_Allgather(c.input, c.in.only(), c.type, c.output, c.out.only(), c.type, c.communicator),
            "MPI_Allgather");
    };
  return [c] {
    check(MPI_Allgatherv(c.input, c.in.only(), c.type, c.output, c.out.counts.data(), c.out.offsets.data(),
                         c.type, c.communicator),
          "MPI_Allgatherv");
  };
}

// Which of the two is the caller's choice: ranks must agree, and one alone cannot see whether all blocks of
// all ranks are equal.
Action alltoall(const Call& c) {
  return [c] {
    check(MPI_Alltoall(c.input, c.in.only(), c.type, c.output, c.out.only(), c.type, c.communicator),
          "MPI_Alltoall");
  };
}

Action alltoallv(const Call& c) {
  return [c] {
    check(MPI_Alltoallv(c.input, c.in.counts.data(), c.in.offsets.data(), c.type, c.output,
                        c.out.counts.data(), c.out.offsets.data(), c.type, c.communicator),
          "MPI_Alltoallv");
  };
}

// MPI broadcasts in place. The root sends from its input, which is not written, and its own output is filled
// as every other rank's is.
Action broadcast(const Call& c) {
  if (c.rank != c.root)
    return [c] { check(MPI_Bcast(c.output, c.out.only(), c.type, c.root, c.communicator), "MPI_Bcast"); };
  return [c] {
    check(MPI_Bcast(const_cast<std::byte*>(c.input), c.in.only(), c.type, c.root, c.communicator),
          "MPI_Bcast");
    const std::size_t bytes = static_cast<std::size_t>(c.in.only()) * c.element_bytes;
    if (bytes > 0) std::memcpy(c.output, c.input, bytes);
  };
}

// Only the root sees the blocks of a gather or a scatter, so the plain call cannot be chosen by looking at
// them: the others would not know. The call with counts serves both.
Action gather(const Call& c) {
  return [c] {
    check(MPI_Gatherv(c.input, c.in.only(), c.type, c.output, c.out.counts.data(), c.out.offsets.data(),
                      c.type, c.root, c.communicator),
          "MPI_Gatherv");
  };
}

Action scatter(const Call& c) {
  return [c] {
    check(MPI_Scatterv(c.input, c.in.counts.data(), c.in.offsets.data(), c.type, c.output, c.out.only(),
                       c.type, c.root, c.communicator),
          "MPI_Scatterv");
  };
}

Action barrier(const Call& c) {
  return [communicator = c.communicator] { check(MPI_Barrier(communicator), "MPI_Barrier"); };
}

Action action_for(Collective collective, const Call& call) {
  switch (collective) {
    case Collective::allreduce:
      return allreduce(call);
    case Collective::reduce_scatter:
      return reduce_scatter(call);
    case Collective::allgather:
      return allgather(call);
    case Collective::alltoall:
      return alltoall(call);
    case Collective::alltoallv:
      return alltoallv(call);
    case Collective::broadcast:
      return broadcast(call);
    case Collective::reduce:
      return reduce(call);
    case Collective::gather:
      return gather(call);
    case Collective::scatter:
      return scatter(call);
    case Collective::barrier:
      return barrier(call);
  }
  return {};
}

class NativeBatch final : public Batch {
 public:
  explicit NativeBatch(Action action) : action_(std::move(action)) {}
  void post() override { action_(); }
  [[nodiscard]] bool test() override { return true; }

 private:
  Action action_;
};

}  // namespace

std::unique_ptr<Batch> MpiCollectives::prepare(const NativeCall& call) {
  int rank = 0;
  check(MPI_Comm_rank(communicator_, &rank), "MPI_Comm_rank");
  const Call prepared{communicator_,
                      rank,
                      call.root,
                      datatype_of(call.type),
                      operation_for(call.type, call.op),
                      call.input,
                      call.output,
                      size_of(call.type),
                      Blocks(call.input_counts, call.input_offsets),
                      Blocks(call.output_counts, call.output_offsets)};
  return std::make_unique<NativeBatch>(action_for(call.collective, prepared));
}

}  // namespace podbench::mpi
