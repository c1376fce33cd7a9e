// The distrustful half of the layer: everything is looked at before it is opened, and measured before it is
// read.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>

#include "results/hdf5.hpp"

namespace podbench::h5 {
namespace {

// deflate cannot expand a byte to more than 1,032 (its longest match per two bits); the rest is for the
// rounding of the last chunk.
constexpr hsize_t most_expansion = 1'032;
constexpr hsize_t slack_bytes = 8U << 20;
constexpr hsize_t most_chunk_bytes = 64U << 20;
constexpr hsize_t most_text_bytes = 256U << 20;
constexpr hsize_t most_texts = 1U << 22;
constexpr std::size_t most_axes = 3;

// Only a hard link stays inside the file and means one object.
Id open_object(hid_t where, const std::string& name, H5I_type_t wanted) {
  if (!has(where, name)) throw Failure(name + " is missing");
  H5L_info_t link{};
  check(H5Lget_info(where, name.c_str(), &link, H5P_DEFAULT), "look at the link " + name);
  if (link.type != H5L_TYPE_HARD) throw Failure(name + " is a link to elsewhere, which is not followed");
  const auto close = wanted == H5I_GROUP ? H5Gclose : H5Dclose;
  const hid_t id = H5Oopen(where, name.c_str(), H5P_DEFAULT);
  if (id >= 0 && H5Iget_type(id) != wanted) {
    H5Oclose(id);
    throw Failure(fmt::format("{} is not a {}", name, wanted == H5I_GROUP ? "group" : "dataset"));
  }
  return {id, close, "open " + name};
}

Shape shape_of(const Id& space, const std::string& name) {
  if (H5Sget_simple_extent_type(space) == H5S_NULL) throw Failure(name + " holds nothing");
  const int axes = H5Sget_simple_extent_ndims(space);
  if (axes < 0 || static_cast<std::size_t>(axes) > most_axes) throw Failure(name + " has too many axes");
  Shape shape(static_cast<std::size_t>(axes));
  check(H5Sget_simple_extent_dims(space, shape.data(), nullptr), "find the shape of " + name);
  return shape;
}

// Bytes of a shape; Failure where they do not fit 63 bits.
hsize_t bytes_of(const Shape& shape, std::size_t element_bytes, const std::string& name) {
  hsize_t bytes = element_bytes;
  for (const hsize_t extent : shape) {
    if (extent != 0 && bytes > static_cast<hsize_t>(std::numeric_limits<std::int64_t>::max()) / extent) {
      throw Failure(name + " claims an absurd size");
    }
    bytes *= extent;
  }
  return bytes;
}

bool known_filter(H5Z_filter_t filter) {
  constexpr std::array known = {H5Z_FILTER_DEFLATE, H5Z_FILTER_SHUFFLE, H5Z_FILTER_FLETCHER32};
  return std::find(known.begin(), known.end(), filter) != known.end();
}

void check_filters(const Id& layout, const std::string& name) {
  const int filters = H5Pget_nfilters(layout);
  for (int i = 0; i < filters; ++i) {
    std::size_t values = 0;
    unsigned flags = 0;
    const auto filter =
        H5Pget_filter2(layout, static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr, nullptr);
    if (!known_filter(filter)) throw Failure(name + " is packed in a way that this program does not write");
  }
}

// Data in this file, in a layout that we write, and no more of it than its bytes can hold.
void check_storage(const Id& dataset, const Shape& shape, std::size_t element_bytes,
                   const std::string& name) {
  const Id layout(H5Dget_create_plist(dataset), H5Pclose, "find the layout of " + name);
  const H5D_layout_t kind = H5Pget_layout(layout);
  if (kind == H5D_VIRTUAL || H5Pget_external_count(layout) != 0) {
    throw Failure(name + " keeps its data elsewhere, which is not followed");
  }
  const hsize_t claimed = bytes_of(shape, element_bytes, name);
  const hsize_t most = file_bytes(dataset);
  if (kind != H5D_CHUNKED) {
    if (claimed > most) throw Failure(name + " claims more data than the file has bytes");
    return;
  }
  check_filters(layout, name);
  Shape chunk(most_axes);
  const int axes = H5Pget_chunk(layout, static_cast<int>(most_axes), chunk.data());
  if (axes < 0 || static_cast<std::size_t>(axes) > most_axes) throw Failure(name + " has damaged chunks");
  chunk.resize(static_cast<std::size_t>(axes));
  if (bytes_of(chunk, element_bytes, name) > most_chunk_bytes)
    throw Failure(name + " has absurdly large chunks");
  const hsize_t stored = H5Dget_storage_size(dataset);
  if (stored > most) throw Failure(name + " claims more data than the file has bytes");
  if (claimed > slack_bytes && (claimed - slack_bytes) / most_expansion > stored) {
    throw Failure(name + " claims more numbers than its data can hold");
  }
}

// A variable-length string type in memory like the file's.
Id text_type_like(const Id& stored, const std::string& name) {
  if (H5Tget_class(stored) != H5T_STRING || H5Tis_variable_str(stored) <= 0) {
    throw Failure(name + " is not text of variable length");
  }
  Id type(H5Tcopy(H5T_C_S1), H5Tclose, "make a text type");
  check(H5Tset_size(type, H5T_VARIABLE), "make a text type");
  check(H5Tset_cset(type, H5Tget_cset(stored)), "make a text type");
  return type;
}

// Where the library puts the texts that it reads: it gives up when they are too much, however often one
// stored text is named, and frees all of it, also after a read that failed half way.
class TextArena {
 public:
  TextArena() : transfer_(H5Pcreate(H5P_DATASET_XFER), H5Pclose, "set up a read") {
    check(H5Pset_vlen_mem_manager(transfer_, allocate, this, keep, nullptr), "set up a read");
  }
  [[nodiscard]] hid_t transfer() const { return transfer_; }
  [[nodiscard]] bool exhausted() const { return exhausted_; }

