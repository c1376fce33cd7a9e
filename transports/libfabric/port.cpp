#include "transports/libfabric/port.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <rdma/fi_cm.h>

#include "base/error.hpp"
#include "transports/libfabric/error.hpp"
#include "transports/libfabric/info.hpp"
#include "transports/libfabric/region_names.hpp"

namespace podbench::libfabric {
namespace {

constexpr std::size_t largest_address_bytes = 4096;

}  // namespace

Port::Port(std::string_view device, const Rendezvous& rendezvous, const std::string& name, bool crowded)
    : info_(choose(device, rendezvous)) {
  if (has_region_name(*info_)) {
    remove_dead_regions();
    set_region_name(*info_, name);
  }
  fid_fabric* fabric = nullptr;
  check(fi_fabric(info_->fabric_attr, &fabric, nullptr), fmt::format("open fabric of device {}", device));
  fabric_.reset(fabric);
  fid_domain* domain = nullptr;
  check(fi_domain(fabric, info_.get(), &domain, nullptr), fmt::format("open domain of device {}", device));
  domain_.reset(domain);

  fi_av_attr address_attributes{};
  address_attributes.type = info_->domain_attr->av_type;
  address_attributes.count = static_cast<std::size_t>(rendezvous.size());
  fid_av* addresses = nullptr;
  check(fi_av_open(domain, &address_attributes, &addresses, nullptr), "open the address vector");
  addresses_.reset(addresses);

  open_completions(crowded);

  fid_ep* endpoint = nullptr;
  check(fi_endpoint(domain, info_.get(), &endpoint, nullptr), "make an endpoint");
  endpoint_.reset(endpoint);
  check(fi_ep_bind(endpoint, &addresses->fid, 0), "bind the address vector");
  check(fi_ep_bind(endpoint, &completions_->fid, FI_TRANSMIT | FI_RECV), "bind the completion queue");
  check(fi_enable(endpoint), "enable the endpoint");
}

void Port::open_completions(bool with_descriptor) {
  fi_cq_attr attributes{};
  attributes.size = info_->tx_attr->size + info_->rx_attr->size;
  attributes.format = FI_CQ_FORMAT_CONTEXT;
  attributes.wait_obj = with_descriptor ? FI_WAIT_FD : FI_WAIT_NONE;
  fid_cq* completions = nullptr;
  int result = fi_cq_open(domain_.get(), &attributes, &completions, nullptr);
  if (result < 0 && with_descriptor) {
    attributes.wait_obj = FI_WAIT_NONE;
    result = fi_cq_open(domain_.get(), &attributes, &completions, nullptr);
  }
  check(result, "open a completion queue");
  completions_.reset(completions);
  // Some providers open such a queue and then have no descriptor for it; waiting goes without.
  if (attributes.wait_obj == FI_WAIT_FD && fi_control(&completions->fid, FI_GETWAIT, &descriptor_) != 0)
    descriptor_ = -1;
}

Blob Port::address() const {
  Blob address(largest_address_bytes);
  std::size_t bytes = address.size();
  check(fi_getname(&endpoint_->fid, address.data(), &bytes), "get the endpoint's address");
  address.resize(bytes);
  return address;
}

fi_addr_t Port::insert(int rank, const Blob& address) {
  if (address.empty() || address.size() > largest_address_bytes)
    throw LostPeer(rank, fmt::format("libfabric: rank {} published no address", rank));
  // Textual addresses are read up to their end.
  Blob terminated = address;
  terminated.push_back(std::byte{0});
  fi_addr_t inserted = FI_ADDR_NOTAVAIL;
  const int count = fi_av_insert(addresses_.get(), terminated.data(), 1, &inserted, 0, nullptr);
  check(count, fmt::format("insert the address of rank {}", rank));
  if (count != 1)
    throw LostPeer(rank, fmt::format("libfabric: the address of rank {} is not accepted", rank),
                   FI_EADDRNOTAVAIL);
  return inserted;
}

void Port::block(std::chrono::microseconds span) {
  fid* queue = &completions_->fid;
  // Refused where something has arrived meanwhile: look at it rather than sleep.
  if (fi_trywait(fabric_.get(), &queue, 1) != FI_SUCCESS) return;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span);
  const timespec timeout{seconds.count(), std::chrono::nanoseconds(span - seconds).count()};
  pollfd descriptor{descriptor_, POLLIN, 0};
  ppoll(&descriptor, 1, &timeout, nullptr);
}

}  // namespace podbench::libfabric
