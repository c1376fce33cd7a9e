// What every reader of run files says and allows. Thread-safety: pure but for the file system.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "results/isolated.hpp"

namespace podbench {

// "cannot use PATH: why", in one line whatever the HDF5 library says.
[[nodiscard]] RequestError unusable(const std::filesystem::path& path, const std::string& why);

// One line why nothing should try to open it: it is not there, or no regular file; none: it may be tried.
[[nodiscard]] std::optional<std::string> not_readable(const std::filesystem::path& path);

// Seconds of processor time, far more than an honest file of this size takes.
[[nodiscard]] unsigned patience_s(const std::filesystem::path& path);

// What is wrong with a file whose reading ended so; empty where it returned.
[[nodiscard]] std::string trouble(const Isolated& result);

}  // namespace podbench
