// Making folders. Thread-safety: any thread.
#pragma once

#include <filesystem>

namespace podbench {

// Makes the folder and those that it is in; one that exists stays. Throws RunError with the errno.
void make_folders(const std::filesystem::path& folder);

}  // namespace podbench
