// `podbench accept --discover`: what the nodes say of themselves becomes a first pod file.
// Thread-safety: one thread, once a process. Errors: RequestError and RunError.
#pragma once

#include <filesystem>
#include <string>

#include "bench/accept/order.hpp"
#include "bench/accept_command.hpp"

namespace podbench::accept {

// The place of the nodes' records until the file is written. RequestError where the file is there already.
class Discovery {
 public:
  explicit Discovery(const AcceptRequest& request);
  ~Discovery();  // removes the records
  Discovery(const Discovery&) = delete;
  Discovery& operator=(const Discovery&) = delete;

  // What the ranks are told: to record themselves and to go.
  [[nodiscard]] AcceptOrder order() const;
  // Writes the file, or prints it where none is named.
  void write() const;

 private:
  std::string out_;
  std::filesystem::path spool_;
};

}  // namespace podbench::accept
