#include "transports/tcp/poller.hpp"

#include <sys/epoll.h>

#include <array>
#include <cerrno>

#include "base/error.hpp"

namespace podbench::tcp {
namespace {

int wait_for_events(int epoll, std::array<epoll_event, 64>& events, std::chrono::microseconds span) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span);
  const timespec timeout{seconds.count(), std::chrono::nanoseconds(span - seconds).count()};
  int count = epoll_pwait2(epoll, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
  if (count < 0 && errno == ENOSYS) {  // before Linux 5.11: milliseconds, rounded up
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(span);
    count = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), static_cast<int>(ms.count()));
  }
  return count;
}

}  // namespace

Poller::Poller() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_.get() >= 0) return;
  if (errno == EMFILE || errno == ENFILE) throw_too_few_descriptors(errno);
  throw system_error("make an epoll descriptor", errno);
}

void Poller::add(int descriptor, EventTarget& target) {
  control(EPOLL_CTL_ADD, descriptor, target);
}

void Poller::hand_over(int descriptor, EventTarget& target) {
  control(EPOLL_CTL_MOD, descriptor, target);
}

void Poller::control(int operation, int descriptor, EventTarget& target) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &target;
  if (epoll_ctl(epoll_.get(), operation, descriptor, &event) != 0)
    throw system_error("watch a TCP socket", errno);
}

void Poller::dispatch(std::chrono::microseconds span) {
  std::array<epoll_event, 64> events;
  const int count = wait_for_events(epoll_.get(), events, span);
  if (count < 0 && errno != EINTR) throw system_error("wait for TCP sockets", errno);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    static_cast<EventTarget*>(event.data.ptr)->on_events(event.events);
  }
}

}  // namespace podbench::tcp
