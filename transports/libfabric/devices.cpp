#include "transports/libfabric/devices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "transports/libfabric/info.hpp"

namespace podbench::libfabric {
namespace {

std::string detail_of(const std::string& provider, const fi_info* offers) {
  std::vector<std::string> domains;
  for (const fi_info* offer = offers; offer != nullptr; offer = offer->next)
    if (provider == offer->fabric_attr->prov_name &&
        std::ranges::find(domains, offer->domain_attr->name) == domains.end())
      domains.emplace_back(offer->domain_attr->name);
  return fmt::format("provider {}: {}", provider, fmt::join(domains, ", "));
}

// Every provider that this libfabric was built with; helpers and hooks are no providers of their own.
std::vector<std::string> providers_of_library() {
  fi_info* first = nullptr;
  if (fi_getinfo(FI_VERSION(1, 15), nullptr, nullptr, FI_PROV_ATTR_ONLY, nullptr, &first) != 0) return {};
  const Info all(first);
  std::vector<std::string> names;
  for (const fi_info* entry = all.get(); entry != nullptr; entry = entry->next)
    if (const std::string name = entry->fabric_attr->prov_name;
        !name.starts_with("ofi_") && std::ranges::find(names, name) == names.end())
      names.push_back(name);
  return names;
}

}  // namespace

std::vector<Device> list_devices() {
  const Info offers = query({});
  std::vector<Device> devices;
  std::set<std::string> here;
  for (const auto& [word, provider] : words_of(offers.get())) {
    devices.push_back({word, detail_of(provider, offers.get()), "", {}});
    here.insert(provider.substr(0, provider.find(';')));
  }
  for (const std::string& name : providers_of_library())
    if (!here.contains(name))
      devices.push_back({name,
                         "",
                         fmt::format("no device of its kind here, or none with ordered tagged messages; "
                                     "`fi_info -p {}` says more",
                                     name),
                         {}});
  return devices;
}

}  // namespace podbench::libfabric
