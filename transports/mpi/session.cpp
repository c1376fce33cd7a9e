#include "transports/mpi/session.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace podbench::mpi {
namespace {

// Lives until the process exits or the plug-in is unloaded.
class Session {
 public:
  static Session& instance() {
    static Session session;
    return session;
  }
  void forgo_finalize() noexcept { forgoes_finalize_ = true; }
  [[nodiscard]] bool forgoes_finalize() const noexcept { return forgoes_finalize_; }
  ~Session() {
    int finalized = 0;
    if (owns_mpi_ && !forgoes_finalize_ && MPI_Finalized(&finalized) == MPI_SUCCESS && finalized == 0)
      MPI_Finalize();
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

 private:
  Session() {
    int initialized = 0;
    check(MPI_Initialized(&initialized), "MPI_Initialized");
    if (initialized == 0) {
      // Other threads exist (supervision), but only this one calls MPI.
      int provided = MPI_THREAD_SINGLE;
      check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread");
      owns_mpi_ = true;
    }
    check(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  }
  bool owns_mpi_ = false;  // initialised it, and so ends it
  bool forgoes_finalize_ = false;
};

}  // namespace

MPI_Comm open_communicator(const Rendezvous& rendezvous) {
  Session::instance();
  int world_size = 0;
  check(MPI_Comm_size(MPI_COMM_WORLD, &world_size), "MPI_Comm_size");
  if (world_size != rendezvous.size()) {
    forgo_finalize();
    throw RunError(
        fmt::format("mpi:{} sees {} rank{} where the launch has {}: start it with this library's own "
                    "mpirun, or leave --launcher at auto",
                    device_name, world_size, world_size == 1 ? "" : "s", rendezvous.size()));
  }
  MPI_Comm communicator = MPI_COMM_NULL;
  check(MPI_Comm_split(MPI_COMM_WORLD, 0, rendezvous.rank(), &communicator), "MPI_Comm_split");
  check(MPI_Comm_set_errhandler(communicator, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  int rank = 0;
  check(MPI_Comm_rank(communicator, &rank), "MPI_Comm_rank");
  if (rank != rendezvous.rank()) {
    forgo_finalize();
    throw RunError(fmt::format("mpi:{} counts this process as rank {} where the launch says {}", device_name,
                               rank, rendezvous.rank()));
  }
  return communicator;
}

void forgo_finalize() noexcept {
  Session::instance().forgo_finalize();
}

bool forgoes_finalize() noexcept {
  return Session::instance().forgoes_finalize();
}

}  // namespace podbench::mpi
