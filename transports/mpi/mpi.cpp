// The plug-in `mpi`, compiled once for each MPI library: its device is the library.
//
// What a sample contains: MPI_Isend, MPI_Irecv, MPI_Rput, MPI_Rget and MPI_Test as a program would call them
// (a put ends with MPI_Win_flush), with the library's own choice of network; native collectives are the
// library's blocking ones.

#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "transports/mpi/endpoint.hpp"
#include "transports/mpi/launcher.hpp"
#include "transports/transport.hpp"

namespace podbench::mpi {
namespace {

Device probe() {
  Device device;
  device.name = device_name;
  device.detail = library_version();
  const Launcher& launcher = *launcher_of(device_name);
  const char* path = std::getenv("PATH");
  const std::optional<std::string> program = find_program(launcher, path == nullptr ? "" : path);
  if (is_foreign_rank(launcher))
    device.unusable_reason = "these ranks were started by another library's launcher: use this library's own";
  else if (program)
    device.launch_command = launch_command(launcher, *program, geteuid() == 0);
  else if (!is_rank(launcher))
    device.unusable_reason = launcher.advice;
  return device;
}

class MpiTransport final : public Transport {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "mpi"; }
  [[nodiscard]] std::string_view description() const noexcept override {
    return "MPI point-to-point and one-sided, and the library's own collectives as `native`";
  }
  [[nodiscard]] std::vector<Device> devices() const override { return {probe()}; }

  [[nodiscard]] std::unique_ptr<Endpoint> open(const OpenRequest& request,
                                               Rendezvous& rendezvous) const override {
    if (!request.device.empty() && request.device != device_name)
      throw RequestError("this plug-in serves mpi:" + std::string(device_name) +
                         ", not mpi:" + request.device);
    return std::make_unique<MpiEndpoint>(rendezvous);
  }

  [[nodiscard]] bool has_native() const noexcept override { return true; }

  [[nodiscard]] std::vector<std::pair<std::string, std::string>> versions() const override {
    return {{std::string(device_name), library_version()}};
  }
};

}  // namespace
}  // namespace podbench::mpi

PODBENCH_TRANSPORT(podbench::mpi::MpiTransport)