 private:
  static void* allocate(std::size_t bytes, void* info) {
    auto& arena = *static_cast<TextArena*>(info);
    arena.exhausted_ = arena.exhausted_ || bytes > arena.left_bytes_;
    if (arena.exhausted_) return nullptr;
    arena.left_bytes_ -= bytes;
    arena.pieces_.push_back(std::make_unique<char[]>(bytes));
    return arena.pieces_.back().get();
  }
  static void keep(void*, void*) {}

  Id transfer_;
  std::vector<std::unique_ptr<char[]>> pieces_;
  std::size_t left_bytes_ = most_text_bytes;
  bool exhausted_ = false;
};

// Texts of a dataset, whatever its axes: at most most_text_bytes together.
std::vector<std::string> texts_of(const Id& dataset, const Shape& shape, const std::string& name) {
  const Id stored(H5Dget_type(dataset), H5Tclose, "find the type of " + name);
  const Id type = text_type_like(stored, name);
  check_storage(dataset, shape, H5Tget_size(stored), name);
  hsize_t size = 1;
  for (const hsize_t extent : shape) size *= extent;
  if (size > most_texts) throw Failure(name + " holds too many texts");
  std::vector<std::string> texts(size);
  if (size == 0) return texts;
  TextArena arena;
  std::vector<char*> pointers(size, nullptr);
  const herr_t status = H5Dread(dataset, type, H5S_ALL, H5S_ALL, arena.transfer(), pointers.data());
  if (arena.exhausted()) throw Failure(name + " holds too much text");
  check(status, "read " + name);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (pointers[i] != nullptr) texts[i] = pointers[i];
  }
  return texts;
}

// What H5Literate and H5Aiterate2 call; stops the walk above `most`.
struct Names {
  std::vector<std::string> names;
  std::size_t most;
  herr_t add(const char* name) {
    names.emplace_back(name);
    return names.size() > most ? 1 : 0;
  }
};
herr_t add_link(hid_t, const char* name, const H5L_info_t*, void* into) {
  return static_cast<Names*>(into)->add(name);
}
herr_t add_attribute(hid_t, const char* name, const H5A_info_t*, void* into) {
  return static_cast<Names*>(into)->add(name);
}

Id open_attribute(hid_t object, const std::string& name) {
  const htri_t there = H5Aexists(object, name.c_str());
  if (there <= 0) throw Failure("the attribute " + name + " is missing");
  Id attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose, "open the attribute " + name);
  const Id space(H5Aget_space(attribute), H5Sclose, "find the shape of " + name);
  if (H5Sget_simple_extent_type(space) != H5S_SCALAR && H5Sget_simple_extent_npoints(space) != 1) {
    throw Failure("the attribute " + name + " is not one value");
  }
  return attribute;
}

}  // namespace

Id open_file(const std::filesystem::path& path) {
  const Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "set up a file");
  check(H5Pset_file_locking(access, false, true), "set up a file");
  check(H5Pset_fclose_degree(access, H5F_CLOSE_STRONG), "set up a file");
  return {H5Fopen(path.c_str(), H5F_ACC_RDONLY, access), H5Fclose, "open it as HDF5"};
}

