// The transports of this installation: every `podbench_transport_*.so` in the plug-in folders, loaded when
// asked for. Folders, in this order: each of $PODBENCH_TRANSPORT_PATH (colon-separated), then the one beside
// the program (build tree or install).
//
// A name is written `transport` or `transport:device`. Several plug-ins may serve one transport name (two MPI
// libraries); their devices are then put together.
// Thread-safety: one thread. Errors: RequestError for unknown names; a plug-in that does not load is an entry
// with its reason.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "transports/transport.hpp"

namespace podbench {

// One line of `podbench list transports`.
struct TransportEntry {
  std::string name;  // "libfabric"
  std::string description;
  std::string plugin;  // file name
  Device device;
  [[nodiscard]] std::string spec() const { return device.name.empty() ? name : name + ":" + device.name; }
  [[nodiscard]] bool usable() const noexcept { return device.unusable_reason.empty(); }
};

class Registry {
 public:
  // Lists the plug-in files; loads none. `extra_folders` are searched first.
  explicit Registry(std::vector<std::string> extra_folders = {});
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // Every device of every transport, sorted by name with each transport's best device first.
  [[nodiscard]] const std::vector<TransportEntry>& entries() const;

  // The entry that `spec` ("shm", "libfabric:tcp") means: for a bare name the first usable device, else the
  // first. RequestError for a name that nothing here has.
  [[nodiscard]] const TransportEntry& find(std::string_view spec) const;

  // The plug-in behind an entry, for open() and versions(). Valid as long as the registry.
  [[nodiscard]] const Transport& transport(const TransportEntry& entry) const;

  // Opens an endpoint: find, check usability (RunError with the reason), transport, open. The request's
  // device is what `spec` means.
  [[nodiscard]] std::unique_ptr<Endpoint> open(std::string_view spec, OpenRequest request,
                                               Rendezvous& rendezvous) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace podbench
