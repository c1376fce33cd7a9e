// A folder that looks like /proc and /sys to a SystemRoot, for one test.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "bench/machine/system_root.hpp"

namespace podbench {

class FakeRoot {
 public:
  FakeRoot() {
    std::string pattern = (std::filesystem::temp_directory_path() / "podbench-fake-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a folder for the test");
    folder_ = pattern;
  }
  ~FakeRoot() {
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
  }
  FakeRoot(const FakeRoot&) = delete;
  FakeRoot& operator=(const FakeRoot&) = delete;

  FakeRoot& file(const std::string& path, const std::string& content) {
    const std::filesystem::path at = folder_ + path;
    std::filesystem::create_directories(at.parent_path());
    std::ofstream(at, std::ios::binary) << content;
    return *this;
  }
  FakeRoot& link(const std::string& path, const std::string& target) {
    const std::filesystem::path at = folder_ + path;
    std::filesystem::create_directories(at.parent_path());
    std::filesystem::create_symlink(target, at);
    return *this;
  }
  [[nodiscard]] SystemRoot root() const { return SystemRoot(folder_); }

 private:
  std::string folder_;
};

}  // namespace podbench
