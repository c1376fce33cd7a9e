// What may stand behind `ucx:` and what each word sets. Thread-safety: pure; asks UCX without opening a
// worker.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "transports/transport.hpp"

namespace podbench::ucx {

// What a device's word means to UCX.
struct Setting {
  std::string transports;  // UCX_TLS; empty: as UCX or the user's environment chooses
  bool uses_interface;     // sockets: the launch's network interface is chosen through UCX_NET_DEVICES
  // Every byte is copied on its way: nothing reads or writes the peer's memory, so a rendezvous costs a round
  // trip and saves no copy.
  bool copies;
};

// Every word, the ones that cannot be used here with their reason.
[[nodiscard]] std::vector<Device> list_devices();

// RequestError for a word that nothing here has.
[[nodiscard]] Setting setting_of(std::string_view word);

}  // namespace podbench::ucx
