#include "transports/mpi/datatype.hpp"

#include <array>
#include <climits>

#include "base/reduce.hpp"

namespace podbench::mpi {
namespace {

constexpr std::size_t chunk_bytes = std::size_t{1} << 20;

OwnedType new_large_type(std::size_t bytes) {
  MPI_Datatype chunk = MPI_DATATYPE_NULL;
  check(MPI_Type_contiguous(static_cast<int>(chunk_bytes), MPI_BYTE, &chunk), "MPI_Type_contiguous");
  const OwnedType chunk_owner(chunk);
  const std::size_t chunks = bytes / chunk_bytes;
  const std::array<int, 2> lengths{static_cast<int>(chunks), static_cast<int>(bytes % chunk_bytes)};
  const std::array<MPI_Aint, 2> places{0, static_cast<MPI_Aint>(chunks * chunk_bytes)};
  const std::array<MPI_Datatype, 2> types{chunk, MPI_BYTE};
  MPI_Datatype whole = MPI_DATATYPE_NULL;
  check(MPI_Type_create_struct(2, lengths.data(), places.data(), types.data(), &whole),
        "MPI_Type_create_struct");
  OwnedType owner(whole);
  check(MPI_Type_commit(&whole), "MPI_Type_commit");
  return owner;
}

// One C function for each (type, op) that MPI does not know.
template <DataType type, Op op>
void reduce_pairwise(void* incoming, void* accumulated, int* count, MPI_Datatype*) {
  static const Reducer reduce = reducer_for(type, op);
  auto* into = static_cast<std::byte*>(accumulated);
  reduce(into, static_cast<const std::byte*>(incoming), into,
         static_cast<std::size_t>(*count) * size_of(type));
}

template <DataType type, Op op>
MPI_Op made_operation() {
  static const MPI_Op operation = [] {
    MPI_Op made = MPI_OP_NULL;
    check(MPI_Op_create(&reduce_pairwise<type, op>, 1, &made), "MPI_Op_create");
    return made;
  }();
  return operation;
}

template <DataType type>
MPI_Op made_operation_for(Op op) {
  switch (op) {
    case Op::sum:
      return made_operation<type, Op::sum>();
    case Op::min:
      return made_operation<type, Op::min>();
    case Op::max:
      return made_operation<type, Op::max>();
    case Op::prod:
      return made_operation<type, Op::prod>();
  }
  return MPI_OP_NULL;
}

MPI_Op own_operation(Op op) noexcept {
  switch (op) {
    case Op::sum:
      return MPI_SUM;
    case Op::min:
      return MPI_MIN;
    case Op::max:
      return MPI_MAX;
    case Op::prod:
      return MPI_PROD;
  }
  return MPI_OP_NULL;
}

}  // namespace

OwnedType::~OwnedType() {
  int finalized = 0;
  if (type_ != MPI_DATATYPE_NULL && MPI_Finalized(&finalized) == MPI_SUCCESS && finalized == 0)
    MPI_Type_free(&type_);
}

Extent extent_of(std::size_t bytes, OwnedType& made) {
  if (bytes <= INT_MAX) return {MPI_BYTE, static_cast<int>(bytes)};
  made = new_large_type(bytes);
  return {made.get(), 1};
}

MPI_Datatype datatype_of(DataType type) noexcept {
  switch (type) {
    case DataType::float32:
      return MPI_FLOAT;
    case DataType::float64:
      return MPI_DOUBLE;
    case DataType::bfloat16:
    case DataType::float16:
      return MPI_UINT16_T;
    case DataType::int32:
      return MPI_INT32_T;
    case DataType::int64:
      return MPI_INT64_T;
    case DataType::uint8:
      return MPI_UINT8_T;
  }
  return MPI_DATATYPE_NULL;
}

MPI_Op operation_for(DataType type, Op op) {
  if (type == DataType::bfloat16) return made_operation_for<DataType::bfloat16>(op);
  if (type == DataType::float16) return made_operation_for<DataType::float16>(op);
  return own_operation(op);
}

}  // namespace podbench::mpi
