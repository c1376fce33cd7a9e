#include "transports/opening.hpp"

#include <fmt/format.h>

#include <chrono>
#include <future>
#include <map>
#include <mutex>

namespace podbench {

std::string opening_key(const Rendezvous& rendezvous, std::string_view transport) {
  static std::mutex mutex;
  static std::map<std::string, int> openings;
  const std::lock_guard lock(mutex);
  const std::string who = fmt::format("{}/{}/{}", transport, rendezvous.launch_id(), rendezvous.rank());
  return fmt::format("{}/{}", transport, openings[who]++);
}

void fence_progressing(Rendezvous& rendezvous, Deadline deadline, const std::function<void()>& progress) {
  std::future<void> fence =
      std::async(std::launch::async, [&rendezvous, deadline] { rendezvous.fence(deadline); });
  // The wait gives the core away between two rounds: what is left to deliver is little, and ranks may share.
  while (fence.wait_for(std::chrono::microseconds(20)) != std::future_status::ready) progress();
  fence.get();
}

}  // namespace podbench
