// podbench's element types and operations as MPI's, and datatypes for messages whose length MPI's int counts
// cannot say. Thread-safety: one thread. Errors: RunError.
#pragma once

#include <cstddef>
#include <utility>

#include "base/datatype.hpp"
#include "transports/mpi/library.hpp"

namespace podbench::mpi {

// An MPI datatype with an owner; the null type where there is nothing to free.
class OwnedType {
 public:
  OwnedType() noexcept = default;
  explicit OwnedType(MPI_Datatype type) noexcept : type_(type) {}
  OwnedType(OwnedType&& other) noexcept : type_(std::exchange(other.type_, MPI_DATATYPE_NULL)) {}
  OwnedType& operator=(OwnedType&& other) noexcept {
    std::swap(type_, other.type_);
    return *this;
  }
  ~OwnedType();
  [[nodiscard]] MPI_Datatype get() const noexcept { return type_; }

 private:
  MPI_Datatype type_ = MPI_DATATYPE_NULL;
};

// How to name a message of `bytes` bytes: `count` elements of `type`.
struct Extent {
  MPI_Datatype type = MPI_BYTE;
  int count = 0;
};

// `made` keeps a type that had to be made for a message of 2 GiB or more.
[[nodiscard]] Extent extent_of(std::size_t bytes, OwnedType& made);

// The element type for moving and, where MPI has it, for arithmetic. bfloat16 and float16, which it lacks,
// travel as 16-bit integers and are reduced by podbench's own kernels (operation_for).
[[nodiscard]] MPI_Datatype datatype_of(DataType type) noexcept;

// The reduction for this type: MPI's own, or one made around podbench's kernel and kept for the process.
[[nodiscard]] MPI_Op operation_for(DataType type, Op op);

}  // namespace podbench::mpi
