#include "transports/libfabric/info.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <new>

#include "base/error.hpp"
#include "base/names.hpp"
#include "transports/libfabric/error.hpp"

namespace podbench::libfabric {
namespace {

// The interface of libfabric that this code was written against.
constexpr std::uint32_t api_version = FI_VERSION(1, 15);

constexpr std::string_view helper_prefix = "ofi_";

std::string_view provider_of(const fi_info& offer) {
  return offer.fabric_attr->prov_name;
}

bool on_one_node(const Rendezvous& rendezvous) {
  for (int rank = 1; rank < rendezvous.size(); ++rank)
    if (rendezvous.node(rank) != rendezvous.node(0)) return false;
  return true;
}

// The provider behind a word.
std::string provider_named(std::string_view device, const fi_info* offers) {
  std::vector<std::string> known;
  for (const auto& [word, provider] : words_of(offers)) {
    if (word == device) return provider;
    known.push_back(word);
  }
  throw RequestError(unknown_name("libfabric device", device, known));
}

// Whether an offer's source is the one that the launch wants.
bool is_wanted(const fi_info& offer, const std::string& address, bool one_node) {
  const std::string source = source_of(offer);
  if (source.empty()) return true;
  if (!address.empty()) return source == address;
  return (source == "127.0.0.1") == one_node;
}

}  // namespace

Info query(Wish wish) {
  const Info hints(fi_allocinfo());
  if (!hints) throw std::bad_alloc();
  hints->ep_attr->type = FI_EP_RDM;
  hints->caps = FI_TAGGED;
  hints->mode = FI_CONTEXT | FI_CONTEXT2;
  hints->tx_attr->msg_order = hints->rx_attr->msg_order = FI_ORDER_SAS;
  // All that a Memory can honour; raw keys and notified page faults are not among it.
  hints->domain_attr->mr_mode =
      FI_MR_LOCAL | FI_MR_VIRT_ADDR | FI_MR_ALLOCATED | FI_MR_PROV_KEY | FI_MR_ENDPOINT;
  // One thread, which makes progress itself: no locks, no helper threads.
  hints->domain_attr->threading = FI_THREAD_DOMAIN;
  hints->domain_attr->control_progress = hints->domain_attr->data_progress = FI_PROGRESS_MANUAL;
  hints->domain_attr->resource_mgmt = FI_RM_ENABLED;
  if (wish.other_nodes) hints->caps |= FI_REMOTE_COMM;
  if (wish.one_sided) {
    hints->caps |= FI_RMA;
    hints->tx_attr->op_flags = FI_DELIVERY_COMPLETE;
  }
  fi_info* offers = nullptr;
  const int result = fi_getinfo(api_version, nullptr, nullptr, 0, hints.get(), &offers);
  if (result == -FI_ENODATA) return nullptr;
  check(result, "ask for providers");
  return Info(offers);
}

std::vector<std::pair<std::string, std::string>> words_of(const fi_info* offers) {
  std::vector<std::string> providers;
  for (const fi_info* offer = offers; offer != nullptr; offer = offer->next)
    if (std::ranges::find(providers, provider_of(*offer)) == providers.end())
      providers.emplace_back(provider_of(*offer));
  std::vector<std::pair<std::string, std::string>> words;
  for (const std::string& provider : providers) {
    const std::size_t split = provider.find(';');
    std::string word = provider.substr(0, split);
    const auto taken = [&](const auto& other) { return other.first == word; };
    if (split != std::string::npos &&
        (std::ranges::find(providers, word) != providers.end() || std::ranges::any_of(words, taken))) {
      std::string helper = provider.substr(split + 1);
      if (helper.starts_with(helper_prefix)) helper.erase(0, helper_prefix.size());
      word += "+" + helper;
    }
    words.emplace_back(std::move(word), provider);
  }
  return words;
}

std::string source_of(const fi_info& offer) {
  const auto* address = static_cast<const sockaddr*>(offer.src_addr);
  const bool internet = offer.addr_format == FI_SOCKADDR || offer.addr_format == FI_SOCKADDR_IN ||
                        offer.addr_format == FI_SOCKADDR_IN6;
  if (address == nullptr || !internet) return {};
  const void* raw = nullptr;
  if (address->sa_family == AF_INET)
    raw = &reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
  else if (address->sa_family == AF_INET6)
    raw = &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (raw == nullptr || inet_ntop(address->sa_family, raw, text.data(), text.size()) == nullptr) return {};
  return text.data();
}

Info choose(std::string_view device, const Rendezvous& rendezvous) {
  const std::string provider = provider_named(device, query({}).get());
  const bool one_node = on_one_node(rendezvous);
  for (const bool one_sided : {true, false}) {
    const Info offers = query({one_sided, !one_node});
    for (const fi_info* offer = offers.get(); offer != nullptr; offer = offer->next) {
      if (provider_of(*offer) != provider || !is_wanted(*offer, rendezvous.address(), one_node)) continue;
      Info chosen(fi_dupinfo(offer));
      if (!chosen) throw std::bad_alloc();
      // Delivery complete was asked for to see whether it is there; only puts pay for it.
      chosen->tx_attr->op_flags = 0;
      return chosen;
    }
  }
  throw RunError(
      fmt::format("libfabric:{} has no interface{}{}", device, one_node ? "" : " to other nodes",
                  rendezvous.address().empty() ? "" : " with the address " + rendezvous.address()));
}

}  // namespace podbench::libfabric
