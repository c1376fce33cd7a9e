// The words for providers, and whose shared-memory files are swept.
#include "transports/libfabric/info.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "transports/libfabric/region_names.hpp"

namespace podbench::libfabric {
namespace {

// A list of offers by these providers, as fi_getinfo gives them.
Info offers_of(std::initializer_list<const char*> providers) {
  Info first;
  fi_info* last = nullptr;
  for (const char* provider : providers) {
    fi_info* offer = fi_allocinfo();
    offer->fabric_attr->prov_name = strdup(provider);
    if (last == nullptr)
      first.reset(offer);
    else
      last->next = offer;
    last = offer;
  }
  return first;
}

using Words = std::vector<std::pair<std::string, std::string>>;

TEST(ProviderWords, AStackGoesByTheNameOfItsBottom) {
  const Info offers = offers_of({"verbs;ofi_rxm", "tcp;ofi_rxm", "tcp;ofi_rxm", "udp;ofi_rxd"});
  EXPECT_EQ(words_of(offers.get()),
            (Words{{"verbs", "verbs;ofi_rxm"}, {"tcp", "tcp;ofi_rxm"}, {"udp", "udp;ofi_rxd"}}));
}

TEST(ProviderWords, AProviderThatNeedsNoHelperKeepsItsNameWhereverItStands) {
  const Info offers = offers_of({"net;ofi_rxm", "net", "shm"});
  EXPECT_EQ(words_of(offers.get()), (Words{{"net+rxm", "net;ofi_rxm"}, {"net", "net"}, {"shm", "shm"}}));
}

TEST(ProviderWords, TwoHelpersOnOneProviderAreTold) {
  const Info offers = offers_of({"verbs;ofi_rxm", "verbs;ofi_rxd"});
  EXPECT_EQ(words_of(offers.get()), (Words{{"verbs", "verbs;ofi_rxm"}, {"verbs+rxd", "verbs;ofi_rxd"}}));
}

TEST(ProviderWords, NothingOfferedHasNoWords) {
  EXPECT_TRUE(words_of(nullptr).empty());
}

// A launch of two ranks, on one node or two.
class Pair final : public Rendezvous {
 public:
  Pair(std::string address, bool one_node) : address_(std::move(address)), one_node_(one_node) {}
  [[nodiscard]] int rank() const noexcept override { return 0; }
  [[nodiscard]] int size() const noexcept override { return 2; }
  void publish(std::string_view, std::span<const std::byte>) override {}
  void fence(Deadline) override {}
  [[nodiscard]] Blob lookup(int, std::string_view, Deadline) override { return {}; }
  [[nodiscard]] const std::string& host(int) const override { return address_; }
  [[nodiscard]] int node(int rank) const override { return one_node_ ? 0 : rank; }
  [[nodiscard]] const std::string& address() const noexcept override { return address_; }
  [[nodiscard]] const std::string& launch_id() const noexcept override { return address_; }
  [[noreturn]] void abort(int, std::string_view) noexcept override { std::abort(); }
  [[noreturn]] void report_stall(std::span<const int>, std::string_view) noexcept override { std::abort(); }

 private:
  std::string address_;
  bool one_node_;
};

bool is_here(const std::string& wanted) {
  const Info offers = query({});
  for (const auto& [word, provider] : words_of(offers.get()))
    if (word == wanted) return true;
  return false;
}

TEST(ChosenInterface, IsTheOneWithTheAddress) {
  if (!is_here("tcp")) GTEST_SKIP() << "no tcp provider here";
  EXPECT_EQ(source_of(*choose("tcp", Pair("127.0.0.1", true))), "127.0.0.1");
  EXPECT_THROW(static_cast<void>(choose("tcp", Pair("203.0.113.77", true))), RunError);
}

TEST(ChosenInterface, OnOneNodeWithoutAnAddressIsTheLoopback) {
  if (!is_here("tcp")) GTEST_SKIP() << "no tcp provider here";
  EXPECT_EQ(source_of(*choose("tcp", Pair("", true))), "127.0.0.1");
}

TEST(ChosenInterface, OnTwoNodesASharedMemoryProviderIsRefused) {
  if (!is_here("shm")) GTEST_SKIP() << "no shm provider here";
  EXPECT_NO_THROW(static_cast<void>(choose("shm", Pair("127.0.0.1", true))));
  EXPECT_THROW(static_cast<void>(choose("shm", Pair("127.0.0.1", false))), RunError);
}

TEST(ChosenInterface, AnUnknownWordIsAPersonsMistake) {
  EXPECT_THROW(static_cast<void>(choose("tpc", Pair("127.0.0.1", true))), RequestError);
}

// Makes the file that an endpoint of process `owner` would have.
std::filesystem::path region_of(pid_t owner, const std::string& unique) {
  const Info offer(fi_allocinfo());
  offer->src_addr = strdup("fi_shm://1");
  set_region_name(*offer, unique);
  std::string name = static_cast<const char*>(offer->src_addr);
  name.erase(0, name.find("://") + 3);
  const std::string self = "-" + std::to_string(getpid()) + "-";
  name.replace(name.find(self), self.size(), "-" + std::to_string(owner) + "-");
  const std::filesystem::path file = std::filesystem::path("/dev/shm") / name;
  std::ofstream(file) << "region";
  return file;
}

TEST(RegionNames, OnlyTheDeadAreSwept) {
  const pid_t dead = fork();
  if (dead == 0) _exit(0);
  ASSERT_EQ(waitpid(dead, nullptr, 0), dead);
  const auto left_behind = region_of(dead, "sweep-test"), in_use = region_of(getpid(), "sweep-test");
  remove_dead_regions();
  EXPECT_FALSE(std::filesystem::exists(left_behind));
  EXPECT_TRUE(std::filesystem::exists(in_use));
  std::filesystem::remove(in_use);
}

TEST(RegionNames, AreGivenOnlyToNamedEndpoints) {
  const Info offer(fi_allocinfo());
  EXPECT_FALSE(has_region_name(*offer));
  offer->addr_format = FI_ADDR_STR;
  offer->src_addr = strdup("fi_shm://1");
  EXPECT_TRUE(has_region_name(*offer));
}

}  // namespace
}  // namespace podbench::libfabric
