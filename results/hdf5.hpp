// A thin RAII layer over the serial HDF5 C library. Only results/ includes it.
//
// Every identifier closes itself; every failed call is a Failure with the library's innermost message. What
// is read is distrusted: links must be hard, datasets plain numbers or variable-length strings, stored in the
// file itself with none but the three filters that we write, and claim no more than their bytes can unpack
// to. Thread-safety: none (serial HDF5); one thread at a time in a process.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace podbench::h5 {

class Failure : public std::runtime_error {
 public:
  explicit Failure(const std::string& what, int system_errno = 0)
      : std::runtime_error(what), system_errno_(system_errno) {}
  [[nodiscard]] int system_errno() const noexcept {
    return system_errno_;
  }  // 0 where the system did not refuse

 private:
  int system_errno_;
};

// Owns one identifier.
class Id {
 public:
  using Close = herr_t (*)(hid_t);
  Id() = default;
  // Takes what a call returned; Failure("cannot <doing>: …") where it is none.
  Id(hid_t id, Close closer, const std::string& doing);
  Id(Id&& other) noexcept;
  Id& operator=(Id&& other) noexcept;
  ~Id();
  operator hid_t() const noexcept { return id_; }  // the C library takes it everywhere
  // Closes now and says when that fails (a file's last bytes are written by its close).
  void close(const std::string& doing);

 private:
  hid_t id_ = H5I_INVALID_HID;
  Close close_ = nullptr;
};

// Throws Failure where a call's status is negative.
void check(herr_t status, const std::string& doing);

// Silences the library's own printing and forbids loading of filters while it lives.
class Quiet {
 public:
  Quiet();
  ~Quiet();
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;

 private:
  H5E_auto2_t function_ = nullptr;
  void* data_ = nullptr;
  unsigned plugins_ = 0;
};

// The numbers that we store: little-endian in the file, native here.
struct NumberType {
  hid_t memory, file;
  std::size_t bytes;
  bool is_float, is_signed;
};
template <typename T>
NumberType number_type();

using Shape = std::vector<hsize_t>;

// --- writing
[[nodiscard]] Id create_file(const std::filesystem::path& path);
[[nodiscard]] Id create_group(hid_t where, const std::string& name);
void set_attribute(hid_t object, const std::string& name, const std::string& value);
void set_attribute(hid_t object, const std::string& name, std::uint64_t value);
// Small: contiguous; above 64 KiB: chunks of about 65,536 elements, shuffle + deflate 1 + fletcher32.
[[nodiscard]] Id create_dataset(hid_t where, const std::string& name, const NumberType& type,
                                const Shape& shape);
void write_rows(const Id& dataset, const NumberType& type, const Shape& first, const Shape& count,
                const void* data);
// Marks a 1-D dataset as dimension scale `name`; ties axis `axis` of a dataset to a scale.
void make_scale(const Id& dataset, const std::string& name);
void attach_scale(const Id& dataset, const Id& scale, unsigned axis);
void write_texts(hid_t where, const std::string& name, const std::vector<std::string>& texts);
void write_text(hid_t where, const std::string& name, const std::string& text);
template <typename T>
Id write_array(hid_t where, const std::string& name, const Shape& shape, const std::vector<T>& values) {
  Id dataset = create_dataset(where, name, number_type<T>(), shape);
  if (!values.empty()) write_rows(dataset, number_type<T>(), Shape(shape.size(), 0), shape, values.data());
  return dataset;
}

// --- reading
[[nodiscard]] Id open_file(const std::filesystem::path& path);
[[nodiscard]] std::uint64_t file_bytes(hid_t object);
[[nodiscard]] bool has(hid_t where, const std::string& name);  // a link of that name, of any kind
[[nodiscard]] Id open_group(hid_t where, const std::string& name);
// Names in a group or of an object's attributes; Failure above `most`.
[[nodiscard]] std::vector<std::string> names_in(hid_t group, std::size_t most);
[[nodiscard]] std::vector<std::string> attribute_names(hid_t object, std::size_t most);
[[nodiscard]] std::string text_attribute(hid_t object, const std::string& name);
[[nodiscard]] std::uint64_t number_attribute(hid_t object, const std::string& name);

// A dataset of numbers that passed every check.
struct Column {
  Id dataset;
  Shape shape;
};
// What its data take in the file.
[[nodiscard]] std::uint64_t stored_bytes(const Column& column);
[[nodiscard]] Column open_column(hid_t where, const std::string& name, const NumberType& type);
void read_rows(const Column& column, const NumberType& type, const Shape& first, const Shape& count,
               void* into);
template <typename T>
std::vector<T> read_array(hid_t where, const std::string& name, const Shape& expected) {
  const Column column = open_column(where, name, number_type<T>());
  if (column.shape != expected) throw Failure(name + " has another shape than the file's cases ask for");
  hsize_t size = 1;
  for (const hsize_t extent : expected) size *= extent;
  std::vector<T> values(size);
  if (size > 0) read_rows(column, number_type<T>(), Shape(expected.size(), 0), expected, values.data());
  return values;
}
[[nodiscard]] std::vector<std::string> read_texts(hid_t where, const std::string& name);
[[nodiscard]] std::string read_text(hid_t where, const std::string& name);

}  // namespace podbench::h5
