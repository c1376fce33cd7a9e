// Columns as every group of a run file has them. Only the store's files use it. Thread-safety: as HDF5.
#pragma once

#include <string>
#include <vector>

#include "results/hdf5.hpp"

namespace podbench {

// The attributes that say what a column of layout.hpp means.
template <typename Column>
void describe(const h5::Id& dataset, const Column& column) {
  if (*column.units != '\0') h5::set_attribute(dataset, "units", std::string(column.units));
  h5::set_attribute(dataset, "long_name", std::string(column.long_name));
  if (*column.better != '\0') h5::set_attribute(dataset, "better", std::string(column.better));
}

// A string column: codes into a list of labels, 16 bits wide while that is enough.
h5::Id write_codes(const h5::Id& group, const std::string& name, const h5::Shape& shape,
                   const std::vector<std::string>& texts);

}  // namespace podbench
