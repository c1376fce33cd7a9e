#include "results/hdf5.hpp"

#include <fmt/format.h>
#include <hdf5_hl.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "results/utf8.hpp"

namespace podbench::h5 {
namespace {

constexpr hsize_t chunk_elements = 65'536;
constexpr hsize_t most_contiguous_bytes = 65'536;

struct Innermost {
  std::string text;
  int system_errno = 0;
};

herr_t note_innermost(unsigned depth, const H5E_error2_t* error, void* into) {
  if (depth != 0 || error->desc == nullptr) return 0;
  auto& innermost = *static_cast<Innermost*>(into);
  innermost.text = error->desc;
  constexpr std::string_view mark = "errno = ";
  if (const auto at = innermost.text.find(mark); at != std::string::npos) {
    const char* begin = innermost.text.data() + at + mark.size();
    std::from_chars(begin, innermost.text.data() + innermost.text.size(), innermost.system_errno);
  }
  return 0;
}

[[noreturn]] void fail(const std::string& doing) {
  Innermost innermost;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, note_innermost, &innermost);
  H5Eclear2(H5E_DEFAULT);
  throw Failure(
      fmt::format("cannot {}: {}", doing, innermost.text.empty() ? "no reason given" : innermost.text),
      innermost.system_errno);
}

Id text_type() {
  Id type(H5Tcopy(H5T_C_S1), H5Tclose, "make a text type");
  check(H5Tset_size(type, H5T_VARIABLE), "make a text type");
  check(H5Tset_cset(type, H5T_CSET_UTF8), "make a text type");
  return type;
}

Id simple_space(const Shape& shape) {
  return {H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), H5Sclose,
          "make a data space"};
}

// About chunk_elements: whole rows while they fit, else pieces of a row.
Shape chunk_of(const Shape& shape) {
  Shape chunk(shape.size(), 1);
  hsize_t room = chunk_elements;
  for (std::size_t axis = shape.size(); axis-- > 0 && room > 0;) {
    chunk[axis] = std::clamp<hsize_t>(room, 1, std::max<hsize_t>(shape[axis], 1));
    room /= chunk[axis];
  }
  return chunk;
}

}  // namespace

Id::Id(hid_t id, Close closer, const std::string& doing) : id_(id), close_(closer) {
  if (id < 0) fail(doing);
}
Id::Id(Id&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)), close_(other.close_) {}
Id& Id::operator=(Id&& other) noexcept {
  std::swap(id_, other.id_);
  std::swap(close_, other.close_);
  return *this;
}
Id::~Id() {
  if (id_ >= 0) close_(id_);
}
void Id::close(const std::string& doing) {
  const hid_t id = std::exchange(id_, H5I_INVALID_HID);
  if (id >= 0) check(close_(id), doing);
}

void check(herr_t status, const std::string& doing) {
  if (status < 0) fail(doing);
}

Quiet::Quiet() {
  H5Eget_auto2(H5E_DEFAULT, &function_, &data_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  H5PLget_loading_state(&plugins_);
  H5PLset_loading_state(0);
}
Quiet::~Quiet() {
  H5PLset_loading_state(plugins_);
  H5Eset_auto2(H5E_DEFAULT, function_, data_);
}

template <>
NumberType number_type<std::uint8_t>() {
  return {H5T_NATIVE_UINT8, H5T_STD_U8LE, 1, false, false};
}
template <>
NumberType number_type<std::uint16_t>() {
  return {H5T_NATIVE_UINT16, H5T_STD_U16LE, 2, false, false};
}
template <>
NumberType number_type<std::uint32_t>() {
  return {H5T_NATIVE_UINT32, H5T_STD_U32LE, 4, false, false};
}
template <>
NumberType number_type<std::uint64_t>() {
  return {H5T_NATIVE_UINT64, H5T_STD_U64LE, 8, false, false};
}
template <>
NumberType number_type<std::int32_t>() {
  return {H5T_NATIVE_INT32, H5T_STD_I32LE, 4, false, true};
}
template <>
NumberType number_type<std::int64_t>() {
  return {H5T_NATIVE_INT64, H5T_STD_I64LE, 8, false, true};
}
template <>
NumberType number_type<double>() {
  return {H5T_NATIVE_DOUBLE, H5T_IEEE_F64LE, 8, true, true};
}

Id create_file(const std::filesystem::path& path) {
  const Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "set up a file");
  check(H5Pset_file_locking(access, false, true), "set up a file");
  // Readable by every library since 1.8 and, unlike the oldest format, with check sums over its metadata.
  check(H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18), "set up a file");
  return {H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access), H5Fclose, "create the file"};
}

