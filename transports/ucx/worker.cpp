#include "transports/ucx/worker.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <cstdlib>
#include <memory>
#include <span>
#include <string>

#include "transports/ucx/devices.hpp"
#include "transports/ucx/interface.hpp"
#include "transports/ucx/log.hpp"
#include "transports/ucx/status.hpp"
#include "transports/ucx/tag.hpp"

namespace podbench::ucx {
namespace {

using Config = std::unique_ptr<ucp_config_t, decltype(&ucp_config_release)>;

int ranks_on_this_node(const Rendezvous& rendezvous) {
  int ranks = 0;
  const int here = rendezvous.node(rendezvous.rank());
  for (int rank = 0; rank < rendezvous.size(); ++rank) ranks += rendezvous.node(rank) == here ? 1 : 0;
  return ranks;
}

void set(const Config& config, const char* name, const std::string& value) {
  check(ucp_config_modify(config.get(), name, value.c_str()), fmt::format("set UCX_{}={}", name, value));
}

// Where a rendezvous saves no copy, UCX's own estimate asks for one from 8 to 64 KiB on: over sockets
// messages of 32 KiB then take three times as long, over posix a third longer. From here on it pays.
constexpr auto copied_eagerly = "512K";

// The user's UCX_ variables, with what the device's word says on top.
Config configure(std::string_view device, const Rendezvous& rendezvous) {
  ucp_config_t* read = nullptr;
  check(ucp_config_read(nullptr, nullptr, &read), "read the UCX_ variables");
  Config config(read, ucp_config_release);
  const Setting setting = setting_of(device);
  if (!setting.transports.empty()) set(config, "TLS", setting.transports);
  if (setting.uses_interface && std::getenv("UCX_NET_DEVICES") == nullptr)
    if (const std::string interface = interface_for(rendezvous); !interface.empty())
      set(config, "NET_DEVICES", interface);
  if (setting.copies && std::getenv("UCX_RNDV_THRESH") == nullptr) set(config, "RNDV_THRESH", copied_eagerly);
  return config;
}

}  // namespace

Worker::Worker(std::string_view device, const Rendezvous& rendezvous, bool crowded) {
  take_over_log();
  try {
    open_context(device, rendezvous, crowded);
    open_worker(crowded);
  } catch (...) {
    if (worker_ != nullptr) ucp_worker_destroy(worker_);
    if (context_ != nullptr) ucp_cleanup(context_);
    throw;
  }
}

Worker::~Worker() {
  ucp_worker_destroy(worker_);
  ucp_cleanup(context_);
}

void Worker::open_context(std::string_view device, const Rendezvous& rendezvous, bool wakeup) {
  const Config config = configure(device, rendezvous);
  ucp_params_t params{};
  params.field_mask = UCP_PARAM_FIELD_FEATURES | UCP_PARAM_FIELD_TAG_SENDER_MASK |
                      UCP_PARAM_FIELD_ESTIMATED_NUM_EPS | UCP_PARAM_FIELD_ESTIMATED_NUM_PPN;
  params.features = UCP_FEATURE_TAG | UCP_FEATURE_RMA;
  if (wakeup) params.features |= UCP_FEATURE_WAKEUP;
  params.tag_sender_mask = tag_sender_mask;
  params.estimated_num_eps = static_cast<std::size_t>(rendezvous.size());
  params.estimated_num_ppn = static_cast<std::size_t>(ranks_on_this_node(rendezvous));
  check(ucp_init(&params, config.get(), &context_), fmt::format("open device {}", device));

  ucp_context_attr_t attributes{};
  attributes.field_mask = UCP_ATTR_FIELD_REQUEST_SIZE;
  check(ucp_context_query(context_, &attributes), "ask for the size of a request");
  request_bytes_ = attributes.request_size;
}

void Worker::open_worker(bool wakeup) {
  ucp_worker_params_t params{};
  params.field_mask = UCP_WORKER_PARAM_FIELD_THREAD_MODE;
  params.thread_mode = UCS_THREAD_MODE_SINGLE;
  check(ucp_worker_create(context_, &params, &worker_), "create a worker");
  if (wakeup) check(ucp_worker_get_efd(worker_, &event_descriptor_), "get the worker's descriptor");
}

Blob Worker::address() const {
  ucp_address_t* address = nullptr;
  std::size_t bytes = 0;
  check(ucp_worker_get_address(worker_, &address, &bytes), "get the worker's address");
  const auto* first = reinterpret_cast<const std::byte*>(address);
  Blob copy(first, first + bytes);
  ucp_worker_release_address(worker_, address);
  return copy;
}

void Worker::block(std::chrono::microseconds span) const {
  // Busy means that something has arrived meanwhile: look at it rather than sleep.
  if (ucp_worker_arm(worker_) != UCS_OK) return;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span);
  const timespec timeout{seconds.count(), std::chrono::nanoseconds(span - seconds).count()};
  pollfd descriptor{event_descriptor_, POLLIN, 0};
  ppoll(&descriptor, 1, &timeout, nullptr);
}

}  // namespace podbench::ucx