std::uint64_t file_bytes(hid_t object) {
  const Id file(H5Iget_file_id(object), H5Fclose, "find the file");
  hsize_t bytes = 0;
  check(H5Fget_filesize(file, &bytes), "find the file's size");
  return bytes;
}

bool has(hid_t where, const std::string& name) {
  const htri_t there = H5Lexists(where, name.c_str(), H5P_DEFAULT);
  check(there, "look for " + name);
  return there > 0;
}

Id open_group(hid_t where, const std::string& name) {
  return open_object(where, name, H5I_GROUP);
}

std::vector<std::string> names_in(hid_t group, std::size_t most) {
  Names names{{}, most};
  const herr_t status = H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, add_link, &names);
  check(status, "list a group");
  if (status > 0) throw Failure(fmt::format("a group holds more than {} objects", most));
  return names.names;
}

std::vector<std::string> attribute_names(hid_t object, std::size_t most) {
  Names names{{}, most};
  const herr_t status = H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, add_attribute, &names);
  check(status, "list attributes");
  if (status > 0) throw Failure(fmt::format("an object holds more than {} attributes", most));
  return names.names;
}

std::string text_attribute(hid_t object, const std::string& name) {
  const Id attribute = open_attribute(object, name);
  const Id stored(H5Aget_type(attribute), H5Tclose, "find the type of " + name);
  const Id type = text_type_like(stored, name);
  char* text = nullptr;
  check(H5Aread(attribute, type, &text), "read the attribute " + name);
  std::string result = text == nullptr ? "" : text;
  H5free_memory(text);
  return result;
}

std::uint64_t number_attribute(hid_t object, const std::string& name) {
  const Id attribute = open_attribute(object, name);
  const Id stored(H5Aget_type(attribute), H5Tclose, "find the type of " + name);
  if (H5Tget_class(stored) != H5T_INTEGER || H5Tget_sign(stored) != H5T_SGN_NONE || H5Tget_size(stored) > 8) {
    throw Failure("the attribute " + name + " is not a number from 0 on");
  }
  std::uint64_t value = 0;
  check(H5Aread(attribute, H5T_NATIVE_UINT64, &value), "read the attribute " + name);
  return value;
}

std::uint64_t stored_bytes(const Column& column) {
  return H5Dget_storage_size(column.dataset);
}

Column open_column(hid_t where, const std::string& name, const NumberType& type) {
  Column column{open_object(where, name, H5I_DATASET), {}};
  const Id space(H5Dget_space(column.dataset), H5Sclose, "find the shape of " + name);
  column.shape = shape_of(space, name);
  const Id stored(H5Dget_type(column.dataset), H5Tclose, "find the type of " + name);
  const H5T_class_t wanted = type.is_float ? H5T_FLOAT : H5T_INTEGER;
  if (H5Tget_class(stored) != wanted || H5Tget_size(stored) > type.bytes) {
    throw Failure(name + " holds another type of numbers than it should");
  }
  if (wanted == H5T_INTEGER && !type.is_signed && H5Tget_sign(stored) != H5T_SGN_NONE) {
    throw Failure(name + " may hold negative numbers, which mean nothing there");
  }
  check_storage(column.dataset, column.shape, H5Tget_size(stored), name);
  return column;
}

void read_rows(const Column& column, const NumberType& type, const Shape& first, const Shape& count,
               void* into) {
  const Id file_space(H5Dget_space(column.dataset), H5Sclose, "find a dataset's shape");
  check(H5Sselect_hyperslab(file_space, H5S_SELECT_SET, first.data(), nullptr, count.data(), nullptr),
        "select rows");
  const Id memory_space(H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr), H5Sclose,
                        "make a data space");
  check(H5Dread(column.dataset, type.memory, memory_space, file_space, H5P_DEFAULT, into), "read numbers");
}

std::vector<std::string> read_texts(hid_t where, const std::string& name) {
  const Id dataset = open_object(where, name, H5I_DATASET);
  const Id space(H5Dget_space(dataset), H5Sclose, "find the shape of " + name);
  const Shape shape = shape_of(space, name);
  if (shape.size() != 1) throw Failure(name + " is not a list");
  return texts_of(dataset, shape, name);
}

std::string read_text(hid_t where, const std::string& name) {
  const Id dataset = open_object(where, name, H5I_DATASET);
  const Id space(H5Dget_space(dataset), H5Sclose, "find the shape of " + name);
  const Shape shape = shape_of(space, name);
  if (!shape.empty()) throw Failure(name + " is not one text");
  return texts_of(dataset, shape, name).front();
}

}  // namespace podbench::h5