Id create_group(hid_t where, const std::string& name) {
  return {H5Gcreate2(where, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose, "create " + name};
}

void set_attribute(hid_t object, const std::string& name, const std::string& value) {
  const Id type = text_type();
  const Id space(H5Screate(H5S_SCALAR), H5Sclose, "make a data space");
  const Id attribute(
      H5Acreate2(object, well_formed_utf8(name).c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
      "create attribute " + name);
  const std::string text = well_formed_utf8(value);
  const char* pointer = text.c_str();
  check(H5Awrite(attribute, type, &pointer), "write attribute " + name);
}

void set_attribute(hid_t object, const std::string& name, std::uint64_t value) {
  const Id space(H5Screate(H5S_SCALAR), H5Sclose, "make a data space");
  const Id attribute(H5Acreate2(object, name.c_str(), H5T_STD_U64LE, space, H5P_DEFAULT, H5P_DEFAULT),
                     H5Aclose, "create attribute " + name);
  check(H5Awrite(attribute, H5T_NATIVE_UINT64, &value), "write attribute " + name);
}

Id create_dataset(hid_t where, const std::string& name, const NumberType& type, const Shape& shape) {
  const Id space = simple_space(shape);
  const Id layout(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "lay out " + name);
  hsize_t bytes = type.bytes;
  for (const hsize_t extent : shape) bytes *= extent;
  if (bytes > most_contiguous_bytes) {
    check(H5Pset_chunk(layout, static_cast<int>(shape.size()), chunk_of(shape).data()), "lay out " + name);
    check(H5Pset_shuffle(layout), "lay out " + name);
    check(H5Pset_deflate(layout, 1), "lay out " + name);
    check(H5Pset_fletcher32(layout), "lay out " + name);
  }
  return {H5Dcreate2(where, name.c_str(), type.file, space, H5P_DEFAULT, layout, H5P_DEFAULT), H5Dclose,
          "create " + name};
}

void write_rows(const Id& dataset, const NumberType& type, const Shape& first, const Shape& count,
                const void* data) {
  const Id file_space(H5Dget_space(dataset), H5Sclose, "find a dataset's shape");
  check(H5Sselect_hyperslab(file_space, H5S_SELECT_SET, first.data(), nullptr, count.data(), nullptr),
        "select rows");
  const Id memory_space = simple_space(count);
  check(H5Dwrite(dataset, type.memory, memory_space, file_space, H5P_DEFAULT, data), "write numbers");
}

void make_scale(const Id& dataset, const std::string& name) {
  check(H5DSset_scale(dataset, name.c_str()), "make the dimension scale " + name);
}

void attach_scale(const Id& dataset, const Id& scale, unsigned axis) {
  check(H5DSattach_scale(dataset, scale, axis), "attach a dimension scale");
}

void write_texts(hid_t where, const std::string& name, const std::vector<std::string>& texts) {
  const Id type = text_type();
  const Id space = simple_space({texts.size()});
  const Id dataset(H5Dcreate2(where, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                   H5Dclose, "create " + name);
  std::vector<std::string> clean;
  clean.reserve(texts.size());
  for (const std::string& text : texts) clean.push_back(well_formed_utf8(text));
  std::vector<const char*> pointers;
  pointers.reserve(clean.size());
  for (const std::string& text : clean) pointers.push_back(text.c_str());
  if (!pointers.empty()) {
    check(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), "write " + name);
  }
}

void write_text(hid_t where, const std::string& name, const std::string& text) {
  const Id type = text_type();
  const Id space(H5Screate(H5S_SCALAR), H5Sclose, "make a data space");
  const Id dataset(H5Dcreate2(where, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                   H5Dclose, "create " + name);
  const std::string clean = well_formed_utf8(text);
  const char* pointer = clean.c_str();
  check(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &pointer), "write " + name);
}

}  // namespace podbench::h5
