#include "transports/mpi/window.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "transports/mpi/session.hpp"

namespace podbench::mpi {
namespace {

// Open MPI's components take 48 and 64 by default, and after a refusal one of them hangs in its next call:
// the library is never asked for too many.
constexpr std::size_t most_regions = 32;

// Null and a reason where this rank has no window that will do.
MPI_Win create(MPI_Comm communicator, std::string& reason) {
  MPI_Win window = MPI_WIN_NULL;
  if (const int code = MPI_Win_create_dynamic(MPI_INFO_NULL, communicator, &window); code != MPI_SUCCESS) {
    reason = fmt::format("{}; the library has no way for it over the networks that it uses here",
                         error_text(code, "MPI_Win_create_dynamic"));
    return MPI_WIN_NULL;
  }
  check(MPI_Win_set_errhandler(window, MPI_ERRORS_RETURN), "MPI_Win_set_errhandler");
  const int* model = nullptr;
  int found = 0;
  check(MPI_Win_get_attr(window, MPI_WIN_MODEL, static_cast<void*>(&model), &found), "MPI_Win_get_attr");
  if (found != 0 && *model == MPI_WIN_UNIFIED) return window;
  reason = fmt::format("mpi:{}: a put would not show in its target's memory until the target asks for it",
                       device_name);
  return MPI_WIN_NULL;
}

bool contains(const std::byte* data, std::size_t bytes, const std::byte* inner, std::size_t inner_bytes) {
  return inner >= data && inner + inner_bytes <= data + bytes;
}

}  // namespace

std::unique_ptr<Window> Window::open(MPI_Comm communicator, std::string& reason) {
  const MPI_Win window = create(communicator, reason);
  const int mine = window != MPI_WIN_NULL ? 1 : 0;
  int all = 0;
  check(MPI_Allreduce(&mine, &all, 1, MPI_INT, MPI_MIN, communicator), "MPI_Allreduce");
  if (all != 0) return std::unique_ptr<Window>(new Window(window));
  if (mine != 0) reason = fmt::format("mpi:{}: another rank has no window", device_name);
  return nullptr;
}

// One epoch for the window's whole life; nobody ever locks it for itself alone.
Window::Window(MPI_Win window) : window_(window) {
  check(MPI_Win_lock_all(MPI_MODE_NOCHECK, window_), "MPI_Win_lock_all");
}

void Window::attach(std::byte* data, std::size_t bytes) {
  for (Region& region : regions_) {
    if (contains(region.data, region.bytes, data, bytes)) {
      ++region.uses;
      return;
    }
    if (data < region.data + region.bytes && region.data < data + bytes)
      throw RunError("mpi: exposed memory overlaps other exposed memory in part");
  }
  if (regions_.size() == most_regions)
    throw RunError(fmt::format("mpi: more than {} memories are exposed at a time", most_regions));
  check(MPI_Win_attach(window_, data, static_cast<MPI_Aint>(bytes)), "MPI_Win_attach");
  regions_.push_back({data, bytes, 1});
}

// Local in MPI's words, yet Open MPI takes a lock for it, which a lost peer may hold: a launch that has
// broken leaves its memory attached.
void Window::detach(const std::byte* data, std::size_t bytes) noexcept {
  const auto region = std::ranges::find_if(
      regions_, [&](const Region& each) { return contains(each.data, each.bytes, data, bytes); });
  if (region == regions_.end() || --region->uses > 0) return;
  if (!forgoes_finalize()) MPI_Win_detach(window_, region->data);
  regions_.erase(region);
}

void Window::close() {
  regions_.clear();
  check(MPI_Win_unlock_all(window_), "MPI_Win_unlock_all");
  check(MPI_Win_free(&window_), "MPI_Win_free");
}

}  // namespace podbench::mpi
