// The words for UCX's transports, and the interface of a launch.
#include "transports/ucx/devices.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "base/error.hpp"
#include "transports/ucx/interface.hpp"
#include "transports/ucx/tag.hpp"

namespace podbench::ucx {
namespace {

const Device* find(const std::vector<Device>& devices, std::string_view name) {
  const auto found = std::ranges::find(devices, name, &Device::name);
  return found == devices.end() ? nullptr : &*found;
}

TEST(UcxDevices, WhatUcxChoosesComesFirstAndUnusableOnesLast) {
  const std::vector<Device> devices = list_devices();
  ASSERT_FALSE(devices.empty());
  EXPECT_EQ(devices.front().name, "auto");
  EXPECT_TRUE(std::ranges::is_partitioned(
      devices, [](const Device& device) { return device.unusable_reason.empty(); }));
}

TEST(UcxDevices, EachNameIsListedOnce) {
  std::vector<std::string> names;
  for (const Device& device : list_devices()) names.push_back(device.name);
  std::ranges::sort(names);
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
}

TEST(UcxDevices, ADetailSaysWhatIsSet) {
  const std::vector<Device> devices = list_devices();
  const Device* cma = find(devices, "cma");
  ASSERT_NE(cma, nullptr);
  EXPECT_NE(cma->detail.find("UCX_TLS=" + setting_of("cma").transports), std::string::npos);
}

TEST(UcxDevices, ASettingLetsARankTalkToItself) {
  for (const Device& device : list_devices()) {
    const std::string transports = setting_of(device.name).transports;
    EXPECT_TRUE(device.name == "auto" ? transports.empty() : transports.ends_with(",self")) << device.name;
  }
}

TEST(UcxDevices, OnlySocketsNeedAnInterface) {
  EXPECT_TRUE(setting_of("tcp").uses_interface);
  EXPECT_FALSE(setting_of("posix").uses_interface);
  EXPECT_TRUE(setting_of("posix").copies && setting_of("tcp").copies);
  EXPECT_FALSE(setting_of("cma").copies || setting_of("auto").copies);
}

TEST(UcxDevices, AnUnknownWordIsAPersonsMistake) {
  try {
    static_cast<void>(setting_of("posx"));
    FAIL() << "nothing was thrown";
  } catch (const RequestError& error) {
    EXPECT_NE(std::string(error.what()).find("posix"), std::string::npos) << error.what();
  }
}

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

TEST(UcxInterface, IsTheOneWithTheAddress) {
  const std::string loopback = interface_for(Pair("127.0.0.1", false));
  EXPECT_FALSE(loopback.empty());
  EXPECT_EQ(interface_for(Pair("", true)), loopback);
  EXPECT_EQ(interface_for(Pair("", false)), "");
  EXPECT_THROW(static_cast<void>(interface_for(Pair("203.0.113.77", true))), RunError);
}

TEST(UcxTags, SenderAndTagComeBackApart) {
  for (const int sender : {0, 1, 99'999, 0x7fffffff})
    for (const std::uint16_t tag : {std::uint16_t{0}, std::uint16_t{7}, largest_tag}) {
      EXPECT_EQ(sender_of(tag_of(sender, tag)), sender);
      EXPECT_EQ(tag_of(sender, tag) & tag_sender_mask, tag_of(sender, 0));
    }
}

}  // namespace
}  // namespace podbench::ucx
